import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkLimit, records, textOrEmpty } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import type { Clock } from '../log.ts';
import { packChart } from './archive.ts';
import { type LoadedChart, missingDependencies, readDeclaration } from './chart.ts';
import { chartLimits } from './limits.ts';

/** Milliseconds that one chart may take; large ones take two seconds. */
const mostTime = 120_000;

/** Bytes of helm's error output that are kept. */
const mostComplaint = 64 * 1024;

/** How helm is run. */
export interface HelmOptions {
  /** `PATH` finds it; nothing else of the environment reaches it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A directory for temporary files; it is created. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** The program `helm` of this machine. */
export interface HelmProgram {
  /** As helm prints it: `v3.18.4`. */
  readonly version: string;
  /**
   * Renders a chart with all its hooks and definitions; `values` are texts of values files, the last one wins.
   * @throws ContentError `CHART_INVALID` with helm's message; `TOO_LARGE`
   */
  render(chart: LoadedChart, values: readonly string[]): Promise<string>;
}

/** The end of a child process. */
interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** The environment of helm: no secret, no cluster, no plugin and no setting of the user reaches it. */
function bareEnvironment(path: string | undefined, home: string) {
  const inside = (name: string) => join(home, name);
  return {
    PATH: path,
    HOME: home,
    TMPDIR: home,
    KUBECONFIG: inside('no-cluster'),
    HELM_CACHE_HOME: inside('cache'),
    HELM_CONFIG_HOME: inside('config'),
    HELM_DATA_HOME: inside('data'),
    HELM_PLUGINS: inside('plugins'),
  };
}

interface Call extends HelmOptions {
  readonly home: string;
}

/** Runs helm; it is ended when it takes too long, or when the run is cancelled. */
async function run(args: readonly string[], call: Call): Promise<Ended> {
  const done = new AbortController();
  const late = new AbortController();
  call.clock.sleep(mostTime, done.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    return await spawnHelm(args, call, late.signal);
  } catch (thrown) {
    call.signal?.throwIfAborted();
    if (!late.signal.aborted) throw thrown;
    throw new ContentError('CHART_INVALID', `helm was ended after ${mostTime / 1000} s`);
  } finally {
    done.abort();
  }
}

function spawnHelm(
  args: readonly string[],
  { env, home, signal }: Call,
  late: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('helm', args, {
      cwd: home,
      env: bareEnvironment(env['PATH'], home),
      stdio: ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      // The option `timeout` would keep this process alive where the program is missing.
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    const output: Buffer[] = [];
    const complaint: Buffer[] = [];
    const size = { output: 0, complaint: 0 };
    child.stdout.on('data', (chunk: Buffer) => {
      size.output += chunk.byteLength;
      if (size.output > chartLimits.rendered.most) child.kill('SIGKILL');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      size.complaint += chunk.byteLength;
      if (size.complaint <= mostComplaint) complaint.push(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      try {
        checkLimit('The rendered chart', size.output, chartLimits.rendered);
        const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
        resolve({ code, output: text(output), complaint: text(complaint) });
      } catch (tooLarge) {
        reject(tooLarge);
      }
    });
  });
}

async function inTemporaryDirectory<Result>(
  directory: string,
  work: (home: string) => Promise<Result>,
): Promise<Result> {
  await mkdir(directory, { recursive: true });
  // Helm runs in this directory, so a relative path would name something below it.
  const home = await mkdtemp(join(resolve(directory), 'render-'));
  try {
    return await work(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * Gives the files of a chart as helm takes them: it refuses a chart that lacks a declared dependency or asks for a newer
 * cluster, although its own templates can be rendered.
 */
function renderable(chart: LoadedChart): ReadonlyMap<string, Uint8Array> {
  const missing = new Set(missingDependencies(chart));
  if (missing.size === 0 && chart.metadata['kubeVersion'] === undefined) return chart.files;
  const { kubeVersion: _, ...metadata } = chart.metadata;
  const { file, fields } = readDeclaration({ metadata, files: chart.files }, chart.name);
  const dependencies = records(fields['dependencies']).filter(
    (one) => !missing.has(textOrEmpty(one['name'])),
  );
  // JSON is YAML.
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value));
  return new Map([
    ...chart.files,
    ['Chart.yaml', encode(metadata)],
    [file, encode({ ...fields, dependencies })],
  ]);
}

/** Gives helm's error output on one line. */
function complaintOf({ code, complaint }: Ended): string {
  const lines = complaint.split('\n').filter((line) => !/^(?:WARNING|walk\.go|level=)/.test(line));
  const text = lines.join(' ').replaceAll(/\s+/g, ' ').trim();
  const end = code === null ? 'helm was ended by a signal' : `exit code ${code}`;
  return text === '' ? end : text.slice(0, 2000);
}

async function render(
  chart: LoadedChart,
  values: readonly string[],
  options: HelmOptions,
): Promise<string> {
  return await inTemporaryDirectory(options.directory, async (home) => {
    const archive = join(home, 'chart.tgz');
    await writeFile(archive, await packChart(renderable(chart)));
    const files = values.map((_, index) => join(home, `values-${index}.yaml`));
    await Promise.all(files.map((path, index) => writeFile(path, values[index] ?? '')));
    const flags = files.flatMap((path) => ['--values', path]);
    const call = { ...options, home };
    const ended = await run(['template', archive, '--include-crds', ...flags], call);
    if (ended.code === 0) return ended.output;
    throw new ContentError('CHART_INVALID', complaintOf(ended), {
      hint: 'Run "helm template" on the chart by hand. A value that it requires can be given in a values file.',
    });
  });
}

/**
 * Finds helm on `PATH`; `undefined` when there is none, or none that says its version.
 *
 * Effects: runs it. It gets an empty home, no environment but `PATH`, and archives that this tool packed.
 */
export async function findHelm(options: HelmOptions): Promise<HelmProgram | undefined> {
  const { output } = await inTemporaryDirectory(options.directory, async (home) =>
    run(['version', '--template', '{{.Version}}'], { ...options, home }),
  ).catch((thrown: unknown) => {
    if (options.signal?.aborted) throw thrown;
    return { output: '' };
  });
  const version = output.trim();
  if (!/^v\d+(?:\.\d+)+\S*$/.test(version)) return undefined;
  return { version, render: (chart, values) => render(chart, values, options) };
}
