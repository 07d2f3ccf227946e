import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConfigFile } from '../../src/run/index.ts';
import { hasDockerRegistry } from '../support/docker-registry.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import { hasOcMirror, runOcMirror } from '../support/oc-mirror.ts';
import { operatorsConfig, publishCatalog } from '../support/operators.ts';

const isThere = hasOcMirror() && hasDockerRegistry();
if (!isThere)
  process.stdout.write('oc-mirror or Distribution is missing: no exchange of deletes.\n');

const channels = {
  'stable-4.14': ['4.14.1', '4.14.2', '4.14.3'],
  'stable-4.15': ['4.14.3', '4.15.1', '4.15.2', '4.15.3'],
  'stable-4.16': ['4.15.3', '4.16.1', '4.16.2', '4.16.3'],
};

function releasesConfig(...entries: readonly string[]): ConfigFile {
  const lines = entries.map((entry) => {
    const [name, min, max] = entry.split(' ');
    return `      - {name: ${name}, minVersion: ${min}, maxVersion: ${max}}`;
  });
  const head = ['kind: ImageSetConfiguration', 'apiVersion: mirror.openshift.io/v2alpha1'];
  const text = [...head, 'mirror:', '  platform:', '    channels:', ...lines, ''].join('\n');
  return { name: 'isc.yaml', text };
}

const makeWorld = async () =>
  await makeLab({ kind: 'docker', upstream: { channels, components: 3, shared: 1 } });

type Tool = 'oc-mirror' | 'this tool';

/** Mirrors by one of the tools into the lab's workspace; gives the home of oc-mirror. */
async function mirrorBy(tool: Tool, lab: Lab, file: ConfigFile): Promise<string> {
  const home = join(dirname(lab.workspace), 'home');
  mkdirSync(home, { recursive: true });
  if (tool === 'this tool') {
    await lab.mirror([file]);
    return home;
  }
  const path = join(home, file.name);
  writeFileSync(path, file.text);
  const words = ['-c', path, '--remove-signatures=true', ...placesOf(lab)];
  await runOcMirror(lab, home, words);
  return home;
}

const placesOf = ({ workspace, target }: Lab) => [
  '--workspace',
  `file://${dirname(workspace)}`,
  `docker://${target.host}`,
];

const places = (text: string) => [...text.matchAll(/imageReference: (\S+)/g)].map(([, one]) => one);

/** Gives every published configuration to oc-mirror; gives what it would delete, and what this tool's list has. */
async function exchange(tool: Tool, lab: Lab, [old, now]: readonly [ConfigFile, ConfigFile]) {
  const home = await mirrorBy(tool, lab, old);
  const { files } = await lab.plan(change([old], [now]));
  const published = [...files].filter(([name]) => name.startsWith('delete-imageset-config'));
  const theirs: (string | undefined)[] = [];
  for (const [index, [, text]] of published.entries()) {
    const path = join(home, 'disc.yaml');
    writeFileSync(path, text);
    const id = ['--delete-id', String(index)];
    await runOcMirror(lab, home, ['delete', '--generate', '-c', path, ...id, ...placesOf(lab)]);
    const list = join(lab.workspace, 'delete', `delete-images-${index}.yaml`);
    theirs.push(...places(readFileSync(list, 'utf8')));
  }
  const ours = places(files.get('delete-images.yaml') ?? '');
  return { files: published.length, theirs: theirs.sort(), ours: ours.sort() };
}

describe.skipIf(!isThere)('what a plan publishes is taken by oc-mirror', () => {
  it.each(['oc-mirror', 'this tool'] as const)(
    'where several release channels change, in a workspace of %s',
    { timeout: 120_000 },
    async (tool) => {
      const lab = await makeWorld();
      const old = releasesConfig(
        'stable-4.14 4.14.1 4.14.3',
        'stable-4.15 4.15.1 4.15.3',
        'stable-4.16 4.16.1 4.16.3',
      );
      const now = releasesConfig('stable-4.15 4.15.2 4.15.3');
      const { theirs, ours } = await exchange(tool, lab, [old, now]);
      expect(theirs).toEqual(expect.arrayContaining(ours));
      const gone = ['4.14.1', '4.14.2', '4.14.3', '4.15.1', '4.16.1', '4.16.2', '4.16.3'];
      expect(theirs.filter((place) => place?.includes('/release-images:'))).toEqual(
        gone.map((one) => `docker://${lab.target.host}/openshift/release-images:${one}-x86_64`),
      );
    },
  );

  it.each(['oc-mirror', 'this tool'] as const)(
    'in one file where a catalog is narrowed, in a workspace of %s',
    { timeout: 120_000 },
    async (tool) => {
      const lab = await makeWorld();
      const versions = ['1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0'];
      await publishCatalog(lab, 'acme/index:v1', [
        { name: 'acm', versions },
        { name: 'kiali', versions: ['1.0.0'] },
      ]);
      const catalog = `catalog: "${lab.source.host}/acme/index:v1"`;
      const [old, now] = [
        `{${catalog}, packages: [{name: acm}, {name: kiali}], full: true}`,
        `{${catalog}, packages: [{name: acm, minVersion: 1.1.0, maxVersion: 2.0.0}]}`,
      ].map((entry) => operatorsConfig([entry], 'isc.yaml'));
      if (!old || !now) throw new Error('no files');
      const { files, theirs, ours } = await exchange(tool, lab, [old, now]);
      expect(files).toBe(1);
      expect(theirs).toEqual(ours);
    },
  );
});
