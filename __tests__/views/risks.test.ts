import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../src/plan/index.ts';
import { describePlan } from '../../src/views/plan/headline.ts';
import { findRisks } from '../../src/views/plan/risks.ts';
import { runsBundle } from '../../src/views/plan/running.ts';
import { describeTotals } from '../../src/views/plan/totals-rows.ts';
import { findBrokenUpdates } from '../../src/views/plan/updates.ts';
import { renderReport } from '../../src/views/report/index.ts';
import { phraseToText } from '../../src/views/text/text.ts';
import { operatorsGo } from '../support/operator-stories.ts';
import {
  digestFor,
  everythingIsNew,
  findings,
  graphOf,
  imageChange,
  nothingChanges,
  oneReleaseGoes,
  planWith,
  releaseOf,
  wholeRelease,
} from '../support/plan-stories.ts';

function headlineOf(plan: Plan): string {
  return describePlan(plan).map(phraseToText).join(' ');
}

function risksOf(plan: Plan): string[] {
  return findRisks(plan).map(({ harm, text }) => `${harm}: ${phraseToText(text)}`);
}

function releases(kept: readonly string[], removed: readonly string[]): Plan['releases'] {
  return { added: [], kept: kept.map(releaseOf), removed: removed.map(releaseOf) };
}

const goes = wholeRelease('4.16.5', { action: 'delete', reason: 'removed' });

function image(key: string, facts: Pick<Change, 'action' | 'reason'> & Partial<Change>): Change {
  return imageChange(key, facts);
}

describe('clusters that are told of', () => {
  const plan = oneReleaseGoes();
  const told = (...versions: string[]) => ({ releases: versions, operators: [] });

  it('are named when they run what goes', () => {
    const text = headlineOf({ ...plan, running: told('4.16.5') });
    expect(text).toContain(
      'Not safe yet: a cluster runs 4.16.5 now. Safe only if no cluster still runs 4.16.5.',
    );
    expect(risksOf({ ...plan, running: told('4.16.5') })[0]).toMatch(
      /^danger: A cluster runs 4\.16\.5 now\. Clusters at 4\.16\.5 can still update to 4\.16\.6/,
    );
  });

  it('are in no danger when they run something else', () => {
    const safe = { ...plan, running: told('4.16.6') };
    expect(headlineOf(safe)).not.toContain('Safe only');
    expect(risksOf(safe).join()).not.toContain('danger');
  });

  it('say which versions of operators are in use', () => {
    const running = {
      releases: [],
      operators: [
        { name: 'odf-operator.v4.17.3', version: '4.17.3' },
        { name: 'kiali-ossm.v1.90.0', version: '1.90.0' },
      ],
    };
    const risks = risksOf({ ...operatorsGo(), running });
    expect(risks.find((risk) => risk.includes('odf-operator'))).toMatch(
      /^danger: .*A cluster runs one of them now\.$/,
    );
    expect(risks.find((risk) => risk.includes('kiali-ossm'))).toMatch(
      /^care: .*No cluster that was named runs them\.$/,
    );
    expect(headlineOf({ ...operatorsGo(), running })).toContain(
      'a cluster runs operator odf-operator 4.17.3 now.',
    );
  });

  it('are told that their updates led through an operator version that goes', () => {
    const running = {
      releases: [],
      operators: [{ name: 'kiali-ossm.v1.70.0', version: '1.70.0' }],
    };
    const plan = operatorsGo();
    const operators = (plan.operators ?? []).map((one) =>
      one.package === 'odf-operator' ? { ...one, cut: ['4.16.1'] } : one,
    );
    const risk = risksOf({ ...plan, operators, running }).find((one) => one.includes('odf-'));
    expect(risk).toMatch(
      /^danger: .* A cluster runs 4\.16\.1 now, and its updates led through what goes: update it first, or keep these versions\.$/,
    );
    expect(headlineOf({ ...plan, operators, running })).toContain(
      'Breaks the updates from operator odf-operator 4.16.1.',
    );
    const html = renderReport({ ...plan, operators });
    expect(html).toContain('no update from <code>4.16.1</code>');
  });

  it('are known by the whole name of a package', () => {
    const running = {
      releases: [],
      operators: [{ name: 'odf-operator.v4.17.3', version: '4.17.3' }],
    };
    expect(runsBundle({ running }, 'odf-operator', '4.17.3')).toBe('yes');
    expect(runsBundle({ running }, 'odf-operator', '4.17.2')).toBe('no');
    expect(runsBundle({ running }, 'odf', '4.17.2')).toBe('unknown');
  });

  it('say nothing of releases where only operators were named', () => {
    const running = { releases: [], operators: [{ name: 'acm.v2.9.0', version: '2.9.0' }] };
    expect(risksOf({ ...oneReleaseGoes(), running })).toEqual(risksOf(oneReleaseGoes()));
    expect(headlineOf({ ...oneReleaseGoes(), running })).toContain('Safe only if no cluster');
  });
});

