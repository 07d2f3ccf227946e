import type { InferOutput } from 'valibot';
import { codeOf } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import { algorithmOf, digestOf } from '../oci/index.ts';
import { inOrder, placementLine, undoHeaders, undoLine } from './line-schemas.ts';
import { decodeLines, encodeLines } from './lines.ts';
import type { UndoRecord } from './types.ts';
import { unreadableState } from './unreadable.ts';

const kind = 'imageset-mirror.undo';
const formatVersion = '1.0';

/**
 * Encodes what a run deleted as gzipped JSON lines, one for each place, the bytes of manifests as base64.
 *
 * Order: as given, manifests included: children first is the order in which they can be put back.
 */
export function encodeUndo(records: readonly UndoRecord[]): Uint8Array {
  const lines = records.map(({ placement, manifests, replacedBy }) => ({
    placement: inOrder(placementLine, placement),
    manifests: manifests.map(({ digest, mediaType, raw }) => ({
      digest,
      mediaType,
      raw: Buffer.from(raw).toString('base64'),
    })),
    ...(replacedBy && { replacedBy }),
  }));
  return encodeLines(kind, { formatVersion }, lines);
}

/**
 * Decodes undo records.
 * @throws PlanError `STATE_FORMAT` for an unknown version, a malformed line, bytes that are not what their digest names.
 */
export function decodeUndo(bytes: Uint8Array): readonly UndoRecord[] {
  const { lines } = decodeLines({ kind, headers: undoHeaders, line: undoLine }, bytes);
  // One after the other: the lines of an attacker are never held together.
  return Array.from(lines, (line) => readRecord(line));
}

/**
 * Adds records to those that were stored under the same id: a run that was killed after its first deletes comes again
 * under its old id, and what it had deleted by then must stay restorable. Stored records that cannot be read count as none.
 */
export async function mergeUndo(
  readStored: () => Promise<readonly UndoRecord[] | undefined>,
  records: readonly UndoRecord[],
): Promise<readonly UndoRecord[]> {
  const stored = await readStored().catch((error: unknown) => {
    if (codeOf(error) === 'STATE_FORMAT') return undefined;
    throw error;
  });
  const keyOf = ({ placement }: UndoRecord) => `${placeKey(placement)}@${placement.digest}`;
  const renewed = new Set(records.map(keyOf));
  return [...(stored ?? []).filter((record) => !renewed.has(keyOf(record))), ...records];
}

function readRecord({ manifests, ...record }: InferOutput<typeof undoLine>): UndoRecord {
  return {
    ...record,
    manifests: manifests.map(({ digest, mediaType, raw: text }) => {
      const raw = new Uint8Array(Buffer.from(text, 'base64'));
      if (digestOf(raw, algorithmOf(digest)) !== digest) {
        throw unreadableState(`the bytes kept of ${digest} are not what it names`);
      }
      return { digest, mediaType, raw };
    }),
  };
}
