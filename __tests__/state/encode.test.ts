import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/oci/index.ts';
import { decodeSnapshot, encodeSnapshot } from '../../src/state/encode.ts';
import { entryId } from '../../src/state/entry-id.ts';
import { sayState, stateOfSnapshot } from '../../src/state/facts.ts';
import { decodeUndo, encodeUndo, type State } from '../../src/state/index.ts';
import {
  emptySnapshot,
  haveSameFacts,
  highestNumber,
  joinSnapshots,
  type Snapshot,
} from '../../src/state/snapshot.ts';
import { effort } from '../support/effort.ts';
import { decodeState, encodeState, placementOf, undoOf } from '../support/state-facts.ts';

const [token, otherToken] = ['a', 'b'].map((letter) => letter.repeat(16)) as [string, string];

function sayIn(before: Snapshot, state: State, by = token): Snapshot {
  return sayState(before, state, entryId(highestNumber(before) + 1, by)) ?? before;
}

const digest = digestOf(new Uint8Array());

const full: State = {
  imageSets: [
    { name: 'a.yaml', text: 'kind: ImageSetConfiguration\n# Zürich\n' },
    {
      name: 'r.example/o/n//b.yaml',
      text: '',
      commit: 'c0ffee',
      at: '2026-01-01T00:00:00Z',
      host: 'm',
    },
  ],
  runs: [
    { id: 1, at: '2026-01-01T00:00:00Z', planDigest: digest },
    { id: 2, at: '2026-01-02T00:00:00Z', planDigest: digest, commit: 'c0ffee', undo: digest },
    { id: 2, token, at: '2026-01-02T00:00:00Z', planDigest: digest },
  ],
  placements: [
    placementOf('4.16.5-cli', 'a.yaml'),
    {
      ...placementOf('4.16.6-cli', 'a.yaml', 'b.yaml'),
      component: 'cli',
      replaced: [digest],
      release: { version: '4.16.6', architecture: 'amd64', channel: 'stable-4.16', digest },
    },
  ],
  pending: [
    {
      id: 3,
      token,
      planDigest: digest,
      imageSets: ['a.yaml'],
      until: '2026-01-03T00:15:00Z',
      claims: ['mirror/a:1', `mirror/a@${digest}`],
      deletes: [],
    },
  ],
};

