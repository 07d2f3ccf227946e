import { expect, test } from 'vitest';
import { ConfigError, RegistryError } from '../../src/errors.ts';
import { strayDigest } from '../../src/fake-upstream/index.ts';
import {
  createAdditionalCollector,
  createWorkspaceImages,
  diagnosePinFailures,
  pinPlacements,
} from '../../src/imageset/index.ts';
import { mediaTypes } from '../../src/oci/index.ts';
import { imageSet } from '../support/upstream.ts';

async function placementsOf(...names: readonly string[]) {
  const wanted = imageSet({ additionalImages: names.map((name) => ({ name })) });
  return (await createAdditionalCollector({ images: createWorkspaceImages() }).collect(wanted, ''))
    .placements;
}

const content = { mediaType: mediaTypes.ociManifest, digest: strayDigest('x'), size: 1 };

test('each source is resolved once, and what shares it is pinned alike', async () => {
  const asked: string[] = [];
  const placements = await placementsOf('quay.io/a/b:1', 'quay.io/c/d:1', 'quay.io/a/b:1');
  const { pinned, failures } = await pinPlacements(placements, {
    parallel: 2,
    resolve: async ({ repository, tag }) => {
      asked.push(`${repository}:${tag}`);
      return content;
    },
  });
  expect(asked).toEqual(['a/b:1', 'c/d:1']);
  expect(pinned.map((one) => one.content)).toEqual([content, content, content]);
  expect(failures).toEqual([]);
});

test('a source that fails fails its own placements, naming the side, the reference and the remedy', async () => {
  const placements = await placementsOf('quay.io/a/b:1', 'quay.io/gone:1', 'quay.io/down:1');
  const { pinned, failures } = await pinPlacements(placements, {
    parallel: 1,
    resolve: async ({ repository }) => {
      if (repository === 'down') throw new RegistryError('UNREACHABLE', 'connection refused');
      return repository === 'gone' ? undefined : content;
    },
  });
  expect(pinned.map(({ origin }) => origin)).toEqual(['quay.io/a/b:1']);
  expect(failures.map(({ error: { side, code, reference } }) => [side, code, reference])).toEqual([
    ['source', 'NOT_FOUND', 'docker://quay.io/gone:1'],
    ['source', 'UNREACHABLE', 'docker://quay.io/down:1'],
  ]);
  expect(failures[0]?.error.hint).toMatch(/credentials/);
  expect(failures[0]?.error.message).toContain('manifest unknown');
});

test('an image whose name no registry takes fails without a request', async () => {
  const placements = await placementsOf(
    'quay.io/../x:1',
    'quay.io/a:-bad',
    'oci:///no/such',
    'dir:///a',
  );
  const { failures } = await pinPlacements(placements, {
    parallel: 1,
    resolve: () => Promise.reject(new Error('was asked')),
  });
  expect(failures.map(({ error: { code } }) => code)).toEqual([
    'REFERENCE_INVALID',
    'REFERENCE_INVALID',
    'REFERENCE_INVALID',
    'NOT_BUILT',
  ]);
});

test('no more sources are asked at once than allowed', async () => {
  let now = 0;
  let most = 0;
  const names = Array.from({ length: 20 }, (_, index) => `quay.io/a:${index}`);
  await pinPlacements(await placementsOf(...names), {
    parallel: 3,
    resolve: async () => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return content;
    },
  });
  expect(most).toBe(3);
});

test('a setting that keeps images away is told once, and is not taken for credentials', async () => {
  const placements = await placementsOf('quay.io/a/b:1', 'quay.io/c/d:1');
  const { failures } = await pinPlacements(placements, {
    parallel: 1,
    resolve: async () => {
      const hint = 'Write it as http://proxy.example.com:3128.';
      throw new ConfigError('INPUT_INVALID', 'HTTPS_PROXY is no web address.', { hint });
    },
  });
  const [told, ...others] = diagnosePinFailures(failures, 'lost');
  expect(others).toEqual([]);
  expect(told?.summary).toContain('A setting for registries cannot be used');
  expect(told?.detail).toContain('2 images fail for this');
});
