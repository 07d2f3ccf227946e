import { describe, expect, it } from 'vitest';
import { takeOverNames } from '../../src/state/former-names.ts';
import { placementOf } from '../support/state-facts.ts';
import { imageSetText } from '../support/temp-repository.ts';

const text = imageSetText();
const file = {
  ...{ name: 'w/x.yaml', path: 'sets/w/x.yaml', text },
  identity: 'git.example.com/acme/mirrors//sets/w/x.yaml',
};

const taken = (names: Parameters<typeof takeOverNames>[1], files = [file]) =>
  takeOverNames(files, names).files.map(({ formerNames = [] }) => formerNames);

describe('a name that an older version recorded', () => {
  it('is taken over by the image set with that path, as typed or from the top level, and a notice says so', () => {
    for (const name of ['w/x.yaml', 'sets/w/x.yaml']) {
      const state = { imageSets: [{ name, text }], placements: [] };
      expect(taken(state)).toEqual([[name]]);
      expect(takeOverNames([file], state).notices).toMatchObject([
        { severity: 'notice', code: 'name-taken-over', text: name, at: { file: 'w/x.yaml' } },
      ]);
      expect(taken({ imageSets: [], placements: [placementOf('v1', name)] })).toEqual([[name]]);
    }
  });

  it('is taken over once', () => {
    const second = { ...file, identity: 'git.example.com/acme/other//w/x.yaml', path: 'w/x.yaml' };
    const state = { imageSets: [{ name: 'w/x.yaml', text }], placements: [] };
    expect(taken(state, [file, second])).toEqual([['w/x.yaml'], []]);
    const known = [
      { name: file.identity, text },
      { name: 'w/x.yaml', text },
    ];
    expect(taken({ imageSets: known, placements: [] })).toEqual([[]]);
  });

  it.each([
    ['what this version recorded under a given name', { at: '2026-01-01T00:00:00Z' }],
    ['an image set that has another text', { text: 'quite another text\n' }],
    ['an image set of another path', { name: 'y.yaml' }],
  ])('is not %s', (_, difference) => {
    const record = { name: 'w/x.yaml', text, ...difference };
    expect(taken({ imageSets: [record], placements: [] })).toEqual([[]]);
  });
});
