import { ConfigError } from '../errors.ts';
import { followLinks } from './follow-links.ts';
import type { Tree } from './tree.ts';

/** The largest configuration that is read; real ones have some hundred lines. */
const maxMebibytes = 1;

/** The beginning of a pointer file of Git LFS. */
const lfsHead = 'version https://git-lfs.github.com/spec/';

/** The reason why a file is not a text, and the remedy. */
interface Fault {
  readonly why: string;
  readonly hint: string;
}

/** Tells whether a file is only a pointer to content in Git LFS. */
export function isLfsPointer(bytes: Buffer): boolean {
  return bytes.subarray(0, lfsHead.length).toString() === lfsHead;
}

function faultOf(bytes: Buffer, text: string | undefined): Fault | undefined {
  if (bytes.length > maxMebibytes * 1024 * 1024) {
    return {
      why: `is larger than ${maxMebibytes} MiB, the limit for a configuration`,
      hint: 'Divide it into several image sets.',
    };
  }
  if (bytes.includes(0)) {
    return { why: 'is a binary file, not a configuration', hint: 'Write it as text in UTF-8.' };
  }
  if (text === undefined) {
    return { why: 'is not valid UTF-8', hint: 'Save it in the encoding UTF-8.' };
  }
  if (!isLfsPointer(bytes)) return undefined;
  return {
    why: 'is a pointer of Git LFS; its content was not fetched',
    hint: 'Fetch it (lfs: true of actions/checkout, or git lfs pull), or keep configurations out of Git LFS.',
  };
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Checks the bytes of a configuration and decodes them.
 * @throws ConfigError `CONFIG_UNREADABLE` for a file that is too large, binary, not UTF-8, or only a pointer of Git LFS
 */
export function decodeText(path: string, bytes: Buffer): string {
  const text = decode(bytes);
  const fault = faultOf(bytes, text);
  if (fault === undefined && text !== undefined) return text;
  const { why, hint } = fault ?? { why: 'is no text', hint: undefined };
  throw new ConfigError('CONFIG_UNREADABLE', `${JSON.stringify(path)} ${why}.`, { hint });
}

const notFiles = {
  directory: { why: 'is a directory', hint: 'Name a file.' },
  special: { why: 'is no regular file', hint: 'Name a regular file.' },
  submodule: {
    why: 'lies in a submodule, whose files are not part of this repository',
    hint: 'Keep the configuration in this repository, or mirror from the other one.',
  },
} as const;

/**
 * Reads a configuration of a tree; `undefined` if nothing is at its path.
 * @throws ConfigError `CONFIG_UNREADABLE` for a path that cannot be a configuration
 */
export async function readText(tree: Tree, path: string): Promise<string | undefined> {
  const entry = await followLinks(tree, path);
  if (entry === undefined) return undefined;
  const bytes = entry.kind === 'file' ? await entry.read() : undefined;
  if (bytes !== undefined) return decodeText(path, bytes);
  const { why, hint } =
    entry.kind === 'file' || entry.kind === 'link'
      ? { why: 'cannot be read from git', hint: 'Fetch the whole commit.' }
      : notFiles[entry.kind];
  throw new ConfigError('CONFIG_UNREADABLE', `${JSON.stringify(path)} ${why}.`, { hint });
}
