import { describe, expect, it } from 'vitest';
import { renderSummary } from '../../src/views/index.ts';
import { sharesOf } from '../../src/views/report/treemap.ts';
import { countCharacters, fitLimit, type Sections } from '../../src/views/text/index.ts';
import { everythingIsNew, imageChange, oneReleaseGoes, planWith } from '../support/plan-stories.ts';

describe('a view that does not fit', () => {
  const write = (limit: number, sections: Sections) =>
    fitLimit([{ rows: 1, lines: 1 }], () => sections, { limit, measure: countCharacters });

  it('counts the newline at its end', () => {
    const sections = { head: ['aaaa', 'bbbb'] };
    expect(write(11, sections)).toBe('aaaa\n\nbbbb\n');
    expect(write(10, sections)).toBe('aaaa\n');
  });

  it('leaves out lists, then its end, then its head from below', () => {
    const sections = {
      head: ['first', 'second'],
      lists: ['list '.repeat(20), 'short'],
      tail: ['end'],
    };
    expect(write(70, sections)).toBe(
      'first\n\nsecond\n\nshort\n\n… 1 more list in the report.\n\nend\n',
    );
    expect(write(20, sections)).toBe('first\n\nsecond\n');
  });
});

describe('the sizes of a report', () => {
  it('count an image once, and apart where several groups have it', () => {
    const [first, second] = ['team/app:1', 'team/app:2'].map((key) =>
      imageChange(key, { action: 'mirror', reason: 'wanted', size: 10 }),
    );
    if (!first || !second) throw new Error('two images');
    const chart = { ...first, kind: 'helmImage', repository: 'charts/app' } as const;
    const shares = sharesOf(planWith('p', [first, chart, { ...second, size: 5 }]));
    expect(shares).toEqual([
      { title: 'Shared by several', now: 0, after: 10 },
      { title: 'Additional images', now: 0, after: 5 },
    ]);
  });
});

describe('the advice on files for other tools', () => {
  it('is given only where something is removed', () => {
    expect(renderSummary(oneReleaseGoes())).toContain('delete-images.yaml');
    expect(renderSummary(everythingIsNew())).not.toContain('delete-images.yaml');
  });
});
