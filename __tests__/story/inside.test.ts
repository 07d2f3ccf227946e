import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import { digestOf, mediaTypes, parseManifest, successors } from '../../src/oci/index.ts';
import * as run from '../../src/run/index.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { change, imagesConfig, type Lab } from '../support/lab.ts';
import { placementOf } from '../support/state-facts.ts';
import { digestOfImage, makeImageLab, publish } from './image-lab.ts';

const [app, prod] = ['app', 'production'].map((seed) => makeImage({ seed }));
if (!app || !prod) throw new Error('no images');
const stale = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
const stateRepository = 'ocp/imageset-mirror/state';

/** A target with a path, an image mirrored there, and an image of somebody else beside it. */
async function makeScene() {
  const lab = await makeImageLab();
  const name = `${await publish(lab, 'team/app', app as never, 'v1')}:v1`;
  const settings = { target: `${lab.target.host}/ocp` };
  const file = imagesConfig([name]);
  await lab.mirror([file], settings);
  pushTo(lab.to.store, 'prod/app', 'v1', prod as never);
  const isThere = () => ensureRepository(lab.to.store, 'prod/app').tags.get('v1');
  return { lab, settings, file, isThere };
}

/** Lets lines of somebody who may push to the state's repository take the place of a tag. */
function forge(lab: Lab, tag: string, lines: readonly unknown[]): void {
  const repository = ensureRepository(lab.target.fake?.store ?? new Map(), stateRepository);
  const layer = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const config = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}}');
  const describe_ = (mediaType: string, bytes: Uint8Array) => {
    repository.blobs.set(digestOf(bytes), bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
  };
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: describe_(mediaTypes.ociConfig, config),
    layers: [describe_(mediaTypes.ociLayerGzip, layer)],
  });
  const bytes = new TextEncoder().encode(text);
  repository.manifests.set(digestOf(bytes), { mediaType: mediaTypes.ociManifest, bytes });
  repository.tags.set(tag, digestOf(bytes));
}

/** Reads the lines that `default` names. */
function linesOf(lab: Lab): readonly Record<string, unknown>[] {
  const { tags, manifests, blobs } = ensureRepository(
    lab.target.fake?.store ?? new Map(),
    stateRepository,
  );
  const manifest = parseManifest(
    manifests.get(tags.get('default') ?? '')?.bytes ?? new Uint8Array(),
  );
  const layer = successors(manifest).blobs.at(-1)?.digest ?? '';
  const text = gunzipSync(blobs.get(layer) ?? '').toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const foreign = (repository: string) => ({
  ...placementOf('v1', 'imageset-config.yaml'),
  repository,
  tag: 'v1',
  digest: digestOfImage(prod),
});

describe('a forged state', () => {
  it.each(['prod/app', 'ocp/imageset-mirror/state', 'ocp2/app', 'ocp'])(
    'that names %s causes no request there, and is told',
    async (repository) => {
      const { lab, settings, file, isThere } = await makeScene();
      forge(lab, 'default', [...linesOf(lab), { placement: foreign(repository) }]);
      lab.to.log.clear();
      const options = { ...settings, options: stale };
      const { planned, applied } = await lab.apply(change(undefined, [file]), options);
      expect(planned.diagnostics).toContainEqual(
        expect.objectContaining({
          severity: 'warning',
          code: 'state-outside',
          detail: expect.stringContaining(`${repository}:v1`),
        }),
      );
      expect(applied?.result.outcomes).toEqual([]);
      const outside = lab.to.log.entries.filter(({ path }) => !/^\/v2\/(ocp\/.*)?$/.test(path));
      expect(outside).toEqual([]);
      expect(isThere()).toBe(digestOfImage(prod));
    },
  );

  it.each(['../prod/app', '/prod/app', 'ocp/../prod/app'])(
    'with the path %s is refused',
    async (repository) => {
      const { lab, settings, file } = await makeScene();
      forge(lab, 'default', [...linesOf(lab), { placement: foreign(repository) }]);
      await expect(lab.plan(change(undefined, [file]), settings)).rejects.toMatchObject({
        code: 'STATE_FORMAT',
        message: expect.stringContaining('ocp/imageset-mirror/state:default'),
      });
    },
  );

  it('deletes nothing whose tag names another digest than the state says', async () => {
    const { lab, settings, file } = await makeScene();
    pushTo(lab.to.store, 'ocp/theirs', 'v1', prod);
    const lie = { ...foreign('ocp/theirs'), digest: digestOfImage(app) };
    forge(lab, 'default', [...linesOf(lab), { placement: lie }]);
    await lab.apply(change(undefined, [file]), { ...settings, options: stale });
    const { tags } = ensureRepository(lab.to.store, 'ocp/theirs');
    expect(tags.get('v1')).toBe(digestOfImage(prod));
  });
});

describe('a forged undo record', () => {
  it('sets no tag outside the target', async () => {
    const { lab, settings, isThere } = await makeScene();
    const { raw, descriptor } = app.manifest;
    forge(lab, 'undo-default-7', [
      { kind: 'imageset-mirror.undo', formatVersion: '1.0' },
      {
        placement: { ...foreign('prod/app'), tag: 'latest', digest: descriptor.digest },
        manifests: [{ ...descriptor, size: undefined, raw: Buffer.from(raw).toString('base64') }],
      },
    ]);
    lab.to.log.clear();
    const report = await run.restore(lab.settings(settings), { undo: 7 }, () => {});
    expect(report).toMatchObject({
      done: 0,
      total: 1,
      imageFailures: [{ origin: 'prod/app:latest', message: expect.stringContaining('inside') }],
    });
    expect(lab.to.log.entries.filter(({ path }) => path.includes('prod'))).toEqual([]);
    expect(isThere()).toBe(digestOfImage(prod));
  });
});

describe('a plan file', () => {
  it('that names something outside its target is refused', async () => {
    const { lab, settings, file } = await makeScene();
    const { plan, files } = await lab.plan(change(undefined, [file]), settings);
    expect(plan?.changes).toHaveLength(1);
    const text = files.get('plan.json') ?? '';
    const forged = JSON.parse(text);
    forged.changes[0].repository = 'prod/app';
    const request = {
      planText: JSON.stringify(forged),
      approval: { require: 'none' },
      files: [],
    } as const;
    await expect(run.apply(lab.settings(settings), request, () => {})).rejects.toMatchObject({
      code: expect.stringMatching(/^PLAN_(FORMAT|UNAPPLYABLE)$/),
    });
  });
});

describe('an image set', () => {
  it('that would write where the state lies is refused on its line', async () => {
    const { lab, settings, file } = await makeScene();
    const entry = file.text.trimEnd().split('\n').at(-1) ?? '';
    const text = `${file.text}${entry}\n      targetRepo: imageset-mirror/state\n      targetTag: default\n`;
    const { diagnostics } = await lab.plan(change(undefined, [{ ...file, text }]), settings);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        code: 'placement-reserved',
        at: expect.objectContaining({ file: file.name, line: expect.any(Number) }),
      }),
    );
    const report = await lab.mirror([{ ...file, text }], settings);
    expect(report.failures).toHaveLength(1);
  });
});
