import { sortedUnique } from '../../base/index.ts';
import type { Change, Plan } from '../../plan/index.ts';
import {
  allowedDeletes,
  countLost,
  countMirrored,
  isOfPlace,
  isRemoval,
} from '../../plan/index.ts';
import {
  agree,
  formatCount,
  formatNumber,
  listNamed,
  listPhrases,
  name,
  type Phrase,
  say,
  shortDigest,
} from '../text/index.ts';
import { isOperatorImage, lostOperators } from './operators.ts';
import { mendList } from './reasons.ts';
import type { Harm, Risk } from './risk.ts';
import { placeName } from './words.ts';

/** Names that a sentence lists. */
const maxNames = 5;

function places(changes: readonly Change[]): Phrase {
  return listNamed(changes.map(placeName), maxNames);
}

function when(changes: readonly Change[], harm: Harm, tell: (found: Phrase) => Phrase): Risk[] {
  return changes.length === 0 ? [] : [{ harm, text: tell(places(changes)) }];
}

function lostImages(plan: Plan): Risk[] {
  const removed = new Set(plan.releases.removed.map(({ digest }) => digest));
  const areOperatorsTold = lostOperators(plan).length > 0;
  const others = plan.changes.filter(
    (change) =>
      change.action === 'delete' &&
      isOfPlace(change) &&
      !(change.release && removed.has(change.release.digest)) &&
      !(areOperatorsTold && isOperatorImage(change)),
  );
  return when(others, 'danger', (found) => {
    const those = agree(others.length, 'that image', 'those images');
    return say`${found} ${agree(others.length, 'goes', 'go')}: a pod that still uses ${those} cannot be started on a node that lacks ${agree(others.length, 'it', 'them')}.`;
  });
}

function movedTags({ changes }: Plan): Risk[] {
  const moved = changes.filter(({ action }) => action === 'retag');
  const example = (change: Change): Phrase => {
    const from =
      change.previous === undefined ? [] : say` from ${name(shortDigest(change.previous))}`;
    return say`${name(placeName(change))}${from} to ${name(shortDigest(change.digest))}`;
  };
  if (moved.length === 0) return [];
  const list = listPhrases(moved.map(example), maxNames);
  const goes = changes.some((change) => change.action === 'delete' && !isOfPlace(change))
    ? ' What was named before goes then; only what asks for it by its digest misses it.'
    : '';
  const text = say`${formatCount(moved.length, 'tag')} will name other content: ${list}. Clients that pull by tag get it with their next pull.${goes}`;
  return [{ harm: 'care', text }];
}

function missing({ changes }: Plan): Risk[] {
  const gone = changes.filter(({ reason }) => reason === 'missing');
  return when(gone, 'care', (found) => {
    return say`${formatCount(gone.length, 'image')} had been mirrored and ${agree(gone.length, 'is', 'are')} missing now (${found}): something else deletes in this registry.`;
  });
}

function stale({ changes, options }: Plan): Risk[] {
  const found = changes.filter(
    ({ action, reason }) => reason === 'stale' && (action === 'delete' || action === 'untag'),
  );
  return when(found, 'care', () => {
    return say`${formatCount(found.length, 'image')} ${agree(found.length, 'goes', 'go')} because no image set wants ${agree(found.length, 'it', 'them')} (${name(`prune: ${options.prune}`)}), not because of this change.`;
  });
}

function outgrown({ changes }: Plan): Risk[] {
  const found = changes.filter((change) => change.outgrown && isRemoval(change));
  return when(found, 'care', () => {
    return say`${formatCount(found.length, 'operator image')} ${agree(found.length, 'goes', 'go')} because the catalog moved on to other bundles, not because of this change.`;
  });
}

function incompleteLists({ changes }: Plan): Risk[] {
  const found = changes.filter(({ reason }) => reason === 'list-incomplete');
  if (found.length === 0) return [];
  const repositories = sortedUnique(found.map(({ repository }) => repository));
  const names = listNamed(repositories, maxNames);
  const text = say`The registry's tag list of ${names} is incomplete: a tag that it leaves out may name any digest, so no digest is deleted there. ${mendList}`;
  return [{ harm: 'care', text }];
}

/** Deletes above this share of `max-delete` are a risk. */
const nearBound = 0.8;

function nearMaxDelete(plan: Plan): Risk[] {
  const { maxDelete } = plan.options;
  const mirrored = countMirrored(plan, []);
  const allowed = allowedDeletes(plan.options, mirrored);
  const lost = countLost(plan.changes);
  if (lost === 0 || lost < allowed * nearBound || lost > allowed) return [];
  const bound =
    'share' in maxDelete ? `${Math.round(maxDelete.share * 100)}%` : String(maxDelete.count);
  const without = lost === plan.totals.delete ? '' : ' without a successor';
  const text = say`${formatNumber(lost)} of ${formatNumber(mirrored)} mirrored images go${without}: close to ${name(`max-delete`)} (${bound}), which would refuse more.`;
  return [{ harm: 'care', text }];
}

function adopted({ changes }: Plan): Risk[] {
  const found = changes.filter(({ reason }) => reason === 'adopted');
  return when(found, 'note', () => {
    return say`${formatCount(found.length, 'image')} that another tool put there ${agree(found.length, 'is', 'are')} adopted: later plans may remove ${agree(found.length, 'it', 'them')}.`;
  });
}

function measured({ totals }: Plan): Risk[] {
  const text = say`The bytes are a lower bound: some manifests could not be read.`;
  return totals.bytesAreExact ? [] : [{ harm: 'note', text }];
}

function afterwards({ totals }: Plan): Risk[] {
  if (totals.delete === 0) return [];
  const text = say`The registry's own garbage collection frees the bytes; until it runs, the command ${name('restore')} can undo the deletion.`;
  return [{ harm: 'note', text }];
}

/** Finds risks of single images, tags, limits and bytes. */
export function findContentRisks(plan: Plan): Risk[] {
  const rules = [
    lostImages,
    movedTags,
    missing,
    stale,
    outgrown,
    incompleteLists,
    nearMaxDelete,
    adopted,
    measured,
    afterwards,
  ];
  return rules.flatMap((rule) => rule(plan));
}
