import { describe, expect, it } from 'vitest';
import { Ledger } from '../../src/apply/ledger.ts';
import type { BegunRequest } from '../../src/apply/request.ts';
import { awaitDeletes } from '../../src/apply/respect.ts';
import type { DecodedSnapshot } from '../../src/state/encode.ts';
import type { EntryId } from '../../src/state/entry-id.ts';
import { emptyState, type State, type StateStore } from '../../src/state/index.ts';
import type { Shelf } from '../../src/state/shelf.ts';
import type { Snapshot } from '../../src/state/snapshot.ts';
import { createStateStore } from '../../src/state/store.ts';
import { effort } from '../support/effort.ts';
import { everyOrder, type Turn } from '../support/interleave.ts';
import { placementOf, stateOf } from '../support/state-facts.ts';

const atOnce: Turn = async (step) => step();
const tokens = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(16));

/** The state as a registry holds it: the entries, and the entry that `default` names. */
interface Content {
  readonly entries: Map<EntryId, Snapshot>;
  head?: DecodedSnapshot | undefined;
  readonly isImmutable: boolean;
}

function describeContent({ entries, head }: Content): string {
  return `${[...entries.keys()].sort().join()} ${head?.id}`;
}

/** Requests after which others may come first; what follows another request at once makes the world smaller. */
type Apart = 'all' | 'writes and lists';

/** The shelf of one run, of which requests are steps of their own. */
function shelfOf(content: Content, turn: Turn, apart: Apart): Shelf {
  const { entries } = content;
  const lesser = apart === 'all' ? turn : atOnce;
  return {
    list: () => turn(() => ({ entries: [...entries.keys()], tagLists: 'honest' as const })),
    read: (id) => lesser(() => entries.get(id)),
    put: (id, snapshot) =>
      turn(() => {
        if (entries.has(id)) throw new Error(`${id} was written before`);
        entries.set(id, snapshot);
      }),
    readHead: () => lesser(() => content.head),
    moveHead: (id) =>
      lesser(() => {
        const snapshot = entries.get(id);
        if (!snapshot || (content.isImmutable && content.head)) return 'refused';
        content.head = { id, snapshot };
        return 'moved';
      }),
    async drop(ids) {
      for (const id of ids) await lesser(() => entries.delete(id));
    },
    undo: { read: async () => undefined, write: () => Promise.reject(), list: async () => [] },
  };
}

const opened = (
  content: Content,
  run: number,
  { turn = atOnce, apart = 'all' }: { readonly turn?: Turn; readonly apart?: Apart } = {},
): StateStore => createStateStore(shelfOf(content, turn, apart), tokens[run] ?? '');

/** Opens the store of a run that has read already: the others have too, and nobody has written. */
async function openedAfterRead(
  content: Content,
  run: number,
  { turn, apart }: { readonly turn: Turn; readonly apart: Apart },
): Promise<StateStore> {
  let hasRead = false;
  const late: Turn = (step, isReady) => (hasRead ? turn(step, isReady) : atOnce(step));
  const store = opened(content, run, { turn: late, apart });
  await store.read();
  hasRead = true;
  return store;
}

const wishing =
  (tag: string, name: string) =>
  (state: State): State => ({
    ...state,
    placements: [...state.placements, placementOf(tag, name)],
  });
const without =
  (tag: string) =>
  (state: State): State => ({
    ...state,
    placements: state.placements.filter((place) => place.tag !== tag),
  });

async function wantedIn(content: Content): Promise<readonly string[]> {
  const found = await opened(content, 3).read();
  return (found?.state.placements ?? []).map(({ tag, imageSets }) => `${tag} ${imageSets.join()}`);
}

/** A content in which an earlier run wrote what `first` says. */
async function contentWith(first: State, isImmutable: boolean): Promise<Content> {
  const content: Content = { entries: new Map(), isImmutable };
  await opened(content, 3).update(() => first, 'final');
  return content;
}

function copyOf(content: Content): Content {
  return { ...content, entries: new Map(content.entries) };
}