describe('a registry that lacks abilities', () => {
  const lacks: Plan['lacks'] = {
    at: '2026-08-21T00:00:00Z',
    abilities: ['deleteByDigest', 'moveTag', 'listAllTags'],
  };
  const probed = (plan: Plan) =>
    risksOf({ ...plan, lacks }).filter((risk) => risk.includes('(probed 2026-08-21)'));

  it('is told of only where the plan needs them', () => {
    expect(probed(oneReleaseGoes())).toHaveLength(2);
    expect(probed(everythingIsNew())).toEqual([]);
  });
});

describe('the first line', () => {
  it('names each release that no cluster may run', () => {
    const gone = planWith(
      'two go',
      wholeRelease('4.16.5', { action: 'delete', reason: 'removed' }),
      {
        releases: { added: [], removed: ['4.16.4', '4.16.5'].map(releaseOf), kept: [] },
      },
    );
    expect(headlineOf(gone)).toContain('Safe only if no cluster still runs 4.16.4 or 4.16.5.');
  });

  it('says what a cluster could lose', () => {
    expect(headlineOf(oneReleaseGoes())).toBe(
      'Deletes release 4.16.5: frees 2.7 GB, nothing to download. 4.16.6 stays whole. Safe only if no cluster still runs 4.16.5.',
    );
    const broken = planWith('p', goes, {
      releases: releases(['4.16.4', '4.16.6'], ['4.16.5']),
      graphs: [graphOf('stable-4.16', ['4.16.4', '4.16.5', '4.16.6'], ['4.16.4>4.16.6'])],
    });
    expect(headlineOf(broken)).toContain('Breaks the update from 4.16.4 to 4.16.6.');
  });

  it('says that nothing changes, and what is held all the same', () => {
    expect(headlineOf(nothingChanges())).toBe(
      'Nothing changes: 384 images are mirrored and wanted.',
    );
    const held = planWith('p', [
      image('a/b:1', { action: 'keep', reason: 'mirrored' }),
      image('a/b:2', { action: 'hold', reason: 'protected' }),
    ]);
    expect(headlineOf(held)).toBe(
      'Nothing changes: 1 image is mirrored and wanted. 1 image is no longer wanted here and is held.',
    );
  });

  it('says first that a plan has errors', () => {
    const plan = { ...oneReleaseGoes(), diagnostics: findings };
    expect(headlineOf(plan)).toMatch(/^Not ready\. No release lies in the range\. Deletes/);
    const worse = { ...plan, diagnostics: [...findings, ...findings] };
    expect(headlineOf(worse)).toMatch(/^Not ready: 2 errors to mend first\. Deletes/);
  });

  it('counts what is not part of a release', () => {
    expect(headlineOf(everythingIsNew())).toBe(
      'Mirrors releases 4.16.5 and 4.16.6 and 1 other image: 6.8 GB to download.',
    );
    const mixed = planWith('p', [
      image('a/b:1', { action: 'delete', reason: 'removed' }),
      image('a/b:2', { action: 'retag', reason: 'moved', bytes: 0 }),
    ]);
    expect(headlineOf(mixed)).toBe(
      'Deletes 1 image, moves 1 tag: frees 24.0 MB, nothing to download. Safe only if nothing still runs it.',
    );
  });

  it('says that bytes are a lower bound', () => {
    const plan = oneReleaseGoes();
    const inexact = { ...plan, totals: { ...plan.totals, bytesAreExact: false } };
    expect(headlineOf(inexact)).toContain('frees at least 2.7 GB');
    expect(risksOf(inexact)).toContain(
      'note: The bytes are a lower bound: some manifests could not be read.',
    );
  });
});

