import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isOfPlace, type Plan } from '../../src/plan/index.ts';
import { type ConfigFile, deleteGenerate } from '../../src/run/index.ts';
import { effort } from '../support/effort.ts';
import { change } from '../support/lab.ts';
import { imagesOf, publishCatalog, type TestPackage } from '../support/operators.ts';
import { brokenTags, tagsOf } from '../support/whole.ts';
import { type ImageLab, makeImageLab } from './image-lab.ts';

/** Two catalogs whose packages share operands within and across them; one package is in both. */
const both: TestPackage = { name: 'both', versions: ['1.0.0', '1.1.0'], shares: ['proxy', 'logs'] };
const catalogs: Readonly<Record<string, readonly TestPackage[]>> = {
  one: [both, { name: 'acm', versions: ['1.0.0', '1.1.0', '1.2.0'], shares: ['proxy'] }],
  two: [both, { name: 'kiali', versions: ['2.0.0', '2.1.0'], shares: ['logs', 'proxy'] }],
};
const files = ['first.yaml', 'second.yaml'];

/** The wish of one file for a package: nothing, its newest version, all, or just the oldest. */
const share = fc.constantFrom('none', 'none', 'head', 'full', 'oldest');
type Share = typeof share extends fc.Arbitrary<infer Value> ? Value : never;

