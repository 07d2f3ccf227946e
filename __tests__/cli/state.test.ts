import { describe, expect, it } from 'vitest';
import { createWorld, emptyPlan } from './world.ts';

const target = 'docker://reg:5000/ns';

describe('state list', () => {
  it('prints each image set that the state knows, and nothing that a terminal obeys', async () => {
    const known = [
      { name: 'a\u001b[2J', images: 1, bytes: 1000 },
      { name: 'b', images: 2, bytes: 0, at: '2026-01-01T00:00:00Z', commit: 'c0ffeec0ffee' },
    ];
    using world = createWorld({ jobs: { listState: async () => known } });
    const { code, out } = await world.run('state', 'list', target);
    expect(code).toBe(0);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('1 image, 1.0 kB, last applied an older version');
    expect(out).toContain('b: 2 images, 0 B, last applied 2026-01-01T00:00:00Z at c0ffeec\n');
  });

  it('says when there is none', async () => {
    using world = createWorld({ jobs: { listState: async () => [] } });
    expect((await world.run('state', 'list', target)).out).toBe('The state knows no image set.\n');
  });
});

describe('state retire', () => {
  const planned = emptyPlan();

  it('plans the end of the named image set, with the bounds that were given, and writes the files', async () => {
    using world = createWorld({ jobs: { retire: async () => planned } });
    const flags = ['--workspace', `file://${world.directory}`, '--max-delete', '7'];
    const { code, out } = await world.run('state', 'retire', ...flags, 'a//b.yaml', target);
    expect(code).toBe(0);
    const [settings, name] = world.calls[0]?.words ?? [];
    expect(name).toBe('a//b.yaml');
    expect(settings).toMatchObject({
      target: 'reg:5000/ns',
      options: { prune: 'removed', maxDelete: { count: 7 } },
    });
    expect(world.list('working-dir/plan')).toEqual(['delete-images.yaml', 'plan.json']);
    expect(out).toContain('apply it with: imageset-mirror apply --plan');
  });

  it.each([
    [[target], 'the name of the image set is missing'],
    [['a//b.yaml'], 'the destination registry is missing'],
  ])('is refused with %j', async (words, message) => {
    using world = createWorld();
    const { code, err } = await world.run('state', 'retire', ...words);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
