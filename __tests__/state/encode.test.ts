import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/oci/index.ts';
import {
  decodeState,
  decodeUndo,
  encodeState,
  encodeUndo,
  type State,
  sameState,
} from '../../src/state/index.ts';
import { placementOf, undoOf } from '../support/state-facts.ts';

const digest = digestOf(new Uint8Array());

const full: State = {
  formatVersion: '1.0',
  imageSets: [
    { name: 'a.yaml', text: 'kind: ImageSetConfiguration\n# Zürich\n' },
    { name: 'r.example/o/n//b.yaml', text: '', commit: 'c0ffee', at: '2026-01-01T00:00:00Z' },
  ],
  runs: [
    { id: 1, at: '2026-01-01T00:00:00Z', planDigest: digest },
    { id: 2, at: '2026-01-02T00:00:00Z', planDigest: digest, commit: 'c0ffee', undo: digest },
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
  pending: { planDigest: digest },
};

const linesOf = (bytes: Uint8Array) => gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
const packed = (...lines: unknown[]) =>
  gzipSync(
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
const header = { kind: 'imageset-mirror.state', formatVersion: '1.0' };
const placement = placementOf('t', 'a.yaml');

describe('an encoded state', () => {
  it('says again what was encoded', () => {
    expect(decodeState(encodeState(full))).toEqual(full);
  });

  it('has a header that names its format, then one JSON line for each fact', () => {
    const lines = linesOf(encodeState(full));
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject(header);
  });

  it('is the same bytes whatever the order of the facts, and holds no time and no system', () => {
    const placements = fc.shuffledSubarray([...full.placements], { minLength: 2 });
    const names = fc.shuffledSubarray(['b.yaml', 'a.yaml', 'a.yaml'], { minLength: 3 });
    fc.assert(
      fc.property(placements, names, (shuffled, imageSets) => {
        const state = {
          ...full,
          runs: full.runs.toReversed(),
          placements: shuffled.map((one) => (one.component ? { ...one, imageSets } : one)),
        };
        expect(encodeState(state)).toEqual(encodeState(full));
        expect(sameState(state, full)).toBe(true);
      }),
    );
    expect([...encodeState(full).subarray(4, 10)]).toEqual([0, 0, 0, 0, 2, 255]);
  });

  it('differs when any fact differs', () => {
    const { pending: _, ...settled } = full;
    for (const other of [settled, { ...full, runs: [] }, { ...full, placements: [placement] }]) {
      expect(sameState(full, other)).toBe(false);
      expect(encodeState(other)).not.toEqual(encodeState(full));
    }
  });

  it('of a newer version is refused with the advice to use a newer tool', () => {
    const newer = packed({ ...header, formatVersion: '2.0' });
    expect(() => decodeState(newer)).toThrow(
      expect.objectContaining({
        code: 'STATE_FORMAT',
        message: expect.stringContaining('2.0'),
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
    ['bytes that are not UTF-8', gzipSync(Buffer.from([0x7b, 0xff, 0x7d, 0x0a]))],
  ])('with %s is refused whole', (_, bytes) => {
    expect(() => decodeState(bytes)).toThrow(
      expect.objectContaining({ code: 'STATE_FORMAT', hint: expect.any(String) }),
    );
  });

  it('never throws anything but its own refusal, whatever its lines say', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 4 }), (lines) => {
        try {
          decodeState(packed(header, ...lines));
        } catch (error) {
          expect(error).toHaveProperty('code', 'STATE_FORMAT');
        }
      }),
    );
  });
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
