import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asObject, decodeObject, records, writeAtomically } from '../../base/index.ts';
import { ContentError, messageOf } from '../../errors.ts';
import { isDigest, readDescriptor, tagPattern } from '../../oci/index.ts';
import { type Attachment, attachmentLimits, createReferrersIndex } from '../../signature/index.ts';
import type { Settings } from '../types.ts';

/** The answer of a source about one image. */
export interface RememberedImage {
  /** Milliseconds since the epoch: when it was given. */
  readonly at: number;
  readonly attachments: readonly Attachment[];
}

/** The answers of sources, by the name of the image as `imageKey` writes it. */
export interface AttachmentMemory {
  recall(image: string): readonly Attachment[] | undefined;
  note(image: string, attachments: readonly Attachment[]): void;
  /** Writes the answers that still count. A workspace that cannot be written only costs time. */
  save(): Promise<void>;
}

const hour = 60 * 60 * 1000;

/** The time for which an answer counts, in milliseconds: less than a day, so that a daily run asks again. */
const maxAge = 20 * hour;

/** How long it counts that nothing is attached: a pull request and its merge ask once, and a new signature is found soon. */
const maxEmptyAge = hour;

/** Reads one attachment, or none. @throws ContentError for a descriptor that is none */
function readAttachment(value: Readonly<Record<string, unknown>>): Attachment[] {
  const { subject, tag, form } = value;
  if (typeof subject !== 'string' || !isDigest(subject)) return [];
  if (typeof tag !== 'string' || !tagPattern.test(tag)) return [];
  const descriptor = readDescriptor(value['descriptor'], 'descriptor');
  if (form === 'cosign-tag') return [{ subject, tag, descriptor, form }];
  const referrers = records(value['referrers']).map((one) => readDescriptor(one, 'referrers'));
  const index = createReferrersIndex(referrers);
  // The registry holds an index of its own that lists the same.
  const isOwn = index.descriptor.digest !== descriptor.digest;
  return [{ subject, tag, descriptor, form: 'referrers', referrers, ...(!isOwn && { index }) }];
}

/**
 * Reads what {@link formatAttachmentMemory} writes.
 * @throws ContentError past a limit, for a text that is not JSON, and for a descriptor that is none
 */
export function parseAttachmentMemory(text: string): Map<string, RememberedImage> {
  const what = 'The memory of attachments';
  const invalid = (why: string, cause?: unknown) =>
    new ContentError('MANIFEST_INVALID', `${what} ${why}.`, { cause });
  const images = asObject(decodeObject(text, { what, invalid })['images']);
  return new Map(
    Object.entries(images).map(([image, value]) => {
      const found = asObject(value);
      const { at } = found;
      const attachments = records(found['attachments']).flatMap(readAttachment);
      return [image, { at: typeof at === 'number' ? at : 0, attachments }];
    }),
  );
}

/** Writes answers as JSON, `{"images": {"<name of the image>": {at, attachments}}}`. */
export function formatAttachmentMemory(images: ReadonlyMap<string, RememberedImage>): string {
  const written = [...images].map(([image, { at, attachments }]) => {
    const kept = attachments.map(({ index: _, ...one }) => one);
    return [image, { at, attachments: kept }] as const;
  });
  return JSON.stringify({ images: Object.fromEntries(written) });
}

async function readMemory(path: string): Promise<Map<string, RememberedImage>> {
  try {
    const { size } = await stat(path);
    if (size > attachmentLimits.memory.most) return new Map();
    return parseAttachmentMemory(await readFile(path, 'utf8'));
  } catch {
    return new Map();
  }
}

/**
 * Opens the answers that earlier runs wrote into the workspace. A file that cannot be read counts as empty.
 *
 * An answer counts for 20 hours; the answer that nothing is attached counts for one. The caller decides for which images answers
 * count.
 */
export async function openAttachmentMemory({
  workspace,
  clock,
  log,
}: Pick<Settings, 'workspace' | 'clock' | 'log'>): Promise<AttachmentMemory> {
  const path = join(workspace, 'content', 'attachments.json');
  const images = await readMemory(path);
  const now = clock.now();
  const isFresh = ({ at, attachments }: RememberedImage): boolean =>
    at <= now && now - at < (attachments.length > 0 ? maxAge : maxEmptyAge);
  let isChanged = false;
  return {
    recall(image) {
      const known = images.get(image);
      return known && isFresh(known) ? known.attachments : undefined;
    },
    note(image, attachments) {
      images.set(image, { at: now, attachments });
      isChanged = true;
    },
    async save() {
      if (!isChanged) return;
      const fresh = new Map([...images].filter(([, one]) => isFresh(one)));
      const bytes = new TextEncoder().encode(formatAttachmentMemory(fresh));
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeAtomically(path, bytes, { durability: 'cached' });
      } catch (error) {
        log.log('debug', `${path} cannot be written: ${messageOf(error)}`);
      }
    },
  };
}
