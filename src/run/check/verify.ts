import { type Damage, findForeignTags, verifyTarget } from '../../apply/index.ts';
import { listNames } from '../../base/index.ts';
import { formatDiagnostic } from '../../diagnostic.ts';
import { type ConfigFile, isAttached } from '../../imageset/index.ts';
import { type Session, withSession } from '../session.ts';
import { knownTo, outsideDiagnostics, readState, type Stored } from '../stored.ts';
import type { CheckReport, ImageFailure, Listener, Settings } from '../types.ts';
import type { Repair } from './repair.ts';
import { reportPlaces } from './report.ts';

/**
 * Finds image sets of which a part was mirrored and never all: something that they want is missing.
 *
 * The text of an image set is recorded by the first run that does all of it.
 */
function findUnfinished({ imageSets, placements }: Stored['state']): ImageFailure[] {
  const whole = new Set(imageSets.map(({ name }) => name));
  const named = new Set(placements.flatMap((placement) => placement.imageSets));
  return [...named]
    .filter((name) => !whole.has(name))
    .sort()
    .map((name) => ({
      kind: 'additional',
      origin: name,
      message: 'the image set was mirrored in part only, so that something it wants is missing',
      side: 'target',
      hint: 'Mirror it again and look at what fails.',
    }));
}

function sayStale(placements: Stored['state']['placements']): string[] {
  const { length } = placements.filter((one) => one.imageSets.length === 0 && !isAttached(one));
  if (length === 0) return [];
  return [
    `Stale: no image set wants ${length} of the images; a plan that prunes stale images removes them.`,
  ];
}

function sayForeign(tags: readonly string[]): string[] {
  if (tags.length === 0) return [];
  return [`Foreign: this tool did not put these tags next to its images: ${listNames(tags)}.`];
}

/** A request to verify. */
export interface VerifyRequest {
  /** Brings back from the sources what is missing or damaged. */
  readonly repairs?: boolean;
  /** Image sets, for which new upstream content is looked for; absent: it is not. */
  readonly files?: readonly ConfigFile[];
}

/** The target compared with its state. */
interface Checked {
  readonly stored: Stored;
  readonly damages: readonly Damage[];
}

/** Leaves out images that another run removed meanwhile. */
function onlyKnown(damages: readonly Damage[], stored: Stored): readonly Damage[] {
  const isKnown = knownTo(stored);
  return damages.filter(({ placement }) => isKnown(placement, placement.digest));
}

/**
 * Compares the target with its state.
 *
 * A look takes time in which another run may have removed images. So the state is read again before anything counts as missing.
 */
async function compare(session: Session, listener: Listener): Promise<Checked> {
  const before = await readState(session);
  const depth = session.settings.verifyDepth;
  const { placements } = before.state;
  const found = await verifyTarget(placements, session.endpoints, { depth, listener });
  if (found.length === 0) return { stored: before, damages: found };
  const stored = await readState(session);
  return { stored, damages: onlyKnown(found, stored) };
}

/**
 * Checks that everything that the state lists is there and whole. Reads only, unless it is to repair.
 *
 * A repair brings back by digest what is missing or damaged, and then looks at it again, down to every blob.
 * @throws RegistryError when the target does not answer
 */
export async function verify(
  settings: Settings,
  listener: Listener,
  { repairs = false, files = [] }: VerifyRequest = {},
): Promise<CheckReport> {
  return await withSession(settings, async (session) => {
    const found = await compare(session, listener);
    const { stored, ...repair } = repairs
      ? await mend(found, session, listener)
      : { stored: found.stored, left: found.damages, notes: [], repaired: 0 };
    const checked = await reportOf(repair, stored, session);
    const report =
      files.length > 0 ? await withNews(checked, files, { stored, settings }) : checked;
    const damaged = found.damages.filter(({ isMoved }) => isMoved !== true).length;
    return { ...report, damaged, ...(repairs && { changed: repair.repaired }) };
  });
}

/** Repairs what was found, and reads the state anew: a repair takes time too. */
async function mend(
  { stored, damages }: Checked,
  session: Session,
  listener: Listener,
): Promise<Repair & Pick<Checked, 'stored'>> {
  if (damages.length === 0) return { stored, left: [], repaired: 0, notes: [] };
  const { repair } = await import('./repair.ts');
  const repaired = await repair(damages, { stored, session, listener });
  const now = await readState(session);
  return { ...repaired, stored: now, left: onlyKnown(repaired.left, now) };
}

async function withNews(
  report: CheckReport,
  files: readonly ConfigFile[],
  { stored, settings }: { readonly stored: Stored; readonly settings: Settings },
): Promise<CheckReport> {
  // Most runs look for nothing new, so only those load this code.
  const { findNews } = await import('./upstream.ts');
  const { news, notes } = await findNews(files, stored.state.placements, settings);
  return { ...report, news, notes: [...report.notes, ...notes] };
}

async function reportOf(
  { left, notes }: Pick<Repair, 'left' | 'notes'>,
  stored: Stored,
  { endpoints }: Session,
): Promise<CheckReport> {
  const { state } = stored;
  const unfinished = findUnfinished(state);
  const foreign = await findForeignTags(state.placements, endpoints);
  const places = state.placements.map((placement) => ({ placement }));
  const report = reportPlaces(places, left);
  return {
    ...report,
    total: report.total + unfinished.length,
    imageFailures: [...report.imageFailures, ...unfinished],
    notes: [
      ...(places.length === 0 ? ['Nothing was mirrored to this target by this tool yet.'] : []),
      ...notes,
      ...sayStale(state.placements),
      ...sayForeign(foreign),
      ...outsideDiagnostics(stored).map(formatDiagnostic),
    ],
  };
}
