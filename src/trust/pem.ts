import { createPublicKey, type KeyObject } from 'node:crypto';
import { checkLimit } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { trustLimits } from './limits.ts';
import { decodeBase64 } from './strict-json.ts';

/** One armored block of a text. */
export interface PemBlock {
  /** `CERTIFICATE`, `PUBLIC KEY` */
  readonly label: string;
  readonly bytes: Buffer;
  /** The text after the last line of the block. */
  readonly rest: string;
}

const block = /^-----BEGIN ([A-Z0-9 ]+)-----[ \t\r]*\n([^-]*)^-----END \1-----[ \t\r]*(?:\n|$)/m;

/** Gives the first block of a text, or `undefined`. */
export function firstPemBlock(text: string): PemBlock | undefined {
  const found = block.exec(text);
  const bytes = found && decodeBase64((found[2] ?? '').replaceAll(/\s/g, ''));
  if (!found || !bytes) return undefined;
  return { label: found[1] ?? '', bytes, rest: text.slice(found.index + found[0].length) };
}

/** Makes the error of a key or a certificate that cannot be read. */
export function unusable(why: string): ContentError {
  return new ContentError('SIGNATURE_INVALID', why);
}

/**
 * Reads the blocks of a text that has nothing else.
 * @throws ContentError `SIGNATURE_INVALID` for anything else, `TOO_LARGE`
 */
export function pemBlocks(text: string, what: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (let rest = text.trim(); rest !== ''; ) {
    const found = firstPemBlock(rest);
    if (!found) throw unusable(`${what} is not in PEM format`);
    blocks.push(found);
    checkLimit(what, blocks.length, trustLimits.certificates);
    ({ rest } = found);
  }
  return blocks;
}

/**
 * Reads a public key.
 * @throws ContentError `SIGNATURE_INVALID`
 */
export function readPublicKey(text: string): KeyObject {
  const found = firstPemBlock(text);
  const type = { 'PUBLIC KEY': 'spki', 'RSA PUBLIC KEY': 'pkcs1' } as const;
  const label = found?.label;
  if (!found || (label !== 'PUBLIC KEY' && label !== 'RSA PUBLIC KEY')) {
    throw unusable('a public key is not in PEM format');
  }
  try {
    return createPublicKey({ key: found.bytes, format: 'der', type: type[label] });
  } catch {
    throw unusable('a public key cannot be read');
  }
}
