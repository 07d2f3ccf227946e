import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlan, decodePlan, encodePlan, planDigest } from '../../src/plan/index.ts';
import { formatJson, toJsonSchema } from '../support/json-schema.ts';
import { cause, facts } from './facts.ts';
import { worldArbitrary } from './random-world.ts';
import { release, releaseChange } from './release-facts.ts';

const newer = release('4.16.6');
const input = facts({
  ...releaseChange([...release('4.16.5'), ...newer], newer),
  edits: [{ ...cause(), from: '4.16.5', to: '4.16.6' }],
  graphs: [
    {
      channel: 'stable-4.16',
      architecture: 'amd64',
      versions: ['4.16.5', '4.16.6'],
      edges: [['4.16.5', '4.16.6']],
      conditional: [
        {
          edges: [
            ['4.16.5', '4.16.6'],
            ['4.16.5', '4.16.9'],
          ],
          risks: [{ name: 'Panics', message: 'Nodes may panic.', url: '', always: true }],
        },
        {
          edges: [['4.15.1', '4.16.6']],
          risks: [{ name: 'Slow', message: '', url: 'https://issues.test/2' }],
        },
      ],
    },
  ],
  diagnostics: [{ severity: 'notice', code: 'some-notice', summary: 'So it is.', at: cause().at }],
});
const plan = createPlan(input);

type Json = Record<string, unknown>;

/** The plan's file after somebody edited it. */
function edited(edit: (json: Json & { changes: Json[]; totals: Json; options: Json }) => void) {
  const json = JSON.parse(encodePlan(plan));
  edit(json);
  return JSON.stringify(json);
}

