import { expect } from 'vitest';
import type { FakeRegistry, FakeSettings } from '../../src/fake-registry/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import type { ConfigFile } from '../../src/run/index.ts';
import type { TestImage } from '../support/images.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import { pull, put, repositoryOf } from './hands.ts';

/** A lab whose registries can be looked into. */
export type ImageLab = Lab & { readonly from: FakeRegistry; readonly to: FakeRegistry };

/** Sets up a lab without releases. */
export async function makeImageLab(target: Partial<FakeSettings> = {}): Promise<ImageLab> {
  const lab = await makeLab({ target, upstream: { components: 1, channels: {} } });
  const [from, to] = [lab.source.fake, lab.target.fake];
  if (!from || !to) throw new Error('these tests look into registries of this process');
  return { ...lab, from, to };
}

/** Publishes an image at the source; gives its repository as image sets name it. */
export async function publish(
  lab: Lab,
  name: string,
  image: TestImage,
  tag?: string,
): Promise<string> {
  await put(repositoryOf(lab, lab.source, name), image, tag);
  return `${lab.source.host}/${name}`;
}

/** Gives the digest by which an image is known. */
export const digestOfImage = ({ manifest }: TestImage): Digest => manifest.descriptor.digest;

/** Mirrors an image set as a merge does; gives `repository:tag` of all that is kept from then on. */
export async function mirrorAll(
  lab: Lab,
  ...files: readonly ConfigFile[]
): Promise<readonly string[]> {
  const { applied } = await lab.apply(change(undefined, files));
  expect(applied?.result.outcomes.filter(({ result }) => result !== 'done')).toEqual([]);
  const { plan } = await lab.plan(change(undefined, files));
  expect(plan?.totals).toMatchObject({ mirror: 0, retag: 0, delete: 0, untag: 0 });
  return plan?.changes.map(({ repository, tag }) => `${repository}:${tag}`) ?? [];
}

/** Pulls whole from the target. */
export const pullTarget = (lab: Lab, name: string, reference: string) =>
  pull(repositoryOf(lab, lab.target, name), reference);
