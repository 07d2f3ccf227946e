import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConfigFile } from '../../src/run/index.ts';
import { writeLayout } from '../support/image-layout.ts';
import { makeImage } from '../support/images.ts';
import { change, imagesConfig, type Lab } from '../support/lab.ts';
import { pull, repositoryOf } from './hands.ts';
import { digestOfImage, makeImageLab, mirrorAll } from './image-lab.ts';

const image = makeImage({ seed: 'app' });

function layoutIn(lab: Lab, name: string, content = image): string {
  const directory = join(lab.workspace, name);
  const blobs = content.blobs.map(({ bytes, ...blob }) => ({ ...blob, bytes: () => bytes }));
  return writeLayout([{ ...content, blobs, children: [] }], directory);
}

/** Names each directory, and its path in the target. */
function configOf(images: Readonly<Record<string, string>>): ConfigFile {
  const { name, text } = imagesConfig(
    Object.entries(images).map(
      ([path, directory]) => `oci://${directory}\n      targetRepo: ${path}`,
    ),
  );
  return { name, text };
}

describe('an additional image of a directory', () => {
  it('is mirrored like one of a registry, kept, and removed with its entry', async () => {
    const lab = await makeImageLab();
    const [app, other] = [
      layoutIn(lab, 'app'),
      layoutIn(lab, 'other', makeImage({ seed: 'other' })),
    ];
    const both = configOf({ 'team/app': app, 'team/other': other });
    await mirrorAll(lab, both);
    expect(await pull(repositoryOf(lab, lab.target, 'team/app'), 'latest')).toBe(
      digestOfImage(image),
    );
    const again = await lab.plan(change([both], [both]));
    expect(again.plan?.totals).toMatchObject({ keep: 2, mirror: 0 });
    const { plan } = await lab.plan(change([both], [configOf({ 'team/other': other })]));
    expect(plan?.totals).toMatchObject({ keep: 1, delete: 1 });
  });

  it('fails alone where the directory is no image layout', async () => {
    const lab = await makeImageLab();
    const config = configOf({ 'team/app': layoutIn(lab, 'app'), 'team/none': '/no/such/layout' });
    const { imageFailures } = await lab.mirror([config]);
    expect(imageFailures).toMatchObject([
      { message: expect.stringContaining('/no/such/layout is no image layout') },
    ]);
    expect(await pull(repositoryOf(lab, lab.target, 'team/app'), 'latest')).toBe(
      digestOfImage(image),
    );
  });
});
