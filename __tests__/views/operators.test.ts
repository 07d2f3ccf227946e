import { describe, expect, it } from 'vitest';
import type { OperatorChannel, Plan } from '../../src/plan/index.ts';
import { renderComment } from '../../src/views/index.ts';
import { describePlan } from '../../src/views/plan/headline.ts';
import { findRisks } from '../../src/views/plan/risks.ts';
import { renderReport } from '../../src/views/report/index.ts';
import { phraseToText } from '../../src/views/text/text.ts';
import {
  bundleChanges,
  catalogChange,
  operatorChannel,
  operatorsGo,
} from '../support/operator-stories.ts';
import { imageChange, planWith, releaseOf, wholeRelease } from '../support/plan-stories.ts';

const gone = { action: 'delete', reason: 'removed' } as const;

function headlineOf(plan: Plan): string {
  return describePlan(plan).map(phraseToText).join(' ');
}

function risksOf(plan: Plan): string[] {
  return findRisks(plan)
    .map(({ harm, text }) => `${harm}: ${phraseToText(text)}`)
    .filter((line) => line.includes('Subscriptions to'));
}

/** A plan in which bundles of `acm` are deleted that these channels had. */
function losing(operators: readonly OperatorChannel[], versions: readonly string[]): Plan {
  const changes = versions.flatMap((version) => bundleChanges('acm', version, gone));
  return planWith('p', changes, { operators });
}

const channel = (
  removed: Readonly<Record<string, boolean>>,
  facts: Partial<OperatorChannel> = {},
) => operatorChannel('acm', 'stable', { head: '2.0.0', kept: ['2.0.0'], ...facts, removed });

describe('the line of Subscriptions that lose a bundle', () => {
  it.each([
    [
      { '1.0.0': true },
      '1.0.0 goes; clusters that run it can still update to 2.0.0; until then a pod that moves to another node can no longer pull.',
    ],
    [
      { '1.0.0': false },
      '1.0.0 goes; no update leads from it to 2.0.0, and a pod that moves to another node can no longer pull. Move these clusters first, or keep these versions.',
    ],
    [
      { '1.0.0': false, '1.1.0': true },
      '1.0.0 and 1.1.0 go; clusters that run 1.1.0 can still update to 2.0.0, but no update leads there from 1.0.0, and a pod that moves to another node can no longer pull. Move these clusters first, or keep these versions.',
    ],
  ])('says whether a cluster can get on: %j', (removed, says) => {
    const plan = losing([channel(removed)], Object.keys(removed));
    expect(risksOf(plan)).toEqual([`danger: Subscriptions to acm, channel stable: ${says}`]);
  });

  it('names the channels that stay when one goes, else says to remove the operator', () => {
    const old = operatorChannel('acm', 'old', { removed: { '1.0.0': false } });
    expect(risksOf(losing([old, channel({})], ['1.0.0']))[0]).toMatch(
      /the channel goes, with 1\.0\.0; clusters that run it get no more updates, .* Change these Subscriptions to stable first\.$/,
    );
    expect(risksOf(losing([old], ['1.0.0']))[0]).toContain('Remove the operator there first');
  });

  it('is no danger where the images stay', () => {
    expect(risksOf(losing([channel({ '1.0.0': true })], []))).toEqual([
      'care: Subscriptions to acm, channel stable: 1.0.0 goes; clusters that run it can still update to 2.0.0; the images stay.',
    ]);
  });

  it('names the catalog where there are several, those without an update first', () => {
    const other = channel({ '1.0.0': false }, { catalog: 'r.test/other:v1' });
    const lines = risksOf(losing([channel({ '1.0.0': true }), other], ['1.0.0']));
    expect(lines.map((line) => /of (\S+):/.exec(line)?.[1])).toEqual([
      'r.test/other:v1',
      'registry.redhat.io/redhat/redhat-operator-index:v4.18',
    ]);
  });

  it('stands for the images of the operator, which are not named one by one', () => {
    const risks = findRisks(losing([channel({ '1.0.0': true })], ['1.0.0']));
    expect(risks.map(({ text }) => phraseToText(text)).join()).not.toContain('acm/acm-bundle');
  });
});

