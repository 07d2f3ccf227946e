import { expect, it } from 'vitest';
import { formatImageFailure } from '../../src/cli/words.ts';
import type { ConfigFile } from '../../src/run/index.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog } from '../support/operators.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const acm = { name: 'acm', versions: ['1.0.0', '1.1.0'] };

function fileOf({ source }: Lab, more = ''): ConfigFile {
  const file = operatorsConfig([
    `catalog: ${source.host}/acme/index:v1\n      packages:\n        - name: acm`,
  ]);
  return { ...file, text: `${file.text}${more}` };
}

it('a related image that is gone is named with bundle, package, catalog and line; the rest comes', async () => {
  const lab = await makeLab();
  const gone = `${lab.source.host}/acme/tool@${digest}`;
  await publishCatalog(lab, 'acme/index:v1', [{ ...acm, extra: [gone] }]);
  const { imageFailures, counts } = await lab.mirror([fileOf(lab)]);
  const catalog = `${lab.source.host}/acme/index:v1`;
  expect(imageFailures).toMatchObject([
    {
      origin: gone,
      neededBy: [{ catalog, package: 'acm', bundle: 'acm.v1.1.0' }],
      at: { file: 'imageset-config.yaml', line: 7 },
    },
  ]);
  expect(counts).toEqual([{ kind: 'operator', collected: 4, copied: 3 }]);
  const [line = ''] = imageFailures.map(formatImageFailure);
  expect(line).toContain(
    `error mirroring image ${gone} (Operator bundles: [acm.v1.1.0] - Operators: [acm]) error: `,
  );
  expect(line).toContain(` Catalog: ${catalog}. Asked for at imageset-config.yaml:7.`);

  const { plan } = await lab.plan(change([], [fileOf(lab)]));
  const found = plan?.diagnostics.filter(({ code }) => code === 'source-unreadable');
  expect(found).toMatchObject([
    {
      severity: 'error',
      text: gone,
      detail: expect.stringContaining(
        `Needed by bundle "acm.v1.1.0" of package "acm" in catalog "${catalog}".`,
      ),
      at: { line: 7 },
    },
  ]);
});

it('a bundle that does not list its own image is mirrored as oc-mirror does, with the entry that mends it', async () => {
  const lab = await makeLab();
  const own = `${lab.source.host}/acme/own@${digest}`;
  const bundle = {
    schema: 'olm.bundle',
    name: 'acm.v2.0.0',
    package: 'acm',
    image: own,
    properties: [{ type: 'olm.package', value: { packageName: 'acm', version: '2.0.0' } }],
    relatedImages: [],
  };
  const packages = [
    { ...acm, channels: { stable: ['1.0.0', '1.1.0', '2.0.0'] }, documents: [bundle] },
  ];
  await publishCatalog(lab, 'acme/index:v1', packages);
  const { plan } = await lab.plan(change([], [fileOf(lab)]));
  expect(plan?.diagnostics).toMatchObject([
    {
      severity: 'warning',
      code: 'operator-bundle-image-unlisted',
      detail: expect.stringContaining('acm.v2.0.0'),
      fix: `additionalImages:\n  - name: ${own}`,
      at: { line: 7 },
    },
  ]);
  expect(plan?.changes.map(({ kind }) => kind)).toEqual(['operatorCatalog']);

  const mended = fileOf(lab, `  additionalImages:\n    - name: ${own}\n`);
  const codes = (await lab.plan(change([], [mended]))).plan?.diagnostics.map(({ code }) => code);
  expect(codes).not.toContain('operator-bundle-image-unlisted');
});
