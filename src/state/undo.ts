import { codeOf } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import { algorithmOf, digestOf } from '../oci/index.ts';
import { type Fields, unreadableState } from './fields.ts';
import { decodeLines, encodeLines, refuseOtherVersion } from './lines.ts';
import { readPlacement, writePlacement } from './placement-line.ts';
import type { UndoRecord } from './types.ts';

const formatVersion = '1.0';

type UndoManifest = UndoRecord['manifests'][number];

/**
 * Encodes what a run deleted as gzipped JSON lines, one for each place, the bytes of manifests as base64.
 *
 * Order: as given, manifests included: children first is the order in which they can be put back.
 */
export function encodeUndo(records: readonly UndoRecord[]): Uint8Array {
  const lines = records.map(({ placement, manifests, replacedBy }) => ({
    placement: writePlacement(placement),
    manifests: manifests.map(({ digest, mediaType, raw }) => ({
      digest,
      mediaType,
      raw: Buffer.from(raw).toString('base64'),
    })),
    ...(replacedBy && { replacedBy }),
  }));
  return encodeLines('imageset-mirror.undo', { formatVersion }, lines);
}

/**
 * Decodes undo records.
 * @throws PlanError `STATE_FORMAT` for an unknown version, a malformed line, bytes that are not what their digest names.
 */
export function decodeUndo(bytes: Uint8Array): readonly UndoRecord[] {
  const { header, lines } = decodeLines('imageset-mirror.undo', bytes);
  refuseOtherVersion(header.text('formatVersion'), [formatVersion]);
  header.end();
  // One after the other: what the lines of an attacker say is never held together.
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

function readRecord(line: Fields): UndoRecord {
  const placement = line.optionalObject('placement');
  const manifests = line.objects('manifests').map(readManifest);
  const replacedBy = line.optionalDigest('replacedBy');
  line.end();
  if (!placement) throw unreadableState('an undo record has no placement');
  return { placement: readPlacement(placement), manifests, ...(replacedBy && { replacedBy }) };
}

function readManifest(fields: Fields): UndoManifest {
  const digest = fields.digest('digest');
  const mediaType = fields.text('mediaType');
  const raw = new Uint8Array(Buffer.from(fields.text('raw'), 'base64'));
  fields.end();
  if (digestOf(raw, algorithmOf(digest)) !== digest) {
    throw unreadableState(`the bytes kept of ${digest} are not what it names`);
  }
  return { digest, mediaType, raw };
}
