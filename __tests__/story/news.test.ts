import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type ConfigFile, type Settings, verify } from '../../src/run/index.ts';
import { makeImage } from '../support/images.ts';
import { change, channelConfig, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog, type TestPackage } from '../support/operators.ts';
import { makeImageLab, mirrorAll, publish } from './image-lab.ts';

const look = (lab: Lab, files: readonly ConfigFile[], settings: Partial<Settings> = {}) =>
  verify(lab.settings(settings), () => {}, { files });

/** The text of a file with one word for another. */
const edited = (file: ConfigFile, from: string, to: string): ConfigFile => ({
  ...file,
  text: file.text.replace(from, to),
});

describe('a look at new releases', () => {
  it('suggests the newest to which an update leads, with the line to change', async () => {
    const lab = await makeLab();
    const file = channelConfig('4.16.5', '4.16.5');
    await lab.apply(change(undefined, [file]));
    const { done, total, news, notes } = await look(lab, [file]);
    expect({ done, total, notes }).toEqual({ done: 8, total: 8, notes: [] });
    expect(news).toEqual([
      {
        severity: 'notice',
        code: 'new-release',
        summary: 'A newer release is in the channel.',
        detail:
          'stable-4.16 has 4.16.6, to which a recommended update leads from 4.16.5. Raise minVersion too once no cluster runs 4.16.5.',
        text: '4.16.5',
        fix: 'maxVersion: 4.16.6',
        at: { file: 'imageset-config.yaml', line: 8, column: 21 },
      },
    ]);
  });

  it('prefers a release to which an update leads, and says where none does', async () => {
    const risky = (from: string) => ({
      edges: [{ from, to: '4.16.7' }],
      risks: [
        { name: 'X', message: 'm', url: 'https://x.example', matchingRules: [{ type: 'Always' }] },
      ],
    });
    const channels = { 'stable-4.16': ['4.16.5', '4.16.6', '4.16.7'] };
    const conditionalEdges = [risky('4.16.5'), risky('4.16.6')];
    const lab = await makeLab({ upstream: { channels, conditionalEdges } });
    const suggestions = async (version: string) =>
      (await look(lab, [channelConfig(version, version)])).news?.map(({ detail }) => detail);
    expect(await suggestions('4.16.5')).toEqual([expect.stringMatching(/has 4.16.6, to which a /)]);
    expect(await suggestions('4.16.6')).toEqual([
      expect.stringMatching(/has 4.16.7, to which no recommended/),
    ]);
  });

  it('says of a channel without an upper bound that the next apply brings it', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [channelConfig('4.16.5', '4.16.5')]));
    const open = edited(channelConfig('4.16.5', 'x'), '        maxVersion: x\n', '');
    expect((await look(lab, [open])).news).toMatchObject([
      { detail: 'stable-4.16 has 4.16.6; the next apply brings it.', at: { line: 6 } },
    ]);
    await lab.apply(change(undefined, [open]));
    expect((await look(lab, [open])).news).toEqual([]);
  });

  it('suggests nothing where everything is mirrored, or an architecture or VERSION_FILTER lacks it', async () => {
    const lab = await makeLab();
    const [all, one] = [channelConfig('4.16.5', '4.16.6'), channelConfig('4.16.5', '4.16.5')];
    expect((await look(lab, [all])).news).toEqual([]);
    const two = edited(one, 'channels:', 'architectures: [amd64, s390x]\n    channels:');
    expect((await look(lab, [two])).news).toEqual([]);
    const env = { ...lab.settings().env, VERSION_FILTER: '4.16.5' };
    expect((await look(lab, [one], { env })).news).toEqual([]);
  });

  it('is a note where the update service does not answer, and fails nothing', async () => {
    const lab = await makeLab();
    const file = channelConfig('4.16.5', '4.16.5');
    await lab.apply(change(undefined, [file]));
    const env = { UPDATE_URL_OVERRIDE: 'http://127.0.0.1:1/graph' };
    const other = edited(file, 'stable-4.16', 'stable-4.17');
    const report = await look(lab, [file, { ...other, name: 'other.yaml' }], { env });
    expect(report).toMatchObject({ done: 8, imageFailures: [], news: [] });
    expect(report.notes).toEqual([
      expect.stringMatching(/^New upstream of stable-4.16, stable-4.17 is unknown: 127.0.0.1:1 /),
    ]);
  });
});

describe('a look at files', () => {
  it('names those that hold no image set that can be read', async () => {
    const lab = await makeLab();
    const broken = { name: 'broken.yaml', text: 'mirror: [' };
    const { notes } = await look(lab, [broken, channelConfig('4.16.5', '4.16.6')]);
    expect(notes.at(-1)).toMatch(/^New upstream of broken.yaml was not looked for: .*"lint"/);
  });
});