const linesOf = (bytes: Uint8Array) => gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
const packed = (...lines: unknown[]) =>
  gzipSync(
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
const header = { kind: 'imageset-mirror.state', formatVersion: '1.0' };
const entry = entryId(7, token);
const newHeader = { ...header, formatVersion: '2.0', entry, seen: { [token]: 7 } };
const placement = placementOf('t', 'a.yaml');

describe('an encoded state', () => {
  it('says again what was encoded', () => {
    expect(decodeState(encodeState(full))).toEqual(full);
  });

  it('has a header that names its format, then one JSON line for each fact', () => {
    const lines = linesOf(encodeState(full));
    expect(lines).toHaveLength(9);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ ...header, formatVersion: '2.0' });
  });

  it('is the same bytes whatever the order of the facts, and holds no time and no system', () => {
    const placements = fc.shuffledSubarray([...full.placements], { minLength: 2 });
    const names = fc.shuffledSubarray(['b.yaml', 'a.yaml', 'a.yaml'], { minLength: 3 });
    fc.assert(
      fc.property(placements, names, (shuffled, imageSets) => {
        const state = {
          ...full,
          runs: full.runs.toReversed(),
          imageSets: full.imageSets.toReversed(),
          placements: shuffled.map((one) => (one.component ? { ...one, imageSets } : one)),
        };
        expect(encodeState(state)).toEqual(encodeState(full));
      }),
    );
    expect([...encodeState(full).subarray(4, 10)]).toEqual([0, 0, 0, 0, 2, 255]);
  });

  it('differs when any fact differs', () => {
    const { pending: _, ...settled } = full;
    for (const other of [settled, { ...full, runs: [] }, { ...full, placements: [placement] }]) {
      expect(encodeState(other)).not.toEqual(encodeState(full));
    }
  });

  it('of format 1.0 is read as one entry, named by its digest', () => {
    const old = packed(
      { ...header, pending: { planDigest: digest } },
      { imageSet: { name: 'a.yaml', text: 'x' } },
      { run: full.runs[0] },
      { placement },
    );
    const { id, snapshot } = decodeSnapshot(old, otherToken);
    expect(id).toBe(entryId(0, otherToken));
    expect(stateOfSnapshot(snapshot)).toEqual({
      imageSets: [{ name: 'a.yaml', text: 'x' }],
      runs: [full.runs[0]],
      placements: [placement],
    });
  });

  it('keeps who said what, also where two runs said something at once', () => {
    const first = sayIn(emptySnapshot, full);
    const [a, b] = [
      { ...full, placements: [{ ...placement, imageSets: ['a.yaml', 'b.yaml'] }] },
      { ...full, placements: [{ ...placement, size: 7, imageSets: ['a.yaml', 'c.yaml'] }] },
    ].map((state, at) => sayIn(first, state, at === 0 ? token : otherToken));
    if (!a || !b) throw new Error('two snapshots');
    const joined = joinSnapshots(a, b);
    const { id, snapshot } = decodeSnapshot(encodeSnapshot(joined, entryId(2, token)), otherToken);
    expect(id).toBe(entryId(2, token));
    expect(haveSameFacts(snapshot, joined)).toBe(true);
    expect(new Map(snapshot.seen)).toEqual(new Map(joined.seen));
    const [place] = stateOfSnapshot(snapshot).placements;
    expect(place?.imageSets).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
  });

  it('takes a line that names no entry for one of its own', () => {
    const { snapshot } = decodeSnapshot(packed(newHeader, { placement }), otherToken);
    expect([...snapshot.facts.values()].map(({ by }) => by)).toEqual([entry, entry]);
  });

  it('of a newer version is refused with the advice to use a newer tool', () => {
    const newer = packed({ ...header, formatVersion: '3.0' });
    expect(() => decodeState(newer)).toThrow(
      expect.objectContaining({
        code: 'STATE_FORMAT',
        message: expect.stringContaining('3.0'),
        hint: expect.stringContaining('as new as'),
      }),
    );
  });

  it.each([
    ['no gzip', new Uint8Array([1, 2, 3])],
    ['cut gzip', encodeState(full).subarray(0, -20)],
    ['nothing', gzipSync('')],
    ['a cut line', gzipSync(`${JSON.stringify(header)}\n{"placement"`)],
    ['no header', packed({ placement })],
    ['undo records', encodeUndo([undoOf('t')])],
    ['a line that is not JSON', packed(header, 'placement')],
    ['a line that is null', packed(header, 'null')],
    ['an unknown line', packed(header, { wish: {} })],
    ['two facts in a line', packed(header, { placement, run: full.runs[0] })],
    ['a fact and more in a line', packed(header, { placement, wish: {} })],
    ['an unknown field', packed(header, { placement: { ...placement, extra: 1 } })],
    ['a missing field', packed(header, { placement: { ...placement, origin: undefined } })],
    ['no digest', packed(header, { placement: { ...placement, digest: 'sha256:7' } })],
    ['a path', packed(header, { placement: { ...placement, repository: '../../etc' } })],
    ['a tag with a slash', packed(header, { placement: { ...placement, tag: 'a/b' } })],
    ['an unknown kind', packed(header, { placement: { ...placement, kind: 'toString' } })],
    ['a negative size', packed(header, { placement: { ...placement, size: -1 } })],
    ['names that are no texts', packed(header, { placement: { ...placement, imageSets: [1] } })],
    ['one place twice', packed(header, { placement }, { placement: { ...placement, size: 2 } })],
    ['a header without its own entry', packed({ ...newHeader, seen: {} })],
    ['a header that names no entry', packed({ ...newHeader, entry: '7' })],
    ['a header with a count that is none', packed({ ...newHeader, seen: { [token]: 'x' } })],
    ['a header with a token that is none', packed({ ...newHeader, seen: { [token]: 7, x: 1 } })],
    [
      'a line of an entry that was not seen',
      packed(newHeader, { placement, by: entryId(8, token) }),
    ],
    ['a line of no entry', packed(newHeader, { placement, by: 'x' })],
    ['a wish of no entry', packed(newHeader, { placement, wishes: [{ imageSet: 'a', by: [1] }] })],
    ['bytes that are not UTF-8', gzipSync(Buffer.from([0x7b, 0xff, 0x7d, 0x0a]))],
  ])('with %s is refused whole', (_, bytes) => {
    expect(() => decodeState(bytes)).toThrow(
      expect.objectContaining({ code: 'STATE_FORMAT', hint: expect.any(String) }),
    );
  });

  it.each([
    [{ placement: { ...placement, tag: 'a/b' } }, '"placement.tag" of line 2 is not'],
    [{ placement: { ...placement, 'x](evil': 1 } }, 'line 2 has unknown fields'],
    [{ placement, run: full.runs[0] }, 'line 2 is not'],
  ])('names the line and the field that refuse %j, and quotes nothing of it', (line, message) => {
    const refusal = expect.objectContaining({
      message: expect.stringMatching(/^The stored state cannot be read: ["\w. ]+\.$/),
    });
    expect(() => decodeState(packed(newHeader, line))).toThrow(refusal);
    expect(() => decodeState(packed(newHeader, line))).toThrow(message);
  });

  it('never throws anything but its own refusal, whatever its lines say', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 4 }), (lines) => {
        try {
          decodeState(packed(newHeader, ...lines));
        } catch (error) {
          expect(error).toHaveProperty('code', 'STATE_FORMAT');
        }
      }),
    );
  });
});