/** The wishes of the files: of each catalog's packages, and whether one names an operand by itself, under a tag too. */
const step = fc.record({
  shares: fc.array(share, { minLength: 8, maxLength: 8 }),
  operand: fc.constantFrom('none', 'by digest', 'by digest and tag'),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Wish {
  readonly file: number;
  readonly catalog: string;
  readonly one: TestPackage;
  readonly share: Share;
}

function wishesOf({ shares }: Step): readonly Wish[] {
  const all = files.flatMap((_, file) =>
    Object.entries(catalogs).flatMap(([catalog, packages]) =>
      packages.map((one) => ({ file, catalog, one })),
    ),
  );
  return all.map((wish, index) => ({ ...wish, share: shares[index] ?? 'none' }));
}

const proxy = imagesOf({ name: 'any', versions: [], shares: ['proxy'] }, '').at(-1) ?? '';

/** Each package is an entry of its own: `full` counts for an entry. */
function entriesOf(lab: ImageLab, wishes: readonly Wish[]): string[] {
  return wishes.flatMap(({ file, catalog, one: { name, versions }, share: wanted }) => {
    if (wanted === 'none') return [];
    const range = `, minVersion: "${versions[0]}", maxVersion: "${versions[0]}"`;
    const more = wanted === 'full' ? ', full: true' : '';
    const source = `${lab.source.host}/acme/${catalog}:v1`;
    const target = `acme/${catalog}-${name}-${file}`;
    const choice = `{name: ${name}${wanted === 'oldest' ? range : ''}}`;
    return [`{catalog: "${source}", targetCatalog: ${target}, packages: [${choice}]${more}}`];
  });
}

function filesOf(lab: ImageLab, one: Step): readonly ConfigFile[] {
  const head = ['apiVersion: mirror.openshift.io/v2alpha1', 'kind: ImageSetConfiguration'];
  return files.map((name, file) => {
    const entries = entriesOf(
      lab,
      wishesOf(one).filter((wish) => wish.file === file),
    );
    const images = [
      '{name: "HOST/pool/thing:v1"}',
      ...(one.operand === 'none' || file === 1 ? [] : [`{name: "HOST/${proxy}"}`]),
      ...(one.operand === 'by digest and tag' && file === 0
        ? [`{name: "HOST/${proxy}", targetTag: mine}`]
        : []),
    ].map((image) => image.replace('HOST', lab.source.host));
    const lines = [
      ...(entries.length > 0 ? ['  operators:', ...entries.map((entry) => `    - ${entry}`)] : []),
      '  additionalImages:',
      ...images.map((image) => `    - ${image}`),
    ];
    return { name, text: [...head, 'mirror:', ...lines, ''].join('\n') };
  });
}

/** The content below `acme` after a step: images by `repository:tag` with their digests; catalogs by place alone. */
function wantedOf(one: Step) {
  const images = new Map<string, string>();
  const places = new Set<string>();
  const add = (reference: string, tag?: string): void => {
    const [repository = '', digest = ''] = reference.split('@');
    images.set(`${repository}:${tag ?? digest.replace(':', '-')}`, digest);
  };
  for (const { file, catalog, one: chosen, share: wanted } of wishesOf(one)) {
    if (wanted === 'none') continue;
    const { versions } = chosen;
    const kept = { head: versions.slice(-1), full: versions, oldest: versions.slice(0, 1) };
    for (const image of kept[wanted].flatMap((version) => imagesOf(chosen, version))) add(image);
    places.add(`acme/${catalog}-${chosen.name}-${file}:v1`);
  }
  if (one.operand !== 'none') add(proxy);
  if (one.operand === 'by digest and tag') add(proxy, 'mine');
  return { images, places };
}

const isOperator = (kind: string) => kind === 'operatorBundle' || kind === 'operatorRelatedImage';

/** Looks whether the files for other tools say all that goes, and nothing that stays. */
async function checkFiles(
  lab: ImageLab,
  plan: Plan,
  facts: {
    readonly files: ReadonlyMap<string, string>;
    readonly images: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const chosen: string[] = [];
  for (const [name, text] of facts.files) {
    if (!name.startsWith('delete-imageset-config')) continue;
    const request = { file: { name, text }, signatures: 'keep' } as const;
    const { failures, deleteImages } = await deleteGenerate(lab.settings(), request);
    expect(failures).toEqual([]);
    chosen.push(deleteImages);
  }
  const gone = plan.changes.filter(
    ({ action, kind }) => (action === 'delete' || action === 'untag') && isOperator(kind),
  );
  for (const { origin } of gone) expect(chosen.join('\n')).toContain(origin);
  const staying = [...facts.images].filter(([place]) => place.includes('-bundle:'));
  for (const [place] of staying) expect(chosen.join('\n')).not.toContain(`/${place}\n`);
  const list = facts.files.get('delete-images.yaml') ?? '';
  const items = [
    ...(list.split('untag:')[0]?.matchAll(/imageReference: docker:\/\/[^/]+\/(\S+)/g) ?? []),
  ];
  const wanted = [...facts.images].map(([place, digest]) => `${place.split(':')[0]}@${digest}`);
  for (const [, place = ''] of items) {
    const named = tagsOf(lab.to)[place];
    expect(facts.images.has(place)).toBe(false);
    expect(wanted).not.toContain(`${place.split(':')[0]}@${named}`);
  }
}

const seen = { delete: 0, untag: 0, keep: 0, several: 0 };

async function live(lab: ImageLab, steps: readonly Step[]): Promise<void> {
  let base: readonly ConfigFile[] | undefined;
  for (const one of steps) {
    const head = filesOf(lab, one);
    const { images, places } = wantedOf(one);
    const planned = await lab.plan(change(base, head));
    if (!planned.plan) throw new Error(JSON.stringify(planned.diagnostics));
    await checkFiles(lab, planned.plan, { files: planned.files, images });
    const { applied } = await lab.apply(change(base, head));
    expect(applied?.result.outcomes.filter(({ result }) => result !== 'done')).toEqual([]);
    expect(brokenTags(lab.to.store)).toEqual([]);
    const tags = Object.entries(tagsOf(lab.to)).filter(([place]) => place.startsWith('acme/'));
    const isCatalog = ([place]: readonly [string, string]) => /^acme\/(one|two)-/.test(place);
    expect(new Map(tags.filter((tag) => !isCatalog(tag)))).toEqual(images);
    expect(new Set(tags.filter(isCatalog).map(([place]) => place))).toEqual(places);
    for (const { action } of planned.plan.changes.filter(isOfPlace)) {
      if (action === 'delete' || action === 'untag' || action === 'keep') seen[action] += 1;
    }
    if ([...planned.files.keys()].filter((name) => name.startsWith('delete-imageset')).length > 1) {
      seen.several += 1;
    }
    base = head;
  }
}

/** A tag goes whose image stays, versions go whose package stays: without such changes the worlds would prove little. */
const everyKind: Step[] = ['full', 'head'].map((acm, index) => ({
  shares: ['none', acm as Share, 'none', 'head', 'none', 'none', 'none', 'none'],
  operand: index === 0 ? 'by digest and tag' : 'none',
}));

it(
  'operators of random merges are there whole, and images that only dropped ones used are gone',
  async () => {
    const lab = await makeImageLab();
    for (const [name, packages] of Object.entries(catalogs)) {
      await publishCatalog(lab, `acme/${name}:v1`, packages);
    }
    await publishCatalog(lab, 'pool/thing:v1', []);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), async (steps) => {
        lab.to.store.clear();
        await live(lab, steps);
      }),
      { numRuns: effort.runs(15), examples: [[everyKind]] },
    );
    // The example alone brings the first three; only many worlds are sure to bring the last.
    const { several, ...always } = seen;
    const counts = [...Object.values(always), ...(effort.isShort ? [] : [several])];
    expect(counts.every((count) => count > 0)).toBe(true);
  },
  effort.limit,
);
