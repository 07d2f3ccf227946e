import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Notices } from './gaps.ts';
import type { CacheService } from './host.ts';

/** Directories of the workspace that make the next run fast: content, signatures, update graphs, catalogs, records of archives. */
const cached = ['content', 'signatures', 'hold-release', 'operator-catalogs', '.history'] as const;

const version = 'imageset-mirror-v1';

/** The cache of one target. */
export interface CacheFacts {
  /** `undefined` on a host without caches, `off` when nobody wants one. */
  readonly service: CacheService | undefined | 'off';
  /** The working directory. */
  readonly workspace: string;
  readonly target: string;
  /** Globs of the configurations: jobs of a matrix may share a target. */
  readonly config: readonly string[];
  readonly notices: Notices;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function pathsOf(workspace: string): string[] {
  return cached.map((name) => join(workspace, name));
}

/** Describes the content by paths and sizes. The names of the files contain digests, so this is enough. */
async function describeContent(workspace: string): Promise<string> {
  const lines: string[] = [];
  for (const root of pathsOf(workspace)) {
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((found) => found.isFile())) {
      const path = join(entry.parentPath, entry.name);
      lines.push(`${path.slice(workspace.length)} ${(await stat(path)).size}`);
    }
  }
  return lines.sort().join('\n');
}

/** Gives the prefixes of the keys: of all entries of a target, and of those of the same configurations. */
function prefixesOf({ target, config }: CacheFacts): {
  readonly own: string;
  readonly all: string;
} {
  const all = `${version}-${shortHash(target)}-`;
  return { own: `${all}${shortHash(config.join('\n'))}-`, all };
}

/**
 * Restores the workspace of an earlier run for the same target. Gives the key of the entry, or `undefined`.
 *
 * Never throws: the run works without the cache, and everything restored is verified by its digest when it is read.
 */
export async function restoreWorkspace(facts: CacheFacts): Promise<string | undefined> {
  const { service, notices } = facts;
  if (service === 'off') return undefined;
  if (service === undefined) {
    const instead =
      'A run costs more time; its result is the same. Set cache: off where none is wanted.';
    notices.miss('cache', { why: 'This host has no cache service', instead });
    return undefined;
  }
  const { own, all } = prefixesOf(facts);
  try {
    // Entries are never overwritten, so no key is known in advance. The newest entry of a prefix is the best.
    return await service.restore(pathsOf(facts.workspace), `${own}newest`, [own, all]);
  } catch (why) {
    notices.miss('cache', { why });
    return undefined;
  }
}

/** Saves the workspace under the hash of its content, unless the same content was restored. Never throws. */
export async function saveWorkspace(
  facts: CacheFacts,
  restored: string | undefined,
): Promise<void> {
  const { service, notices } = facts;
  if (service === undefined || service === 'off') return;
  try {
    const content = await describeContent(facts.workspace);
    const key = `${prefixesOf(facts).own}${shortHash(content)}`;
    if (content === '' || key === restored) return;
    await service.save(pathsOf(facts.workspace), key);
  } catch (why) {
    notices.miss('cache', { why });
  }
}
