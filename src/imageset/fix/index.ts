/**
 * Mends the text of an image set file where it is certain what its author means.
 *
 * A mend is a splice: the few characters that are wrong are replaced, everything else stays byte for byte, comments and
 * line endings too. A mend keeps what the file means; where v2 cannot say that, or two readings are possible, nothing is
 * touched and a person decides. Mended text needs no mend: a second run changes nothing.
 *
 * This folder reads no files, asks no registry, and gives no advice on good configurations.
 */
export { type Fix, type FixedText, fixImageSet } from './fix.ts';
