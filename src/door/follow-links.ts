import { posix } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Entry, Tree } from './tree.ts';

/** The number of links on the way to one file that operating systems allow. */
const maxLinks = 40;

const hint = 'Put the file itself into the repository, or let the link name a file in it.';

function refuse(link: string, why: string): ConfigError {
  return new ConfigError('CONFIG_UNREADABLE', `${JSON.stringify(link)} ${why}.`, { hint });
}

/** A path that is being followed: the directory that was reached, and the parts that are left. */
interface Walk {
  here: string;
  rest: string[];
  readonly links: string[];
}

function goUp(walk: Walk, path: string): void {
  if (walk.here === '') {
    const link = walk.links.at(-1);
    if (link === undefined) throw refuse(path, 'lies outside of the checkout');
    throw refuse(link, 'is a symbolic link that leaves the checkout');
  }
  const parent = posix.dirname(walk.here);
  walk.here = parent === '.' ? '' : parent;
}

function goThrough(walk: Walk, link: string, to: string): void {
  walk.links.push(link);
  const [first = link] = walk.links;
  if (walk.links.length > maxLinks)
    throw refuse(first, 'is a symbolic link that leads in a circle');
  if (posix.isAbsolute(to)) throw refuse(link, 'is a symbolic link that leaves the checkout');
  walk.rest.unshift(...to.split('/'));
}

/**
 * Gives the entry at a path after following every symbolic link; `undefined` if nothing is there.
 *
 * Links are read and followed one by one inside the tree, so that nothing outside of it is ever opened.
 * @throws ConfigError `CONFIG_UNREADABLE` for a link that leaves the checkout or leads in a circle, naming the link
 */
export async function followLinks(tree: Tree, path: string): Promise<Entry | undefined> {
  const walk: Walk = { here: '', rest: path.split('/'), links: [] };
  let found: Entry | undefined = { kind: 'directory' };
  for (let part = walk.rest.shift(); part !== undefined; part = walk.rest.shift()) {
    if (found?.kind === 'submodule') return found;
    if (part === '' || part === '.') continue;
    if (found?.kind !== 'directory') return undefined;
    if (part === '..') {
      goUp(walk, path);
      continue;
    }
    const next = posix.join(walk.here, part);
    const entry = await tree.entry(next);
    if (entry?.kind === 'link') {
      goThrough(walk, next, entry.to);
      continue;
    }
    found = entry;
    walk.here = next;
  }
  return found;
}