describe.each(effort.some([false, true], 1))(
  'a state of many writers (tags immutable: %s)',
  (isImmutable) => {
    it('keeps what two runs add and remove, in every order of their requests', async () => {
      const first = await contentWith(
        stateOf(placementOf('x', 'one'), placementOf('y', 'one')),
        isImmutable,
      );
      const worlds = await everyOrder(2, () => {
        const content = copyOf(first);
        return {
          start: ([a = atOnce, b = atOnce]) => [
            openedAfterRead(content, 0, { turn: a, apart: 'all' }).then((store) =>
              store.update(wishing('z', 'one'), 'final'),
            ),
            openedAfterRead(content, 1, { turn: b, apart: 'all' }).then((store) =>
              store.update(without('x'), 'final'),
            ),
          ],
          describe: () => describeContent(content),
          check: async () => expect(await wantedIn(content)).toEqual(['y one', 'z one']),
        };
      });
      expect(worlds).toBeGreaterThan(20);
    }, 120_000);

    it('is never read without what a run wrote that had ended before', async () => {
      const first = await contentWith(stateOf(placementOf('x', 'one')), isImmutable);
      const worlds = await everyOrder(2, () => {
        const content = copyOf(first);
        let hasEnded = false;
        return {
          start: ([a = atOnce, b = atOnce]) => [
            (async () => {
              const writer = opened(content, 0, { turn: a });
              await writer.update(wishing('y', 'two'), 'interim');
              await writer.update(wishing('z', 'two'), 'final');
              hasEnded = true;
            })(),
            (async () => {
              const mustSee = await b(() => hasEnded);
              const found = await opened(content, 1, { turn: b }).read();
              const tags = found?.state.placements.map(({ tag }) => tag) ?? [];
              expect(tags).toContain('x');
              if (mustSee) expect(tags).toEqual(['x', 'y', 'z']);
            })(),
          ],
          describe: () => `${describeContent(content)} ${hasEnded}`,
          check: () => {},
        };
      });
      expect(worlds).toBeGreaterThan(20);
    }, 120_000);

    it('keeps what three runs wrote that had read the same', async () => {
      const worlds = await everyOrder(3, () => {
        const content: Content = { entries: new Map(), isImmutable };
        return {
          start: (turns) =>
            turns.map(async (turn, run) => {
              const store = await openedAfterRead(content, run, {
                turn,
                apart: 'writes and lists',
              });
              // A put and a list.
              await store.update(wishing(`t${run}`, `set${run}`), 'interim');
            }),
          describe: () => describeContent(content),
          async check() {
            expect(await wantedIn(content)).toEqual(['t0 set0', 't1 set1', 't2 set2']);
            await opened(content, 0).read();
            await opened(content, 2).update(without('t0'), 'final');
            expect(content.entries.size).toBe(1);
            expect(await wantedIn(content)).toEqual(['t1 set1', 't2 set2']);
          },
        };
      });
      expect(worlds).toBeGreaterThan(20);
    }, 120_000);
  },
);

describe('a delete next to a mirror', () => {
  const image = 'mirror/app@sha256:x';

  /** The steps of an apply that removes an image which only its own image set wanted. */
  async function remove(store: StateStore, target: Set<string>, turn: Turn, ledger: Ledger) {
    await ledger.say({ deletes: [image] });
    const isWanted = ledger.state.placements.some(({ imageSets }) => imageSets.includes('theirs'));
    const isClaimed = ledger.others.some(({ claims }) => claims.includes(image));
    if (!isWanted && !isClaimed) await turn(() => target.delete(image));
    await ledger.record(isWanted || isClaimed ? (state) => state : without('x'));
    return store;
  }

  /** The steps of an apply that wants the image for another image set, whether it is there already or not. */
  async function want(target: Set<string>, turn: Turn, request: BegunRequest) {
    const { ledger } = request;
    let isThere = await turn(() => target.has(image));
    if (!isThere) {
      await ledger.say({ claims: [image] });
      await awaitDeletes([image], request);
      await turn(() => target.add(image));
    }
    await ledger.record(wishing('w', 'theirs'));
    if (!ledger.hasOthers) return;
    await awaitDeletes([image], request);
    isThere = await turn(() => target.has(image));
    if (!isThere) {
      await ledger.say({ claims: [image] });
      await turn(() => target.add(image));
      await ledger.record((state) => state);
    }
  }

  it.each(effort.some([true, false], 1))(
    'leaves an image that a run wants which has ended (it is there at first: %s)',
    async (isThereAtFirst) => {
      const first = await contentWith(stateOf(placementOf('x', 'ours')), false);
      const stored = (await opened(first, 3).read())?.state ?? emptyState();
      let steps = 0;
      let asleepSince: number | undefined;
      const worlds = await everyOrder(2, () => {
        [steps, asleepSince] = [0, undefined];
        const content = copyOf(first);
        const target = new Set(isThereAtFirst ? [image] : []);
        const counted =
          (turn: Turn): Turn =>
          (step, isReady) =>
            turn(() => {
              steps += 1;
              return step();
            }, isReady);
        const open = async (run: number, turn: Turn) => {
          const store = await openedAfterRead(content, run, { turn, apart: 'writes and lists' });
          let now = 0;
          const clock = {
            now: () => now,
            random: () => 0,
            // A waiting run looks again only after the other run did something.
            sleep: async (ms: number) => {
              const before = steps;
              asleepSince = before;
              await turn(
                () => {},
                () => steps > before,
              );
              asleepSince = undefined;
              now += ms;
            },
          };
          const ledger = new Ledger({
            store,
            clock,
            stored,
            area: { prefix: '' },
            planDigest: 'sha256:plan',
            imageSets: [`set${run}`],
          });
          return { store, ledger, clock };
        };
        return {
          start: (turns) => {
            const [a = atOnce, b = atOnce] = turns.map(counted);
            return [
              open(0, a).then(({ store, ledger }) => remove(store, target, a, ledger)),
              open(1, b).then(({ ledger, clock }) =>
                want(target, b, { ledger, clock } as unknown as BegunRequest),
              ),
            ];
          },
          describe: () => `${describeContent(content)} ${[...target].join()} ${asleepSince}`,
          async check() {
            expect(target.has(image)).toBe(true);
            expect(await wantedIn(content)).toContain('w theirs');
          },
        };
      });
      expect(worlds).toBeGreaterThan(20);
    },
    300_000,
  );
});
