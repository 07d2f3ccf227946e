import { describe, expect, it } from 'vitest';
import type { ConfigFile, PlanResult } from '../../src/run/index.ts';
import * as run from '../../src/run/index.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog } from '../support/operators.ts';

const acm = { name: 'acm', versions: ['1.0.0', '1.1.0'], shares: ['proxy'] };
const kiali = { name: 'kiali', versions: ['2.0.0'], shares: ['proxy'] };
const other = { name: 'other', versions: ['3.0.0'] };

interface Wish {
  readonly packages: readonly string[];
  readonly images?: readonly string[];
  readonly channels?: readonly string[];
  readonly second?: string;
}

/** Writes an image set of packages, a second catalog, additional images and release channels. */
function wishing({ source }: Lab, wish: Wish): ConfigFile {
  const { packages, images = [], channels = [], second = 'acme/second:v1' } = wish;
  const file = operatorsConfig([
    `{catalog: "${source.host}/acme/index:v1", packages: [${packages.map((one) => `{${one}}`).join(', ')}]}`,
    `{catalog: "${source.host}/${second}", packages: [{name: other}]}`,
  ]);
  const more = [
    ...(images.length > 0 ? ['  additionalImages:'] : []),
    ...images.map((image) => `    - name: ${source.host}/team/${image}`),
    ...(channels.length > 0 ? ['  platform:', '    channels:'] : []),
    ...channels.map((channel) => `      - {${channel}}`),
  ];
  return { ...file, text: [file.text, ...more, ''].join('\n').replaceAll('\n\n', '\n') };
}

async function makeShop(): Promise<Lab> {
  const lab = await makeLab({ upstream: { components: 1, shared: 0 } });
  await publishCatalog(lab, 'acme/index:v1', [acm, kiali]);
  await publishCatalog(lab, 'acme/second:v1', [other]);
  const store = lab.source.fake?.store;
  if (!store) throw new Error('no registry of this process');
  for (const tag of ['app:v1', 'app:v2']) {
    pushTo(store, 'team/app', tag.slice(4), makeImage({ seed: tag }));
  }
  return lab;
}

/** The deeds of a plan by place, without what it keeps. */
function deedsOf({ plan }: PlanResult): string[] {
  const deeds = plan?.changes.filter(({ action }) => action !== 'keep') ?? [];
  const lines = deeds.map(({ action, repository, kind }) => {
    return kind.startsWith('ocp') ? `${action} ${kind}` : `${action} ${repository}`;
  });
  return [...new Set(lines)].toSorted();
}

const removals = ({ plan }: PlanResult) =>
  plan?.changes
    .filter(({ action }) => action === 'delete' || action === 'untag' || action === 'hold')
    .map(({ repository }) => repository) ?? [];

