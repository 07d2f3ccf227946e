import { open } from 'node:fs/promises';
import { atMost, isRecord, type JsonLimits, jsonLimits, parseJson } from '../base/index.ts';
import { ConfigError, messageOf } from '../errors.ts';
import type { Plan } from '../plan/index.ts';

/** Releases and operators that clusters run. */
export type Running = NonNullable<Plan['running']>;

/** The largest list of resources that is read: a thousand ClusterServiceVersions with their icons have some 50 MB. */
const maxMebibytes = 256;

/** Limits for the resources of many clusters, which have more values than any other JSON that is read. */
const limits: JsonLimits = {
  ...jsonLimits,
  values: atMost(
    20_000_000,
    'values',
    'A ClusterServiceVersion has some thousand values, and a fleet has some thousand of them.',
  ),
};

const hint =
  'Write a version (4.16.5), an operator with its version (odf-operator.v4.17.3), or the path of a file with the output of: oc get clusterversion,csv -A -o json';

const versionText = /^v?(\d+\.\d+\.\d+\S*)$/;
const operatorText = /^([a-z0-9][a-z0-9.-]*?)[. ]v?(\d+\.\d+\.\d+\S*)$/;

async function readBounded(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxMebibytes * 1024 * 1024) {
      throw refused(`${path} is larger than ${maxMebibytes} MiB.`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** Gives the version that a cluster has, and the one that it is being updated to. */
function releasesOf(resource: unknown): string[] {
  const status = isRecord(resource) ? resource['status'] : undefined;
  const history = isRecord(status) && Array.isArray(status['history']) ? status['history'] : [];
  const completed = history.find((one) => textAt(one, 'state') === 'Completed');
  return [textAt(status, 'desired', 'version'), textAt(completed, 'version')].filter(
    (version) => version !== undefined,
  );
}

function itemsOf(value: unknown): readonly unknown[] {
  return isRecord(value) && Array.isArray(value['items']) ? value['items'] : [value];
}

function readResource(resource: unknown): Running {
  const kind = textAt(resource, 'kind');
  const name = textAt(resource, 'metadata', 'name');
  const version = textAt(resource, 'spec', 'version');
  if (kind === 'ClusterVersion') return { releases: releasesOf(resource), operators: [] };
  const isOperator = kind === 'ClusterServiceVersion' && name !== undefined;
  return { releases: [], operators: isOperator && version ? [{ name, version }] : [] };
}

function refused(problem: string, cause?: unknown): ConfigError {
  return new ConfigError('INPUT_INVALID', `currently-running: ${problem}`, { hint, cause });
}

/**
 * Reads the resources of clusters.
 * @throws ConfigError `INPUT_INVALID` for a text that names none of them, ContentError or SyntaxError for no JSON
 */
export function parseResources(text: string, path: string): readonly Running[] {
  const found = itemsOf(parseJson(text, path, limits)).map(readResource);
  if (found.some(({ releases, operators }) => releases.length + operators.length > 0)) return found;
  throw refused(`${path} names no ClusterVersion and no ClusterServiceVersion.`);
}

async function readFileOf(path: string): Promise<readonly Running[]> {
  try {
    return parseResources((await readBounded(path)).toString(), path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw refused(`${JSON.stringify(path)} cannot be read: ${messageOf(error)}`, error);
  }
}

async function readEntry(entry: string): Promise<readonly Running[]> {
  const [, version] = versionText.exec(entry) ?? [];
  if (version !== undefined) return [{ releases: [version], operators: [] }];
  const [, owner, bundle] = operatorText.exec(entry) ?? [];
  if (owner !== undefined && bundle !== undefined) {
    return [{ releases: [], operators: [{ name: `${owner}.v${bundle}`, version: bundle }] }];
  }
  return await readFileOf(entry);
}

/**
 * Reads which releases and operators clusters run: versions, operators with their versions, and files of
 * `oc get clusterversion,csv -o json`.
 * @throws ConfigError `INPUT_INVALID` for an entry that is none of these
 */
export async function readRunning(entries: readonly string[]): Promise<Running | undefined> {
  if (entries.length === 0) return undefined;
  const found = (await Promise.all(entries.map(readEntry))).flat();
  const operators = new Map(
    found.flatMap((one) => one.operators).map((one) => [`${one.name} ${one.version}`, one]),
  );
  return {
    releases: [...new Set(found.flatMap(({ releases }) => releases))].sort(),
    operators: [...operators].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
  };
}