it('looks at no more entries than a check has time for, and says so', async () => {
  const lab = await makeImageLab();
  const names = Array.from({ length: 300 }, (_, index) => `quay.io/acme/app:v${index}`);
  const name = await publish(lab, 'team/app', makeImage({ seed: 'old' }), 'latest');
  const last = imagesConfig([...names, `${name}:latest`]);
  await mirrorAll(lab, imagesConfig([`${name}:latest`]));
  await publish(lab, 'team/app', makeImage({ seed: 'new' }), 'latest');
  const { news, notes } = await look(lab, [last]);
  expect(news).toEqual([]);
  expect(notes).toEqual(['New upstream was looked for in the first 300 of 301 entries alone.']);
});

describe('a look at tags', () => {
  it('names those that moved since they were mirrored, each at its line', async () => {
    const lab = await makeImageLab();
    const name = await publish(lab, 'team/app', makeImage({ seed: 'old' }), 'latest');
    await publish(lab, 'team/app', makeImage({ seed: 'other' }), 'v2');
    const file = imagesConfig([`${name}:latest`, `${name}:v2`]);
    await mirrorAll(lab, file);
    expect((await look(lab, [file])).news).toEqual([]);
    await publish(lab, 'team/app', makeImage({ seed: 'new' }), 'latest');
    expect((await look(lab, [file])).news).toMatchObject([
      {
        code: 'tag-moved',
        detail: `${name}:latest has moved since; the next apply brings it.`,
        at: { line: 5 },
      },
    ]);
    expect((await verify(lab.settings(), () => {})).news).toBeUndefined();
  });

  it('leaves out images that were never mirrored, and those by digest', async () => {
    const lab = await makeImageLab();
    const image = makeImage({ seed: 'old' });
    const name = await publish(lab, 'team/app', image, 'latest');
    const file = imagesConfig([`${name}@${image.manifest.descriptor.digest}`]);
    await mirrorAll(lab, file);
    await publish(lab, 'team/app', makeImage({ seed: 'new' }), 'latest');
    expect((await look(lab, [file, imagesConfig([`${name}:latest`], 'b.yaml')])).news).toEqual([]);
  });

  it('shares one note among images whose registry fails', async () => {
    const lab = await makeImageLab();
    const name = await publish(lab, 'team/app', makeImage({ seed: 'old' }), 'v1');
    await publish(lab, 'team/app', makeImage({ seed: 'other' }), 'v2');
    const file = imagesConfig([`${name}:v1`, `${name}:v2`]);
    await mirrorAll(lab, file);
    lab.from.faults.add({ status: 403, times: 100 });
    const { notes, news } = await look(lab, [file]);
    expect(news).toEqual([]);
    expect(notes.length).toBeGreaterThan(0);
    expect(notes.every((note) => note.startsWith('New upstream of '))).toBe(true);
  });
});

describe('a look at operators', () => {
  const packages: readonly TestPackage[] = [{ name: 'acm', versions: ['1.0.0', '1.1.0'] }];

  async function makeCatalog(more: string) {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const file = operatorsConfig([
      `catalog: ${lab.source.host}/acme/index:v1\n      packages:\n        - name: acm\n${more}`,
    ]);
    await lab.mirror([file]);
    return { lab, file };
  }

  it('suggests the head above an upper bound of a package or a channel', async () => {
    const own = await makeCatalog('          minVersion: 1.0.0\n          maxVersion: 1.0.0');
    expect((await look(own.lab, [own.file])).news).toMatchObject([
      {
        code: 'new-operator-version',
        detail: 'acm has 1.1.0 at the head of stable.',
        text: '1.0.0',
        fix: 'maxVersion: 1.1.0',
        at: { line: 9 },
      },
    ]);
    const inner = await makeCatalog(
      '          channels:\n            - name: stable\n              maxVersion: 1.0.0\n              minVersion: 1.0.0',
    );
    expect((await look(inner.lab, [inner.file])).news).toMatchObject([
      { fix: 'maxVersion: 1.1.0', at: { line: 10 } },
    ]);
  });

  it('says that a catalog moved, and that it was not looked at where the workspace lacks it', async () => {
    const { lab, file } = await makeCatalog('          maxVersion: 1.1.0');
    expect(await look(lab, [file])).toMatchObject({ news: [], notes: [] });
    await publishCatalog(lab, 'acme/index:v1', [{ name: 'acm', versions: ['1.1.0', '2.0.0'] }]);
    expect((await look(lab, [file])).news).toMatchObject([{ code: 'tag-moved', at: { line: 5 } }]);
    await publishCatalog(lab, 'acme/index:v1', packages);
    await rm(lab.workspace, { recursive: true, force: true });
    const { news, notes } = await look(lab, [file]);
    expect(news).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/^Newer operators of .* were not looked for/)]);
  });
});
