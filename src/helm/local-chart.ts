import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { checkLimit, compareText, type MatchWork, matchName, readWithin } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type ChartFiles, readChartArchive } from './archive.ts';
import { chartLimits } from './limits.ts';

/** One line of `.helmignore`. */
interface IgnoreRule {
  /** One for each name of a path. */
  readonly patterns: readonly string[];
  readonly isNegated: boolean;
  readonly onlyDirectories: boolean;
  /** The pattern has a slash: it counts from the chart's root. */
  readonly isRooted: boolean;
}

/** Tells whether a file or directory of a chart is left out. */
type IgnoreTest = (path: string, kind: 'file' | 'directory') => boolean;

function parseRule(line: string): IgnoreRule[] {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return [];
  const isNegated = text.startsWith('!');
  const bare = isNegated ? text.slice(1) : text;
  const path = bare.replace(/\/$/, '');
  const patterns = path.replace(/^\//, '').split('/');
  return [
    { patterns, isNegated, onlyDirectories: bare.endsWith('/'), isRooted: path.includes('/') },
  ];
}

function matches({ patterns, isRooted }: IgnoreRule, path: string, work: MatchWork): boolean {
  const all = path.split('/');
  const names = isRooted ? all : all.slice(-1);
  work.steps += 1;
  return (
    names.length === patterns.length &&
    names.every((name, index) => matchName(patterns[index] ?? '', name, work))
  );
}

/** Reads `.helmignore`; the last line that fits a file decides. @see helm.sh, "The .helmignore file" */
function parseIgnore(text: string): IgnoreTest {
  const rules = text.split('\n').flatMap(parseRule);
  const work: MatchWork = { steps: 0 };
  return (path, kind) => {
    checkLimit('The .helmignore of the chart', work.steps, chartLimits.ignoreSteps);
    const meant = kind === 'file' ? rules.filter((rule) => !rule.onlyDirectories) : rules;
    const last = meant.findLast((rule) => matches(rule, path, work));
    return last !== undefined && !last.isNegated;
  };
}

interface Walking {
  readonly root: string;
  /** Real paths of the directories into which links may lead. */
  readonly inside: readonly string[];
  readonly files: Map<string, Uint8Array>;
  readonly isIgnored: IgnoreTest;
  bytes: number;
}

async function takeFile(path: string, size: number, walking: Walking): Promise<void> {
  const name = `The chart file ${path}`;
  checkLimit(name, size, chartLimits.file);
  walking.bytes += size;
  checkLimit('The chart', walking.bytes, chartLimits.unpacked);
  checkLimit('The chart', walking.files.size + 1, chartLimits.files);
  walking.files.set(path, await readFile(join(walking.root, path)));
}

/** Refuses a link that leads elsewhere: a foreign chart could make a file of this machine visible as the name of an image. */
async function checkInside(path: string, { root, inside }: Walking): Promise<void> {
  const real = await realpath(join(root, path));
  if (inside.some((directory) => real === directory || real.startsWith(`${directory}${sep}`)))
    return;
  throw new ContentError(
    'CHART_INVALID',
    `The chart file ${path} is a link that leaves the chart.`,
    {
      hint: 'Links may lead to files of the chart, or of the directory in which this tool runs.',
    },
  );
}

async function walkDirectory(below: string, walking: Walking, depth: number): Promise<void> {
  // A link to a directory above it would lead in circles.
  if (depth > 32) return;
  const entries = await readdir(join(walking.root, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    const { name } = entry;
    const path = below === '' ? name : `${below}/${name}`;
    const found = await stat(join(walking.root, path)).catch(() => undefined);
    const kind = found?.isDirectory() ? 'directory' : 'file';
    if (!found || walking.isIgnored(path, kind)) continue;
    if (entry.isSymbolicLink()) await checkInside(path, walking);
    if (kind === 'directory') await walkDirectory(path, walking, depth + 1);
    else if (found.isFile()) await takeFile(path, found.size, walking);
  }
}

async function readIgnore(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return '';
  return (await readWithin(path, chartLimits.ignored, 'The .helmignore of the chart')).toString();
}

/**
 * Reads a chart out of a directory, without the files that its `.helmignore` names.
 * Links are followed inside the chart and the current directory.
 * @throws ContentError `CHART_INVALID` for a link that leads elsewhere, `TOO_LARGE` past a limit; the error of the file system
 */
export async function readChartDirectory(root: string): Promise<ChartFiles> {
  if (!(await stat(join(root, 'Chart.yaml')).catch(() => undefined))) {
    throw new ContentError('CHART_INVALID', `${root} is no chart: it has no Chart.yaml.`);
  }
  const ignore = await readIgnore(join(root, '.helmignore'));
  const files = new Map<string, Uint8Array>();
  const inside = await Promise.all([realpath(root), realpath('.')]);
  await walkDirectory('', { root, inside, files, isIgnored: parseIgnore(ignore), bytes: 0 }, 0);
  return files;
}

async function existing(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await stat(path).catch(() => undefined)) return path;
  }
  return undefined;
}

/** Reads a values file. @throws ContentError `TOO_LARGE`; the error of the file system */
export async function readValuesFile(path: string): Promise<string> {
  return (await readWithin(path, chartLimits.file, `The values file ${path}`)).toString();
}

/**
 * Reads a chart of this machine: an archive, or a directory.
 *
 * `configuration` is the file that names it: a relative path counts from the current directory, else from that file.
 * @throws ContentError `CHART_INVALID`, `TOO_LARGE`; the error of the file system
 */
export async function readLocalChart(path: string, configuration: string): Promise<ChartFiles> {
  const places = isAbsolute(path) ? [path] : [path, join(dirname(configuration), path)];
  const found = await existing(places);
  if (found === undefined) {
    throw new ContentError('CHART_INVALID', `no such file or directory: ${places.join(', ')}`, {
      hint: 'Correct the path: it counts from the current directory, else from the directory of the configuration.',
    });
  }
  const facts = await stat(found);
  if (facts.isDirectory()) return await readChartDirectory(found);
  if (!facts.isFile()) {
    throw new ContentError('CHART_INVALID', `${found} is neither a file nor a directory`);
  }
  const name = `The chart ${path}`;
  return await readChartArchive(await readWithin(found, chartLimits.archive, name), name);
}