describe('a plan file', () => {
  it('gives the plan back', async () => {
    expect(await decodePlan(encodePlan(plan))).toEqual(plan);
  });

  it('gives every plan back, in the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(worldArbitrary, async ({ input }) => {
        const made = createPlan(input);
        const text = encodePlan(made);
        const back = await decodePlan(text);
        expect(back).toEqual(made);
        expect(encodePlan(back)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it('has the conditional updates between its own releases, and from those that clusters run', () => {
    expect(plan.graphs[0]?.conditional?.flatMap(({ edges }) => edges)).toEqual([
      ['4.16.5', '4.16.6'],
    ]);
    const running = { releases: ['4.15.1'], operators: [] };
    const told = createPlan({ ...input, running });
    expect(told.graphs[0]?.conditional?.flatMap(({ edges }) => edges)).toEqual([
      ['4.16.5', '4.16.6'],
      ['4.15.1', '4.16.6'],
    ]);
  });

  it('of a tool that knew no conditional updates is read', async () => {
    const graphs = plan.graphs.map(({ conditional: _, ...graph }) => graph);
    const former = { ...plan, graphs };
    expect(await decodePlan(encodePlan(former))).toEqual(former);
  });

  it('of the format 1.0 is read, by the digest of that format', async () => {
    const former = { ...plan, formatVersion: '1.0' } as const;
    const file = { ...former, digest: planDigest(former) };
    expect(await decodePlan(encodePlan(file))).toEqual(file);
    const looser = { ...file, options: { ...file.options, maxDelete: { share: 1 } } };
    expect((await decodePlan(encodePlan(looser))).digest).toBe(file.digest);
    const altered = encodePlan({ ...file, options: { ...file.options, prune: 'none' } });
    await expect(decodePlan(altered)).rejects.toMatchObject({ code: 'PLAN_FORMAT' });
  });

  it('is the same whatever order the fields were written in', async () => {
    const turned = JSON.stringify(Object.fromEntries(Object.entries(plan).reverse()));
    expect(encodePlan(await decodePlan(turned))).toBe(encodePlan(plan));
  });

  it.each<[string, string, string]>([
    ['no JSON', '{"formatVersion": ', 'the file is not JSON'],
    ['a list', '[]', 'the file must be object'],
    ['another format', edited((json) => (json['formatVersion'] = '2.0')), '/formatVersion'],
    [
      'a missing field',
      edited((json) => delete json['base']),
      "must have required property 'base'",
    ],
    ['an unknown field', edited((json) => (json['extra'] = 1)), '("extra")'],
    [
      'an unknown action',
      edited(({ changes }) => Object.assign(changes[2] ?? {}, { action: 'purge' })),
      '/changes/2/action',
    ],
    [
      'a malformed digest',
      edited(({ changes }) => Object.assign(changes[0] ?? {}, { digest: 'sha256:abc' })),
      '/changes/0/digest',
    ],
    [
      'a repository that leads elsewhere',
      edited(({ changes }) => Object.assign(changes[0] ?? {}, { repository: '../../v2/other' })),
      '/changes/0/repository',
    ],
    [
      'a tag that is a digest in disguise',
      edited(({ changes }) => Object.assign(changes[0] ?? {}, { tag: 'a@sha256:0' })),
      '/changes/0/tag',
    ],
    [
      'an image that comes from nowhere',
      edited(({ changes }) => {
        const kept = changes.find(({ action }) => action === 'keep');
        Object.assign(kept ?? {}, { action: 'mirror', reason: 'wanted' });
      }),
      "must have required property 'source'",
    ],
    [
      'a digest that is kept and replaced',
      edited(({ changes }) => {
        const kept = changes.find(({ action }) => action === 'keep');
        Object.assign(kept ?? {}, { replacedBy: kept?.['digest'] });
      }),
      '("replacedBy")',
    ],
    [
      'a reason that belongs to another action',
      edited(({ changes }) =>
        Object.assign(changes.find(({ action }) => action === 'keep') ?? {}, { reason: 'removed' }),
      ),
      '/reason must be',
    ],
    ['negative bytes', edited(({ totals }) => (totals['bytesToFree'] = -1)), '/totals/bytesToFree'],
    [
      'a share above all',
      edited(({ options }) => (options['maxDelete'] = { share: 2 })),
      '/options',
    ],
    ['totals that hide deletes', edited(({ totals }) => (totals['delete'] = 0)), '/totals/delete'],
    [
      'a place that is named twice',
      edited(({ changes }) => changes.push(changes[0] ?? {})),
      '/changes/18',
    ],
    [
      'a delete that was smuggled in',
      edited(({ changes, totals }) => {
        const victim = changes.find(({ action }) => action === 'keep');
        Object.assign(victim ?? {}, { action: 'delete', reason: 'removed' });
        Object.assign(totals, { delete: 7, keep: 8 });
      }),
      '/digest',
    ],
    [
      'a digest that was moved to another place',
      edited(({ changes }) => {
        const [one, other] = changes.filter(({ action }) => action === 'delete');
        Object.assign(one ?? {}, { digest: other?.['digest'] });
      }),
      '/digest',
    ],
  ])('with %s is refused, naming the path', async (_, text, path) => {
    await expect(decodePlan(text)).rejects.toThrowError(
      expect.objectContaining({ code: 'PLAN_FORMAT', message: expect.stringContaining(path) }),
    );
  });

  it('may be moved to another commit without losing its digest', async () => {
    const moved = edited((json) => (json['head'] = { from: 'event', commit: 'squashed' }));
    expect((await decodePlan(moved)).digest).toBe(plan.digest);
  });

  it('has a committed schema for other readers', async () => {
    const { planParts, planSchema } = await import('../../src/plan/plan-schema.ts');
    const schema = {
      title: 'Plan of imageset-mirror',
      description: 'What will be done with the images of one target registry.',
      ...toJsonSchema(planSchema, planParts),
    };
    const text = `${formatJson(schema)}\n`;
    await expect(text).toMatchFileSnapshot('../../.github/schemas/plan.schema.json');
    const accepts = new Ajv2020({ strict: true }).compile(schema);
    expect(accepts(JSON.parse(encodePlan(plan)))).toBe(true);
    expect(accepts(JSON.parse(edited(({ totals }) => (totals['delete'] = -1))))).toBe(false);
  });
});

describe('the digest of a plan', () => {
  const input = facts(releaseChange([...release('4.16.5'), ...newer], newer));

  it.each([
    ['the target', { target: { registry: 'registry.example.com:8443', prefix: 'ocp' } }],
    ['what prunes', { options: { ...input.options, prune: 'stale' as const } }],
    ['how much may go', { options: { ...input.options, maxDelete: { count: 3 } } }],
    ['what is protected', { options: { ...input.options, protect: ['openshift/**'] } }],
    ['what happens', { after: [...newer, ...release('4.16.7')] }],
  ])('changes with %s', (_, more) => {
    expect(createPlan({ ...input, ...more }).digest).not.toBe(plan.digest);
  });

  it('stays when upstream rewrites what it says of an update, or makes it conditional', () => {
    const graphs = plan.graphs.map((graph) => ({
      ...graph,
      conditional: [
        { edges: graph.edges, risks: [{ name: 'Other', message: 'Other words.', url: '' }] },
      ],
    }));
    const other = createPlan({ ...input, graphs });
    expect(other.graphs).not.toEqual(plan.graphs);
    expect(other.digest).toBe(createPlan({ ...input, graphs: [] }).digest);
  });

  it('changes when something newer was applied than the commit of the head', () => {
    expect(planDigest({ ...plan, head: { ...plan.head, isOlder: true } })).not.toBe(plan.digest);
    expect(planDigest({ ...plan, head: { from: 'input', commit: 'c' } })).toBe(plan.digest);
  });

  it('changes with the platforms that are brought of an index', () => {
    const changes = plan.changes.map((change) => ({ ...change, platforms: ['linux/s390x'] }));
    expect(planDigest({ ...plan, changes })).not.toBe(plan.digest);
  });

  it('does not change with the order in which a file lists the changes', () => {
    expect(planDigest({ ...plan, changes: plan.changes.toReversed() })).toBe(plan.digest);
  });

  it('does not change with the tool, the commits, positions, findings or the bytes there are', () => {
    const moved = input.before.map((wish) => ({
      ...wish,
      causes: wish.causes.map((found) => ({ ...found, at: { ...found.at, line: 99 } })),
    }));
    const more = {
      tool: 'imageset-mirror 9.9.9',
      base: { from: 'none' as const },
      before: moved,
      diagnostics: [{ severity: 'notice' as const, code: 'x', summary: 'X.' }],
      observation: { ...input.observation, present: new Set([newer[0]?.content.digest ?? '']) },
    };
    expect(createPlan({ ...input, ...more } as typeof input).digest).toBe(plan.digest);
  });
});
