import { applyPlan } from '../apply/index.ts';
import { type Diagnostic, formatDiagnostic } from '../diagnostic.ts';
import { ConfigError } from '../errors.ts';
import { formatImageSet, loadImageSet, placeKey } from '../imageset/index.ts';
import {
  type BasePlacement,
  checkDeleteImageList,
  createDeleteImageList,
  deleteItems,
  type PlacedDeleteItem,
  type Plan,
  parseDeleteImageList,
} from '../plan/index.ts';
import { planExplicitDelete } from './explicit-delete.ts';
import { collectAll, joinCollections } from './gather.ts';
import { readState, withSession } from './session.ts';
import type {
  ConfigFile,
  DeleteGenerateReport,
  DeleteGenerateRequest,
  DeleteReport,
  Listener,
  Settings,
} from './types.ts';

/** Says what is left out of a list, so that nobody wonders. */
function heldDiagnostics({ changes }: Plan): Diagnostic[] {
  return changes
    .filter(({ action }) => action === 'hold')
    .map((change): Diagnostic => {
      const names = (change.holders ?? []).map(({ name }) => name);
      const by = names.length > 0 ? ` by ${names.join(', ')}` : '';
      return {
        severity: 'warning',
        code: 'held',
        summary: 'An image is left out of the list.',
        detail: `${placeKey(change)} is held${by} (${change.reason}).`,
        text: change.origin,
        at: change.causes[0]?.at,
      };
    });
}

/**
 * Writes the list of what a DeleteImageSetConfiguration means: manifests that nothing else in their repositories shares,
 * and under `untag` the tags of those that are shared.
 *
 * Effects: reads only; the target is asked, since only it knows what is shared.
 * @throws ConfigError `CONFIG_INVALID` in oc-mirror's words, RegistryError when the target cannot be asked
 */
export async function deleteGenerate(
  settings: Settings,
  { file }: DeleteGenerateRequest,
): Promise<DeleteGenerateReport> {
  const { imageSet, refusal = '' } = loadImageSet(file, 'DeleteImageSetConfiguration');
  if (!imageSet) throw new ConfigError('CONFIG_INVALID', refusal);
  return await withSession(settings, async (session) => {
    const { placements, failures, diagnostics } = joinCollections(
      await collectAll([imageSet], session),
    );
    const { plan } = await planExplicitDelete(placements, await readState(session), session);
    const { items, untag } = deleteItems(plan);
    return {
      deleteImages: createDeleteImageList(plan),
      deleteImageSetConfig: formatImageSet(imageSet.kind, imageSet.mirror),
      count: items.length + untag.length,
      diagnostics: [...diagnostics, ...heldDiagnostics(plan)],
      failures,
    };
  });
}

/** @throws ConfigError `CONFIG_INVALID` with everything that is wrong with the list */
function readList({ name, text }: ConfigFile) {
  const { list, diagnostics } = parseDeleteImageList(text, name);
  if (list) return list;
  throw new ConfigError('CONFIG_INVALID', diagnostics.map(formatDiagnostic).join('\n'), {
    at: diagnostics[0]?.at,
  });
}

function toWish({ place, type, imageName, at }: PlacedDeleteItem): BasePlacement {
  const { file } = at;
  return {
    source: { registry: '', repository: '' },
    target: place,
    kind: type,
    origin: imageName.replace(/^docker:\/\//, ''),
    causes: [{ imageSet: file, path: 'items', at }],
  };
}

/** What is merely kept is not this run's: it is neither shown nor recorded as ours. */
function removalsOf(plan: Plan): Plan {
  const changes = plan.changes.filter(({ action }) => action !== 'keep');
  return { ...plan, changes, totals: { ...plan.totals, keep: 0, bytesKept: 0 } };
}

/**
 * Deletes what a DeleteImageList names, this tool's or oc-mirror's.
 *
 * What other tags share stays, and only the listed tag goes. Items of other targets are refused, the rest proceeds.
 * @throws ConfigError `CONFIG_INVALID`, RegistryError when the target cannot be asked
 */
export async function deleteExecute(
  settings: Settings,
  file: ConfigFile,
  listener: Listener,
): Promise<DeleteReport> {
  const read = readList(file);
  return await withSession(settings, async (session) => {
    const { list, refused } = checkDeleteImageList(read, session.target);
    const wishes = [...list.items, ...list.untag].map(toWish);
    const stored = await readState(session);
    const { plan, input } = await planExplicitDelete(wishes, stored, session);
    const { endpoints, store } = session;
    const { clock, signal, log } = settings;
    const request = {
      plan: removalsOf(plan),
      input,
      stored,
      endpoints,
      store,
      clock,
      signal,
      log,
      listener,
    };
    return { result: await applyPlan(request), refused };
  });
}
