import { digestOf } from '../../src/oci/index.ts';
import type { Action, Change, ChangeFacts, Decision, Plan, Totals } from '../../src/plan/index.ts';

const encoder = new TextEncoder();

/** Counts of an empty plan. */
export const noTotals: Totals = {
  mirror: 0,
  retag: 0,
  keep: 0,
  delete: 0,
  untag: 0,
  hold: 0,
  bytesToMirror: 0,
  bytesToFree: 0,
  bytesKept: 0,
  bytesAreExact: true,
};

const source = 'quay.io/team/app';
const fates = {
  mirror: { action: 'mirror', reason: 'wanted', source },
  retag: { action: 'retag', reason: 'moved', source, previous: digestOf(encoder.encode('old')) },
  keep: { action: 'keep', reason: 'mirrored' },
  delete: { action: 'delete', reason: 'removed' },
  untag: { action: 'untag', reason: 'shared' },
  hold: { action: 'hold', reason: 'protected' },
} as const satisfies Record<Action, Decision>;

/** Gives an action with a reason that fits. */
export function fateOf<A extends Action>(action: A): (typeof fates)[A] {
  return fates[action];
}

/** One change of the place `team/app:<tag>`. */
export function changeOf<A extends Action>(
  action: A,
  tag: string,
): ChangeFacts & (typeof fates)[A] {
  return {
    ...fates[action],
    kind: 'generic',
    repository: 'team/app',
    tag,
    digest: digestOf(encoder.encode(tag)),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    origin: `quay.io/team/app:${tag}`,
    causes: [],
    size: 1000,
    bytes: 1000,
  };
}

/** A plan with the given changes; `base` is the commit that it starts from. */
export function planOf(changes: readonly Change[], base?: string): Plan {
  const count = (action: Change['action']) => changes.filter((c) => c.action === action).length;
  return {
    formatVersion: '1.1',
    digest: digestOf(encoder.encode(changes.map((c) => `${c.action} ${c.tag}`).join())),
    tool: 'test',
    target: { registry: 'registry.example.com', prefix: '' },
    base: base === undefined ? { from: 'none' } : { commit: base, from: 'state' },
    head: { from: 'event' },
    options: { prune: 'removed', maxDelete: { share: 0.5 }, protect: [] },
    imageSets: [],
    speaksFor: [],
    edits: [],
    changes,
    releases: { added: [], removed: [], kept: [] },
    graphs: [],
    diagnostics: [],
    totals: {
      ...noTotals,
      mirror: count('mirror'),
      retag: count('retag'),
      delete: count('delete'),
      untag: count('untag'),
      hold: count('hold'),
    },
  };
}