describe('risks', () => {
  it('are sorted by harm', () => {
    expect(risksOf(oneReleaseGoes()).map((line) => line.split(':')[0])).toEqual([
      'danger',
      'note',
      'note',
    ]);
  });

  it('tell the way out of a release that goes', () => {
    const cases = [
      {
        graphs: [graphOf('stable-4.16', ['4.16.5', '4.16.6'])],
        says: 'can still update to 4.16.6',
      },
      {
        graphs: [graphOf('stable-4.16', ['4.16.5', '4.16.6'], ['4.16.5>4.16.6'])],
        says: 'no update from there to a release that stays is known',
      },
      { graphs: [], says: 'can no longer pull. Update them first.' },
    ];
    for (const { graphs, says } of cases) {
      const plan = planWith('p', goes, { graphs, releases: releases(['4.16.6'], ['4.16.5']) });
      expect(risksOf(plan)[0]).toContain(says);
    }
  });

  it('count releases and never give a range, in which something else may lie', () => {
    const versions = ['4.16.1', '4.16.2', '4.16.4', '4.16.6', '4.16.9'];
    const plan = planWith('p', goes, {
      releases: releases(versions, ['4.16.5']),
      graphs: [graphOf('stable-4.16', ['4.16.5', '4.16.6', '4.16.7', '4.16.8', '4.16.9'])],
    });
    expect(headlineOf(plan)).toContain('4.16.1, 4.16.2 and 3 more stay whole.');
    expect(risksOf(plan)[0]).toContain('Clusters at 4.16.5 can still update to 4.16.9 and 4.16.6;');
  });

  it('find the updates that lead only through what goes', () => {
    const versions = ['4.15.9', '4.15.10', '4.16.5', '4.16.6'];
    const hop = ['4.15.9>4.16.6', '4.15.10>4.16.6', '4.15.9>4.15.10'];
    const known = {
      releases: releases(['4.15.9', '4.15.10', '4.16.6'], ['4.16.5']),
      graphs: [graphOf('stable-4.16', versions, hop)],
    };
    expect(findBrokenUpdates(known)).toEqual([
      { from: '4.15.9', to: '4.16.6' },
      { from: '4.15.10', to: '4.16.6' },
    ]);
    const bridged = { ...known.releases, added: [releaseOf('4.16.5')] };
    expect(findBrokenUpdates({ ...known, releases: bridged })).toEqual([]);
  });

  it('find the updates that a cluster which is named loses, whatever holds its own release', () => {
    const graphs = [graphOf('stable-4.16', ['4.16.4', '4.16.5', '4.16.6'], ['4.16.4>4.16.6'])];
    const lost = (of: Plan['releases'], ...running: string[]) =>
      findBrokenUpdates({ releases: of, graphs, running: { releases: running, operators: [] } });
    const hop = [{ from: '4.16.4', to: '4.16.6' }];
    expect(lost(releases(['4.16.6'], ['4.16.5']), '4.16.4')).toEqual(hop);
    expect(lost(releases(['4.16.6'], ['4.16.4', '4.16.5']), '4.16.4')).toEqual([]);
    expect(lost(releases(['4.16.4', '4.16.6'], ['4.16.5']), '4.16.6', '4.12.1')).toEqual([]);
    const text = risksOf(
      planWith('p', goes, {
        ...{ graphs, releases: releases(['4.16.6'], ['4.16.5']) },
        running: { releases: ['4.16.4'], operators: [] },
      }),
    );
    expect(text[0]).toMatch(/^danger: Clusters at 4\.16\.4 can no longer reach 4\.16\.6:/);
  });

  it('say when an architecture loses its last release', () => {
    const arm = { ...releaseOf('4.16.5'), architecture: 'arm64' };
    const plan = planWith('p', goes, {
      releases: { added: [], kept: [releaseOf('4.16.6')], removed: [arm] },
    });
    expect(risksOf(plan).join('\n')).toContain('No release for arm64 is left');
    expect(headlineOf(plan)).toContain('release 4.16.5 arm64');
  });

  it('name images, moved tags, what went missing, and what is stale', () => {
    const plan = planWith('p', [
      image('a/gone:1', { action: 'delete', reason: 'stale' }),
      image('a/lost:1', { action: 'mirror', reason: 'missing' }),
      image('a/tag:1', { action: 'retag', reason: 'moved', previous: digestFor('old') }),
      image('a/theirs:1', { action: 'keep', reason: 'adopted' }),
    ]);
    const text = risksOf(plan).join('\n');
    expect(text).toContain('danger: a/gone:1 goes: a pod that still uses that image');
    expect(text).toContain('care: 1 image had been mirrored and is missing now (a/lost:1)');
    expect(text).toContain('care: 1 tag will name other content: a/tag:1 from sha256:');
    expect(text).toContain('care: 1 image goes because no image set wants it');
    expect(text).toContain('note: 1 image that another tool put there is adopted');
  });

  it('warn near max-delete, and neither far from it nor beyond', () => {
    const changes = [...goes, ...wholeRelease('4.16.6', { action: 'keep', reason: 'mirrored' })];
    const says = (maxDelete: Plan['options']['maxDelete']): boolean => {
      const options = { prune: 'removed', maxDelete, protect: [] } as const;
      return risksOf(planWith('p', changes, { options })).some((line) => /max-delete/.test(line));
    };
    expect([says({ share: 0.5 }), says({ count: 200 })]).toEqual([true, true]);
    expect([says({ share: 0.9 }), says({ count: 100 }), says({ count: 1000 })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('tell whether nodes are drained, and why', () => {
    const unchanged = 'note: IDMS and ITMS do not change: no node is drained.';
    const changes = [image('a/b:1', { action: 'mirror', reason: 'wanted' })];
    const rule = { kind: 'ImageDigestMirrorSet', name: 'idms-generic-0' } as const;
    const says = (resources: Plan['resources']) =>
      risksOf(planWith('p', changes, resources && { resources }));
    expect(says([])).toEqual([unchanged]);
    expect(says([{ kind: 'ClusterCatalog', name: 'cc', from: ['a'], to: ['b'] }])).toEqual([
      unchanged,
    ]);
    expect(
      says([
        { ...rule, source: 'quay.io/new', to: ['m/new'] },
        { ...rule, source: 'quay.io/gone', from: ['m/gone'] },
        { ...rule, source: 'quay.io/moved', from: ['m/a'], to: ['m/b'] },
      ]),
    ).toEqual([
      'care: IDMS and ITMS change (new rules for quay.io/new; other mirrors for quay.io/moved; no more rule for quay.io/gone): nodes of a cluster that takes the new ones drain once, one after another.',
    ]);
    expect(risksOf(nothingChanges())).toEqual([]);
  });

  it('say nothing of resources that nobody compared', () => {
    const { resources: _, ...plan } = planWith('p', [
      image('a/b:1', { action: 'mirror', reason: 'wanted' }),
    ]);
    expect(risksOf(plan)).toEqual([]);
  });

  it('name a CatalogSource that goes, and the one that comes', () => {
    const changes = [image('a/b:1', { action: 'mirror', reason: 'wanted' })];
    const come = { kind: 'CatalogSource', name: 'cs-index-v4-19', to: ['m/i:v4.19'] } as const;
    const go = { kind: 'CatalogSource', name: 'cs-index-v4-18', from: ['m/i:v4.18'] } as const;
    const both = risksOf(planWith('p', changes, { resources: [come, go] }));
    expect(both[0]).toMatch(
      /^danger: CatalogSource cs-index-v4-18 goes .*\(new: cs-index-v4-19\)\.$/,
    );
    const one = risksOf(planWith('p', changes, { resources: [come] }));
    expect(one[0]).toMatch(/^note: CatalogSource cs-index-v4-19 is new/);
  });
});

describe('totals', () => {
  it('are those of the plan, with a unit and a reason each', () => {
    const rows = describeTotals(oneReleaseGoes()).map(
      ({ action, count, size, note }) => `${action} ${count} ${size} ${phraseToText(note)}`,
    );
    expect(rows).toEqual([
      'delete 131 2.7 GB only 4.16.5 used them',
      'untag 60 – 4.16.6 needs the same digests',
      'hold 1 20.9 MB tag openshift/release:hand-made points at it',
      'keep 192 4.0 GB ',
    ]);
  });

  it('speak of one holder and of several', () => {
    const noteOf = (names: readonly string[]) => {
      const holders = names.map((name) => ({ kind: 'tag', name }) as const);
      const facts = { action: 'hold', reason: 'foreign-tag', holders } as const;
      const [row] = describeTotals(planWith('p', [image('a/b:1', facts)]));
      return row && phraseToText(row.note);
    };
    expect(noteOf(['x'])).toBe('tag x points at it');
    expect(noteOf(['x', 'y'])).toBe('tags x and y point at it');
  });

  it('count what holds several images', () => {
    const plan = planWith('p', [
      image('a/b:1', { action: 'hold', reason: 'protected' }),
      image('a/b:2', { action: 'hold', reason: 'wanted-elsewhere' }),
      image('a/b:3', { action: 'hold', reason: 'wanted-elsewhere' }),
    ]);
    const [row] = describeTotals(plan);
    expect(row && phraseToText(row.note)).toBe('2 wanted by another image set, 1 protected');
    expect(row?.size).toBe('up to 72.0 MB');
  });
});
