import { describe, expect, it } from 'vitest';
import { verify } from '../../src/run/index.ts';
import { hasDockerRegistry } from '../support/docker-registry.ts';
import { effort } from '../support/effort.ts';
import { makeImage } from '../support/images.ts';
import { imagesConfig, makeLab } from '../support/lab.ts';
import { pull, put, repositoryOf } from './hands.ts';

const rounds = effort.runs(100);

describe.skipIf(!hasDockerRegistry())('two mirrors at once on a real registry', () => {
  it(
    `both come to be known, in ${rounds} rounds`,
    async () => {
      const lab = await makeLab({ kind: 'docker', upstream: { components: 1, channels: {} } });
      const source = repositoryOf(lab, lab.source, 'team/app');
      for (const tag of ['v1', 'v2', 'v3', 'v4']) await put(source, makeImage({ seed: tag }), tag);
      const wish = (name: string, ...tags: readonly string[]) =>
        imagesConfig(
          tags.map((tag) => `${lab.source.host}/team/app:${tag}`),
          name,
        );
      for (let round = 1; round <= rounds; round += 1) {
        const target = `${lab.target.host}/r${round}`;
        await Promise.all([
          lab.mirror([wish('a.yaml', 'v1', 'v2', 'v3')], { target }),
          lab.mirror([wish('b.yaml', 'v2', 'v3', 'v4')], { target }),
        ]);
        const found = await verify(lab.settings({ target }), () => {});
        expect(found, `round ${round}`).toMatchObject({ done: 4, total: 4, imageFailures: [] });
        await pull(repositoryOf(lab, lab.target, `r${round}/team/app`), 'v4');
      }
    },
    effort.limit,
  );
});
