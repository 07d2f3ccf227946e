import { checkLimit } from '../base/index.ts';
import { trustLimits } from './limits.ts';

/** Inserts the blank line between armor headers and key; some published files lack it. */
function withBlankLine(armored: string): string {
  return armored.replaceAll(/^(-----BEGIN [A-Z ]+-----)\r?\n(?=[A-Za-z0-9+/]{20})/gm, '$1\n\n');
}

const armorBegin = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const armorEnd = '-----END PGP PUBLIC KEY BLOCK-----';

/**
 * Splits a text into armored blocks of OpenPGP: the library reads only the first one. A text without blocks is given whole.
 * @throws ContentError `TOO_LARGE`
 */
export function armoredBlocks(armored: string): readonly string[] {
  checkLimit('A text of OpenPGP keys', armored.length, trustLimits.openPgpKeys);
  const blocks: string[] = [];
  for (let at = armored.indexOf(armorBegin); at >= 0; ) {
    const end = armored.indexOf(armorEnd, at);
    const behind = end < 0 ? armored.length : end + armorEnd.length;
    blocks.push(armored.slice(at, behind));
    at = armored.indexOf(armorBegin, behind);
  }
  return (blocks.length > 0 ? blocks : [armored]).map(withBlankLine);
}
