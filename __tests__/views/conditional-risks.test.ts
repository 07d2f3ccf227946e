import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/index.ts';
import type { ChannelGraph, UpdateRisk } from '../../src/release/index.ts';
import { describePlan } from '../../src/views/plan/headline.ts';
import { findReleaseRisks } from '../../src/views/plan/release-risks.ts';
import { phraseToMarkdown } from '../../src/views/text/markdown.ts';
import { phraseToText } from '../../src/views/text/text.ts';
import { hostileNames, planWith, releaseOf, wholeRelease } from '../support/plan-stories.ts';

const panics: UpdateRisk = {
  name: 'Panics',
  message: 'Nodes with AMD CPUs (Milan, etc.) may panic. Wait for a fixed release.',
  url: 'https://issues.test/1',
};
const everywhere: UpdateRisk = {
  name: 'SlowDisks',
  message: 'Disks get slow.',
  url: '',
  always: true,
};
const remedy =
  'On a cluster, oc adm upgrade --include-not-recommended shows what applies there, and --allow-not-recommended updates all the same.';

type Pairs = readonly (readonly [string, string])[];

/** Updates that lead everywhere, and what depends on the cluster. */
interface Story {
  readonly open?: Pairs;
  readonly conditional?: readonly { readonly edges: Pairs; readonly risks: UpdateRisk[] }[];
  readonly kept?: readonly string[];
  readonly removed?: readonly string[];
  readonly added?: readonly string[];
  readonly running?: readonly string[];
}

function planOf({ open = [], conditional = [], running, ...some }: Story): Plan {
  const { kept = [], removed = [], added = [] } = some;
  const graph: ChannelGraph = {
    channel: 'stable-4.16',
    architecture: 'amd64',
    versions: [...kept, ...removed, ...added],
    edges: open,
    conditional,
  };
  return planWith('conditional', wholeRelease('4.16.5', { action: 'delete', reason: 'removed' }), {
    graphs: [graph],
    releases: {
      kept: kept.map(releaseOf),
      removed: removed.map(releaseOf),
      added: added.map(releaseOf),
    },
    ...(running && { running: { releases: running, operators: [] } }),
  });
}

function told(story: Story): string[] {
  return findReleaseRisks(planOf(story)).map(({ harm, text }) => `${harm}: ${phraseToText(text)}`);
}

describe('a release that goes and has one conditional way out', () => {
  it('names the risk, its first sentence, its page, and how a cluster gets on', () => {
    const lines = told({
      kept: ['4.16.6'],
      removed: ['4.16.5'],
      conditional: [{ edges: [['4.16.5', '4.16.6']], risks: [panics] }],
    });
    expect(lines).toEqual([
      'danger: Clusters at 4.16.5 can still update to 4.16.6, which is recommended only to clusters without the risk Panics; until then a node that is rebuilt, or a pod that moves to another node, can no longer pull.',
      `care: Known risks of updates: Panics (“Nodes with AMD CPUs (Milan, etc.) may panic.” https://issues.test/1). ${remedy}`,
    ]);
  });

  it('says when no cluster is recommended to update', () => {
    const lines = told({
      kept: ['4.16.6'],
      removed: ['4.16.4', '4.16.5'],
      conditional: [
        { edges: [['4.16.4', '4.16.6']], risks: [panics, everywhere] },
        { edges: [['4.16.5', '4.16.6']], risks: [everywhere] },
      ],
    });
    expect(lines[0]).toContain(
      'Clusters at 4.16.4 and 4.16.5 can still update to 4.16.6, which is recommended to no cluster (risk SlowDisks);',
    );
    expect(lines[1]).toContain('Known risks of updates: SlowDisks (“Disks get slow.”). On');
  });

  it('prefers a way without a condition, then one with fewer risks', () => {
    const edges: Pairs = [['4.16.5', '4.16.6']];
    const story = { kept: ['4.16.6', '4.16.7'], removed: ['4.16.5'] };
    const hard = { edges: [['4.16.5', '4.16.7']] as Pairs, risks: [panics, everywhere] };
    const way = (more: Story) => told({ ...story, ...more })[0];
    expect(way({ open: edges, conditional: [hard] })).toContain(
      'can still update to 4.16.6; until',
    );
    expect(way({ conditional: [hard, { edges, risks: [panics] }] })).toContain(
      'can still update to 4.16.6, which is recommended only to clusters without the risk Panics;',
    );
  });

  it('takes an update that is listed both ways as a conditional one, as a cluster does', () => {
    const edges: Pairs = [['4.16.5', '4.16.6']];
    const story = { kept: ['4.16.6'], removed: ['4.16.5'], open: edges };
    expect(told({ ...story, conditional: [{ edges, risks: [panics] }] })[0]).toContain('Panics');
  });
});