describe('a plan of an image set of which one entry fails', () => {
  it('reports an unknown package on its line, plans the rest, and removes nothing of the package', async () => {
    const lab = await makeShop();
    const before = wishing(lab, {
      packages: ['name: acm, minVersion: 1.0.0, maxVersion: 1.1.0', 'name: kiali'],
      images: ['app:v1'],
    });
    await lab.mirror([before]);
    const after = wishing(lab, {
      packages: ['name: acm', 'name: kialli'],
      images: ['app:v2'],
    });
    const planned = await lab.plan(change([before], [after]));
    expect(planned.diagnostics).toContainEqual(
      expect.objectContaining({
        ...{ severity: 'error', code: 'operator-unknown-package', text: 'kialli' },
        at: expect.objectContaining({ line: 5 }),
      }),
    );
    // The older bundle of acm and its operand go; kiali and what both share stay.
    expect(deedsOf(planned)).toEqual([
      'delete acme/acm-bundle',
      'delete acme/operand',
      'delete team/app',
      'mirror team/app',
      'retag acme/index',
    ]);
    expect(removals(planned)).not.toContain('acme/kiali-bundle');

    const { applied } = await lab.apply(change([before], [after]));
    expect(applied?.result.status).toBe('partial');
    expect(applied?.result.notes.join()).toContain('"kialli"');
    const mended = wishing(lab, { packages: ['name: acm', 'name: kiali'], images: ['app:v2'] });
    // Catalogs of kiali's package were kept as well; now they are replaced.
    expect(deedsOf(await lab.plan(change(undefined, [mended])))).toEqual([
      'delete acme/index',
      'retag acme/index',
    ]);
  });

  it('keeps everything of a catalog that is gone upstream, and plans the rest in full', async () => {
    const lab = await makeShop();
    const before = wishing(lab, { packages: ['name: acm'], images: ['app:v1'] });
    await lab.mirror([before]);
    const after = wishing(lab, {
      packages: ['name: acm', 'name: kiali'],
      images: ['app:v2'],
      second: 'acme/secnd:v1',
    });
    const planned = await lab.plan(change([before], [after]));
    expect(planned.failures).toMatchObject([{ kind: 'operator', diagnostic: { at: { line: 6 } } }]);
    expect(deedsOf(planned)).toEqual([
      'delete acme/index',
      'delete team/app',
      'mirror acme/kiali-bundle',
      'mirror acme/operand',
      'mirror team/app',
      'retag acme/index',
    ]);
    const { applied } = await lab.apply(change([before], [after]));
    expect(applied?.result.status).toBe('partial');
    // The next run catches up from the same base.
    const dropped = operatorsConfig([
      `{catalog: "${lab.source.host}/acme/index:v1", packages: [{name: acm}]}`,
    ]);
    const last = await lab.plan(change(undefined, [dropped]));
    expect(removals(last)).toContain('acme/second');
    expect(removals(last)).toContain('acme/other-bundle');
  });

  it('keeps what it wanted when upstream dropped a package, and removes what others gave up', async () => {
    const lab = await makeShop();
    const older = 'name: acm, minVersion: 1.0.0, maxVersion: 1.1.0';
    const before = wishing(lab, { packages: [older, 'name: kiali'] });
    await lab.apply(change([], [before]));
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    const after = wishing(lab, { packages: ['name: acm', 'name: kiali'] });
    const planned = await lab.plan(change([before], [after]));
    expect(planned.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'operator-unknown-package', text: 'kiali' }),
    );
    expect(deedsOf(planned)).toEqual([
      'delete acme/acm-bundle',
      'delete acme/operand',
      'retag acme/index',
    ]);
    await lab.apply(change([before], [after]));
    expect(await lab.wire.repository(lab.target.host, 'acme/kiali-bundle').tags.list()).toEqual([
      expect.any(String),
    ]);
    // An image set that no longer names the package gives it up.
    const without = wishing(lab, { packages: ['name: acm'] });
    const stale = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
    const last = await lab.plan(change([after], [without]), { options: stale });
    expect(removals(last)).toContain('acme/kiali-bundle');
  });

  it('keeps every release when a channel is misspelled, and plans the rest', async () => {
    const lab = await makeShop();
    const range = 'minVersion: 4.16.5, maxVersion: 4.16.6';
    const wish = { packages: ['name: acm'], images: ['app:v1'] };
    const before = wishing(lab, { ...wish, channels: [`name: stable-4.16, ${range}`] });
    await lab.mirror([before]);
    const after = wishing(lab, { ...wish, images: [], channels: [`name: stabel-4.16, ${range}`] });
    const planned = await lab.plan(change([before], [after]));
    expect(planned.failures).toMatchObject([{ kind: 'release' }]);
    expect(deedsOf(planned)).toEqual(['delete team/app']);
    const findings = planned.plan?.diagnostics.map(({ code }) => code);
    expect(findings).toContain('incomplete-collection');
  });

  it('is withheld where nothing of it can be collected', async () => {
    const lab = await makeShop();
    const file = operatorsConfig([`{catalog: "${lab.source.host}/acme/nowhere:v1"}`]);
    const planned = await lab.plan(change([], [file]));
    expect(planned.plan).toBeUndefined();
    expect(planned.failures).toHaveLength(1);
  });
});

it('an entry that fails is kept when everything stale is pruned, also by its plan file', async () => {
  const lab = await makeShop();
  const before = wishing(lab, { packages: ['name: acm', 'name: kiali'], images: ['app:v1'] });
  await lab.mirror([before]);
  const after = wishing(lab, { packages: ['name: acm', 'name: kialli'], images: ['app:v2'] });
  const options = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
  const planned = await lab.plan(change([before], [after]), { options });
  expect(deedsOf(planned)).toEqual(['delete team/app', 'mirror team/app', 'retag acme/index']);
  const planText = planned.files.get('plan.json') ?? '';
  const approval = { require: 'none' } as const;
  const request = { planText, approval, files: [after] };
  const { result } = await run.apply(lab.settings({ options }), request, () => undefined);
  expect(result.outcomes.map(({ change: { repository } }) => repository).toSorted()).toEqual([
    'acme/index',
    'team/app',
    'team/app',
  ]);
});
