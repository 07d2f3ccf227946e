import { placeKey } from '../imageset/index.ts';
import { type Fields, unreadableState } from './fields.ts';
import { decodeLines, encodeLines, formatVersion, linesText } from './lines.ts';
import { readPlacement, writePlacement } from './placement-line.ts';
import type { AppliedImageSet, AppliedRun, State } from './types.ts';

/**
 * Encodes a state as gzipped JSON lines; states that say the same give the same bytes.
 *
 * Shape: a header `{kind, formatVersion, pending?}`, then one line for each image set, run and placement.
 * Order: image sets by name, runs by id, placements by repository and tag, whatever their order in `state`.
 */
export function encodeState(state: State): Uint8Array {
  return encodeLines('imageset-mirror.state', headerOf(state), linesOf(state));
}

/** Tells whether two states say the same, so that nothing needs to be written. */
export function sameState(a: State, b: State): boolean {
  const [textOfA, textOfB] = [a, b].map((state) =>
    linesText('imageset-mirror.state', headerOf(state), linesOf(state)),
  );
  return textOfA === textOfB;
}

/**
 * Decodes a state.
 * @throws PlanError `STATE_FORMAT` for an unknown version, and for any line that is not exactly as this tool writes it.
 */
export function decodeState(bytes: Uint8Array): State {
  const { header, lines } = decodeLines('imageset-mirror.state', bytes);
  const pending = header.optionalObject('pending');
  const planDigest = pending?.text('planDigest');
  pending?.end();
  header.end();
  const state = {
    formatVersion,
    imageSets: [] as AppliedImageSet[],
    runs: [] as AppliedRun[],
    placements: [] as State['placements'][number][],
    ...(planDigest !== undefined && { pending: { planDigest } }),
  } as const;
  for (const line of lines) readLine(line, state);
  refuseDuplicates(
    'image sets',
    state.imageSets.map(({ name }) => name),
  );
  refuseDuplicates(
    'runs',
    state.runs.map(({ id }) => String(id)),
  );
  refuseDuplicates('placements', state.placements.map(placeKey));
  return state;
}

function headerOf({ pending }: State): Record<string, unknown> {
  return pending ? { pending: { planDigest: pending.planDigest } } : {};
}

function linesOf(state: State): readonly unknown[] {
  const imageSets = state.imageSets.map(writeImageSet);
  return [
    ...sortBy(imageSets, ({ name }) => name).map((imageSet) => ({ imageSet })),
    ...[...state.runs].sort((a, b) => a.id - b.id).map((run) => ({ run: writeRun(run) })),
    ...sortBy(state.placements, placeKey).map((found) => ({ placement: writePlacement(found) })),
  ];
}

/** Sorts by code units: the order of a locale differs between machines. */
function sortBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ item }) => item);
}

function writeImageSet({ name, text, commit, at }: AppliedImageSet): AppliedImageSet {
  return { name, text, ...(commit !== undefined && { commit }), ...(at !== undefined && { at }) };
}

function writeRun({ id, at, planDigest, commit, undo }: AppliedRun): AppliedRun {
  return { id, at, planDigest, ...(commit !== undefined && { commit }), ...(undo && { undo }) };
}

function readLine(
  line: Fields,
  state: {
    imageSets: AppliedImageSet[];
    runs: AppliedRun[];
    placements: State['placements'][number][];
  },
): void {
  const imageSet = line.optionalObject('imageSet');
  const run = line.optionalObject('run');
  const placement = line.optionalObject('placement');
  line.end();
  if ([imageSet, run, placement].filter(Boolean).length !== 1) {
    throw unreadableState('a line is neither an image set nor a run nor a placement');
  }
  if (imageSet) state.imageSets.push(readImageSet(imageSet));
  if (run) state.runs.push(readRun(run));
  if (placement) state.placements.push(readPlacement(placement));
}

function readImageSet(fields: Fields): AppliedImageSet {
  const [commit, at] = [fields.optionalText('commit'), fields.optionalText('at')];
  const imageSet = {
    name: fields.text('name'),
    text: fields.text('text', /^/),
    ...(commit !== undefined && { commit }),
    ...(at !== undefined && { at }),
  };
  fields.end();
  return imageSet;
}

function readRun(fields: Fields): AppliedRun {
  const commit = fields.optionalText('commit');
  const undo = fields.optionalDigest('undo');
  const run: AppliedRun = {
    id: fields.count('id'),
    at: fields.text('at'),
    planDigest: fields.text('planDigest'),
    ...(commit !== undefined && { commit }),
    ...(undo !== undefined && { undo }),
  };
  fields.end();
  return run;
}

function refuseDuplicates(what: string, keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw unreadableState(`two of its ${what} are the same`);
}
