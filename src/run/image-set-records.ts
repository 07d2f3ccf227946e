import { type ConfigFile, type ImageSet, isAttached } from '../imageset/index.ts';
import { formatUtc } from '../log.ts';
import { type Digest, digestOf } from '../oci/index.ts';
import { isDeed, type KeptImageSet, type Plan, type PlannedImageSet } from '../plan/index.ts';
import { type AppliedImageSet, knownImageSets, type State } from '../state/index.ts';

/** Gives the digest by which a plan knows the text of an image set. */
export function textDigest(text: string): Digest {
  return digestOf(new TextEncoder().encode(text));
}

/** Gives image sets as a plan has them. */
export function plannedImageSets(
  imageSets: readonly ImageSet[],
  files: readonly ConfigFile[],
): readonly PlannedImageSet[] {
  const byName = new Map(files.map((file) => [file.identity ?? file.name, file]));
  return imageSets.map(({ name: path, identity, text }) => {
    const { commit, host } = byName.get(identity) ?? {};
    const set = { name: identity, digest: textDigest(text), path, text };
    return { ...set, ...(commit !== undefined && { commit }), ...(host !== undefined && { host }) };
  });
}

/** Gives the text of a planned image set: that of a file that was given, else the plan's own, where it is what was planned. */
function textOf(
  { name, digest, text }: PlannedImageSet,
  files: readonly ConfigFile[],
): string | undefined {
  const given = files
    .filter((file) => (file.identity ?? file.name) === name)
    .map((one) => one.text);
  return [...given, ...(text === undefined ? [] : [text])].find(
    (one) => textDigest(one) === digest,
  );
}

/** The facts that a record of image sets is made from. */
export interface RecordFacts {
  /** Files that were named by whoever applies the plan. */
  readonly files: readonly ConfigFile[];
  readonly state: Pick<State, 'imageSets'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Gives what the state is to know of a plan's image sets once all of it is done; `undefined` where a text is missing.
 *
 * A record that did not change keeps its time, so that a run that does nothing writes nothing.
 */
export function recordsOf(
  plan: Plan,
  { files, state, now }: RecordFacts,
): readonly AppliedImageSet[] | undefined {
  const known = new Map(state.imageSets.map((record) => [record.name, record]));
  const at = formatUtc(now);
  const isIdle = !plan.changes.some(isDeed);
  const records = plan.imageSets.flatMap((set): AppliedImageSet[] => {
    const text = textOf(set, files);
    if (text === undefined) return [];
    const before = known.get(set.name);
    if (isIdle && before?.text === text && before.at !== undefined) return [before];
    const { name, commit, host } = set;
    const facts = { ...(commit !== undefined && { commit }), ...(host !== undefined && { host }) };
    return [{ name, text, ...facts, at }];
  });
  return records.length === plan.imageSets.length ? records : undefined;
}

/** Gives the image sets of a target for which a run does not speak, with what they keep. */
export function findNotReceived(
  state: Pick<State, 'imageSets' | 'placements'>,
  ownImageSets: ReadonlySet<string>,
): readonly KeptImageSet[] {
  return [...knownImageSets(state)]
    .filter(([name]) => !ownImageSets.has(name))
    .map(([name, record]): KeptImageSet => {
      const own = state.placements.filter(
        (one) => one.imageSets.includes(name) && !isAttached(one),
      );
      const sizes = new Map(own.map(({ digest, size }) => [digest, size]));
      return {
        name,
        images: own.length,
        bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
        ...(record?.at !== undefined && { at: record.at }),
        ...(record?.commit !== undefined && { commit: record.commit }),
      };
    });
}