describe('what is unpacked', () => {
  const refused = (bytes: Uint8Array) => () => decodeState(bytes);
  const line = `${JSON.stringify({ placement })}\n`;
  const headLine = `${JSON.stringify(newHeader)}\n`;

  const imageSetLine = (_: unknown, at: number) => `{"imageSet":{"name":"${at}","text":""}}\n`;
  const deep = `{"placement":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const limits = [
    ['500000 lines', () => Array.from({ length: 500_000 }, imageSetLine).join('')],
    ['8388608 bytes in line 2', () => `{"x":"${'y'.repeat(9 * 1024 * 1024)}"}\n`],
    ['67108864 bytes', () => ' '.repeat(65 * 1024 * 1024)],
    ['16 levels in line 2', () => `${deep}\n`],
  ] as const;

  it.each(effort.some(limits, 2))(
    'has a limit: %s',
    (limit, makeText) => {
      const bytes = gzipSync(headLine + makeText(), { level: 1 });
      expect(refused(bytes)).toThrow(
        expect.objectContaining({ code: 'STATE_FORMAT', message: expect.stringContaining(limit) }),
      );
    },
    60_000,
  );

  it('ends at the first line that says nothing, however many follow', () => {
    const text = headLine + '{"placement":{}}\n'.repeat(3_000_000);
    expect(refused(gzipSync(text, { level: 1 }))).toThrow(
      expect.objectContaining({ code: 'STATE_FORMAT' }),
    );
  }, 60_000);

  it('takes brackets inside texts for texts', () => {
    const text = '[{"\\'.repeat(100);
    const bytes = packed(newHeader, { imageSet: { name: 'a.yaml', text } });
    expect(decodeState(bytes).imageSets).toEqual([{ name: 'a.yaml', text }]);
  });

  it('has a place for some hundred thousand placements', () => {
    const length = effort.isShort ? 10_000 : 100_000;
    const lines = Array.from({ length }, (_, at) => line.replace('"t"', `"t${at}"`));
    expect(decodeState(gzipSync(headLine + lines.join(''))).placements).toHaveLength(length);
  }, 60_000);
});

describe('encoded undo records', () => {
  it('say again what was encoded, byte for byte', () => {
    const bytes = new Uint8Array([0, 255, 10, 13, 34]);
    const child = { digest: digestOf(bytes), mediaType: 'x/y', raw: bytes };
    const record = { ...undoOf('t'), manifests: [child, ...undoOf('t').manifests] };
    const replaced = { ...undoOf('u'), replacedBy: digest };
    expect(decodeUndo(encodeUndo([record, replaced]))).toEqual([record, replaced]);
  });

  it('are refused when the bytes are not what their digest names', () => {
    const [head = '', line = ''] = linesOf(encodeUndo([undoOf('t')]));
    const forged = line.replace(/"raw":"[^"]*"/, `"raw":"${btoa('other')}"`);
    expect(() => decodeUndo(packed(head, forged))).toThrow(
      expect.objectContaining({ code: 'STATE_FORMAT' }),
    );
  });
});
