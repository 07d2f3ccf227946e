// The tools that are compared: how each is told to bring the same placements to the same target.
//
// A job is { placements, imageSet, target, workspace, env }: tools that read image sets get the image set, the others a list
// of the same copies. `slow` tools start a process for each image; they copy a part, and their time is scaled up.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

function isOnPath(command, words) {
  return spawnSync(command, words, { stdio: 'ignore' }).status === 0;
}

function writeJob(workspace, name, text) {
  mkdirSync(workspace, { recursive: true });
  const path = join(workspace, name);
  writeFileSync(path, text);
  return path;
}

function destinationOf({ target }, { repository, tag }) {
  return `${target}/${repository}:${tag}`;
}

/** Registries of a job, as regsync names them. */
function hostsOf({ placements, target }) {
  return [...new Set([target, ...placements.map(({ source }) => source.split('/', 1)[0])])];
}

const regsync = {
  name: 'regsync',
  settings: 'parallel 16, 16 requests at once to each registry',
  isHere: () => isOnPath('regsync', ['version']),
  prepare(job) {
    const config = {
      version: 1,
      creds: hostsOf(job).map((registry) => ({ registry, tls: 'disabled', reqConcurrent: 16 })),
      defaults: { parallel: 16, skipDockerConfig: true },
      sync: job.placements.map((one) => ({
        source: one.source,
        target: destinationOf(job, one),
        type: 'image',
      })),
    };
    const path = writeJob(job.workspace, 'regsync.yaml', JSON.stringify(config));
    return { command: ['regsync', 'once', '--verbosity', 'warn', '--config', path] };
  },
};

/** A tool that copies one image at a time, started for each by xargs. */
function eachImage(name, { version, atOnce, transport, words }) {
  return {
    name,
    slow: true,
    settings: `one process for each image, ${atOnce} at once`,
    isHere: () => isOnPath(name, [version]),
    prepare(job) {
      const pairs = job.placements.map((one) => [
        `${transport}${one.source}`,
        `${transport}${destinationOf(job, one)}`,
      ]);
      if (pairs.length === 1) return { command: [name, ...words, ...pairs.flat()] };
      const input = writeJob(job.workspace, 'pairs.txt', `${pairs.flat().join('\n')}\n`);
      return { command: ['xargs', '-P', `${atOnce}`, '-n', '2', name, ...words], input };
    },
  };
}

const crane = eachImage('crane', {
  version: 'version',
  atOnce: 8,
  transport: '',
  words: ['copy', '--insecure'],
});

const skopeo = eachImage('skopeo', {
  version: '--version',
  atOnce: 8,
  transport: 'docker://',
  words: [
    'copy',
    '-q',
    '--preserve-digests',
    '--insecure-policy',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
  ],
});

const plainHttp = ['--src-tls-verify=false', '--dest-tls-verify=false'];

const ocMirror = {
  name: 'oc-mirror',
  settings: 'its defaults, no layers or images limited',
  isHere: () => isOnPath('oc-mirror', ['version', '--v2']),
  prepare({ imageSet, workspace, target, env }) {
    mkdirSync(workspace, { recursive: true });
    const cache = ['--cache-dir', join(workspace, 'cache')];
    const words = ['--v2', '-c', imageSet, '--workspace', `file://${workspace}`, ...cache];
    return { command: ['oc-mirror', ...words, ...plainHttp, `docker://${target}`], env };
  },
  look(job) {
    const { command, env } = this.prepare(job);
    return { command: [...command, '--dry-run'], env };
  },
};

/** Creates our own; `entry` is the JavaScript to run, `profile` a directory for processor profiles. */
export function createOurs({ entry, profile }) {
  const path = entry ? resolve(entry) : join(root, 'dist/cli/index.js');
  const node = profile ? ['--cpu-prof', '--cpu-prof-dir', resolve(profile)] : [];
  const run = (words, { workspace, target, env }) => ({
    command: [
      ...[process.execPath, ...node, path, ...words],
      ...['--workspace', `file://${workspace}`, ...plainHttp, `docker://${target}`],
    ],
    env,
  });
  return {
    name: 'imageset-mirror',
    settings: 'its defaults',
    isHere: () => existsSync(path),
    prepare: (job) => run(['-c', job.imageSet], job),
    look: (job) => run(['plan', '-c', job.imageSet], job),
    plan: (job, before) => run(['plan', '-c', job.imageSet, '--before', before], job),
    apply(job) {
      const plan = join(job.workspace, 'working-dir', 'plan', 'plan.json');
      return run(['apply', '--plan', plan, '-c', job.imageSet], job);
    },
  };
}

export const peers = [regsync, crane, skopeo, ocMirror];