describe('a hop that goes', () => {
  const story: Story = {
    kept: ['4.16.4', '4.16.6'],
    removed: ['4.16.5'],
    open: [
      ['4.16.4', '4.16.5'],
      ['4.16.5', '4.16.6'],
    ],
    conditional: [{ edges: [['4.16.4', '4.16.6']], risks: [panics] }],
  };

  it('is told when only a conditional way is left between two releases that stay', () => {
    expect(told(story)).toContain(
      'care: Without the releases that go, the update from 4.16.4 to 4.16.6 is recommended only to clusters without the risk Panics. Keep those releases, or update these clusters first.',
    );
    const headline = describePlan(planOf(story)).map(phraseToText).join(' ');
    expect(headline).not.toContain('Breaks the update');
  });

  it('is a lost update when no way is left', () => {
    expect(told({ ...story, conditional: [] }).join()).toContain('can no longer reach 4.16.6');
  });

  it('says nothing of an update that depended on the cluster before', () => {
    const [[, middle] = ['', '']] = story.open ?? [];
    const edges: Pairs = [['4.16.4', middle]];
    const before = {
      ...story,
      conditional: [...(story.conditional ?? []), { edges, risks: [panics] }],
    };
    expect(told(before).join()).not.toContain('Without the releases that go');
  });
});

describe('a release that comes', () => {
  const chain: Pairs = [
    ['4.16.4', '4.16.5'],
    ['4.16.6', '4.16.7'],
  ];
  const story: Story = {
    kept: ['4.16.4', '4.16.5'],
    added: ['4.16.6', '4.16.7'],
    open: chain,
    conditional: [{ edges: [['4.16.5', '4.16.6']], risks: [panics] }],
  };

  it('is told once for all releases from which the same risk lies on the way', () => {
    expect(told(story)).toEqual([
      'care: For clusters at 4.16.4 and 4.16.5, the update to 4.16.6 and 4.16.7 is recommended only to clusters without the risk Panics.',
      expect.stringContaining('care: Known risks of updates: Panics'),
    ]);
  });

  it('is told for the clusters that are named, also for one whose release is not mirrored', () => {
    const lines = told({
      ...story,
      running: ['4.15.9'],
      conditional: [{ edges: [['4.15.9', '4.16.7']], risks: [panics] }],
    });
    expect(lines[0]).toContain('For clusters at 4.15.9, the update to 4.16.7 is recommended only');
    expect(told({ ...story, running: ['4.14.1'] })).toEqual([]);
  });

  it('is the only kind that is told of: a kept release was reviewed before', () => {
    const lines = told({
      kept: ['4.15.9', '4.16.5'],
      added: ['4.15.10'],
      open: [['4.15.9', '4.15.10']],
      conditional: [{ edges: [['4.15.9', '4.16.5']], risks: [panics] }],
    });
    expect(lines).toEqual([]);
  });

  it('has the fewest risks that any way has', () => {
    const lines = told({
      kept: ['4.16.4', '4.16.5'],
      added: ['4.16.6'],
      open: chain.slice(0, 1),
      conditional: [
        { edges: [['4.16.4', '4.16.6']], risks: [panics] },
        { edges: [['4.16.5', '4.16.6']], risks: [panics, { ...panics, name: 'Slow' }] },
      ],
    });
    expect(lines[0]).toMatch(/^care: For clusters at 4\.16\.4, .* without the risk Panics\.$/);
    expect(lines[1]).toMatch(/^care: For clusters at 4\.16\.5, .* the risks Panics and Slow\.$/);
  });

  it('is not told where a higher release of the same minor has no risk', () => {
    expect(
      told({ ...story, open: [...chain, ['4.16.4', '4.16.7'], ['4.16.5', '4.16.7']] }),
    ).toEqual([]);
  });

  it('is told in a few lines, however many risks there are', () => {
    const kept = Array.from({ length: 9 }, (_, index) => `4.15.${index}`);
    const conditional = kept.map((from, index) => ({
      edges: [[from, '4.16.6']] as Pairs,
      risks: [{ ...panics, name: `Risk${index}` }],
    }));
    const lines = told({ kept, added: ['4.16.6'], conditional });
    expect(lines).toHaveLength(5);
    expect(lines[3]).toBe(
      'care: 6 more updates between releases have known risks; the report lists them.',
    );
  });
});

describe('an update that thousands of risks are listed for, one by one', () => {
  it('is told in time that grows with their number', () => {
    const kept = Array.from({ length: 20 }, (_, index) => `4.16.${index}`);
    const edges = kept.map((from) => [from, '4.16.20'] as const);
    const conditional = Array.from({ length: 4000 }, (_, index) => ({
      edges,
      risks: [{ ...panics, name: `Risk${index}` }],
    }));
    const started = performance.now();
    const lines = told({ kept, added: ['4.16.20'], conditional });
    expect(lines[0]).toContain('Risk0, Risk1, Risk10 and 3997 more');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('texts of risks', () => {
  it('cannot become words of a view', () => {
    for (const evil of hostileNames.filter((text) => text.trim() !== '')) {
      const risks = [{ name: evil, message: evil, url: evil }];
      const plan = planOf({
        kept: ['4.16.6'],
        removed: ['4.16.5'],
        conditional: [{ edges: [['4.16.5', '4.16.6']], risks }],
      });
      const markdown = findReleaseRisks(plan)
        .map(({ text }) => phraseToMarkdown(text))
        .join('\n');
      const words = markdown.replace(/`[^`\n]*`|<code>[^<\n]*<\/code>/g, '');
      expect(words.replaceAll('\n', '')).not.toMatch(/<|(?<!\\)[`[]|@[a-z]|:\/\/|[\p{Cc}\p{Cf}]/u);
    }
  });
});