describe('the first line of a plan with operators', () => {
  it('says which go, and from which no update leads on', () => {
    const one = losing([channel({ '1.0.0': true })], ['1.0.0']);
    expect(headlineOf(one)).toBe(
      'Deletes operator acm 1.0.0: frees 48.0 MB, nothing to download. Safe only if no cluster still runs that version.',
    );
    const stuck = losing([channel({ '1.0.0': false })], ['1.0.0']);
    expect(headlineOf(stuck)).toMatch(/runs that version\. No update leads on from it\.$/);
    const some = losing([channel({ '1.0.0': false, '1.1.0': true })], ['1.0.0', '1.1.0']);
    expect(headlineOf(some)).toMatch(
      /one of these versions\. No update leads on from operator acm 1\.0\.0\.$/,
    );
  });

  it('counts many', () => {
    const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];
    const removed = Object.fromEntries(versions.map((version) => [version, true]));
    expect(headlineOf(losing([channel(removed)], versions))).toMatch(
      /^Deletes 4 operator bundles:/,
    );
  });

  it('takes the update of one of several channels for an update', () => {
    const channels = [
      operatorChannel('acm', 'old', { removed: { '1.0.0': false } }),
      channel({ '1.0.0': true }),
    ];
    for (const all of [channels, channels.toReversed()]) {
      expect(headlineOf(losing(all, ['1.0.0']))).not.toContain('No update leads on');
    }
  });

  it('joins releases, operators and other images', () => {
    const plan = planWith(
      'p',
      [
        ...wholeRelease('4.16.5', gone),
        ...bundleChanges('acm', '1.0.0', gone),
        imageChange('a/b:1', gone),
      ],
      {
        releases: { added: [], removed: [releaseOf('4.16.5')], kept: [] },
        operators: [channel({ '1.0.0': true })],
      },
    );
    expect(headlineOf(plan)).toMatch(
      /^Deletes release 4\.16\.5, operator acm 1\.0\.0 and 1 other image:/,
    );
    expect(headlineOf(plan)).toContain(
      'Safe only if no cluster still runs 4.16.5 or that operator version.',
    );
  });

  it('names no operator as coming of which nothing is mirrored', () => {
    const plan = planWith('p', [catalogChange()], {
      operators: [operatorChannel('acm', 'stable', { head: '1.0.0', added: ['1.0.0'] })],
    });
    expect(headlineOf(plan)).toMatch(/^Moves 1 tag:/);
  });
});

describe('the views of a plan with operators', () => {
  it('show what changes in a comment, and all that is asked for in the report', () => {
    const plan = operatorsGo();
    const row = '| `odf-operator` | `stable-4.18` | `4.18.4` | – | `4.17.3` `4.18.0` | 1 |';
    expect(renderComment(plan)).toContain(row);
    const report = renderReport(plan);
    const [, section = ''] = /<section id="operators"(.*?)<\/section>/s.exec(report) ?? [];
    expect(section.match(/<tr>/g)).toHaveLength(1 + 4);
    expect(section).toContain('no update from <code>4.17.3</code>');
    expect(section).toContain('<small><code>imageset-config.yaml:7</code></small>');
  });

  it('show the cluster resources as a diff', () => {
    const [, diff = ''] = /```diff\n(.*?)```/s.exec(renderComment(operatorsGo())) ?? [];
    expect(
      diff
        .split('\n')
        .map((line) => line.slice(0, 1))
        .join(''),
    ).toBe(' + -+ -+');
    expect(diff).toContain(
      '+   registry.redhat.io/quay-operator → registry.example.com:8443/quay-operator\n',
    );
    const report = renderReport(operatorsGo());
    expect(report.match(/<ins>/g)).toHaveLength(3);
    expect(report.match(/<del>/g)).toHaveLength(2);
  });

  it('cut long diffs in comments, and count what is left out', () => {
    const resources = Array.from({ length: 3000 }, (_, index) => ({
      kind: 'ImageTagMirrorSet' as const,
      name: 'itms-generic-0',
      source: `quay.io/team-${index}`,
      to: [`registry.example.com:8443/team-${index}`],
    }));
    const plan = planWith('p', [imageChange('a/b:1', { action: 'mirror', reason: 'wanted' })], {
      resources,
    });
    expect(renderComment(plan)).toContain('  … 2,801 more lines in the report');
    expect(renderReport(plan)).toContain('quay.io/team-2999 →');
  });

  it('say in the report that resources stay, and nothing where nobody compared', () => {
    const plan = planWith('p', [imageChange('a/b:1', { action: 'keep', reason: 'mirrored' })]);
    expect(renderReport(plan)).toContain('The cluster resources stay as they were last applied.');
    const { resources: _, ...old } = plan;
    expect(renderReport(old)).not.toContain('Cluster resources');
  });
});
