import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageSet, loadImageSet, type ReleaseId } from '../../src/imageset/index.ts';
import { createDeleteConfigs, createDeleteImageSets, createPlan } from '../../src/plan/index.ts';
import {
  type ChannelGraph,
  type ReleaseChannel,
  selectFromGraphs,
} from '../../src/release/index.ts';
import { effort } from '../support/effort.ts';
import { digest, facts, image, observe, wish } from './facts.ts';
import { release, releaseChange } from './release-facts.ts';

function load(text: string, kind: ImageSet['kind'], name = 'a.yaml'): ImageSet {
  const { imageSet, refusal } = loadImageSet({ name, text }, kind);
  if (!imageSet) throw new Error(refusal);
  return imageSet;
}

function imageSet(mirror: unknown, name?: string): ImageSet {
  const text = JSON.stringify({ kind: 'ImageSetConfiguration', mirror });
  return load(text, 'ImageSetConfiguration', name);
}

function idOf(version: string, architecture = 'amd64', channel?: string): ReleaseId {
  const id = { version, architecture, digest: digest(`${version} ${architecture}`) };
  return channel === undefined ? id : { ...id, channel };
}

function graph(channel: string, versions: readonly string[], architecture = 'amd64'): ChannelGraph {
  const edges = versions
    .slice(1)
    .map((version, index) => [versions[index] ?? '', version] as const);
  return { channel, architecture, versions, edges };
}

/** The releases that collecting a file would select, as `version architecture`. */
function selected(text: string, graphs: readonly ChannelGraph[]): readonly string[] {
  const { platform = {} } = load(text, 'DeleteImageSetConfiguration').mirror;
  const { channels = [], platforms = [], architectures = ['amd64'] } = platform;
  const words = platforms.length > 0 ? ['multi'] : architectures;
  const { releases, findings } = selectFromGraphs({ channels, architectures: words }, graphs);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return releases.map(({ version, architecture }) => `${version} ${architecture}`);
}

const graphs = [graph('stable-4.16', ['4.16.1', '4.16.2', '4.16.3', '4.16.4', '4.16.5'])];
const stable = imageSet({ platform: { channels: [{ name: 'stable-4.16', full: true }] } });

function releases(...versions: readonly string[]) {
  return { releases: versions.map((version) => idOf(version)), additionalImages: [] };
}

/** `min-max` of every channel entry, file by file. */
function ranges(texts: readonly string[]): string[][] {
  return texts.map((text) => {
    const { platform } = load(text, 'DeleteImageSetConfiguration').mirror;
    return (platform?.channels ?? []).map(
      ({ name, minVersion, maxVersion }) => `${name} ${minVersion}-${maxVersion}`,
    );
  });
}

describe('what goes of an image set', () => {
  it('is one range when a range says it', () => {
    const texts = createDeleteImageSets(stable, releases('4.16.2', '4.16.3', '4.16.1'), graphs);
    expect(texts).toEqual([
      `# For people to read. Give oc-mirror delete-images.yaml instead, which is safe: what this file names
# may need images that something kept needs too, and oc-mirror cannot leave them out and would delete them.
apiVersion: mirror.openshift.io/v2alpha1
delete:
  platform:
    channels:
    - maxVersion: 4.16.3
      minVersion: 4.16.1
      name: stable-4.16
      type: ocp
kind: DeleteImageSetConfiguration
`,
    ]);
  });

  it('is one file for each version when a kept one lies between', () => {
    const texts = createDeleteImageSets(stable, releases('4.16.1', '4.16.3', '4.16.4'), graphs);
    expect(ranges(texts)).toEqual([
      ['stable-4.16 4.16.1-4.16.1'],
      ['stable-4.16 4.16.3-4.16.3'],
      ['stable-4.16 4.16.4-4.16.4'],
    ]);
  });

  it('is said without a range where the graph is not known', () => {
    const removed = { releases: [idOf('4.16.9', 'amd64', 'stable-4.16')], additionalImages: [] };
    expect(ranges(createDeleteImageSets(stable, removed, []))).toEqual([
      ['stable-4.16 4.16.9-4.16.9'],
    ]);
  });

  it('says less rather than more when two versions cannot be told apart', () => {
    const twins = [graph('stable-4.16', ['4.16.1+one', '4.16.1+two'])];
    expect(createDeleteImageSets(stable, releases('4.16.1+one'), twins)).toEqual([]);
  });

  it('keeps channels apart that would pull in what lies between them', () => {
    const both = imageSet({
      platform: { channels: [{ name: 'stable-4.15' }, { name: 'stable-4.16' }] },
    });
    const minors = [
      graph('stable-4.15', ['4.15.1', '4.15.2']),
      graph('stable-4.16', ['4.15.2', '4.16.1', '4.16.2']),
    ];
    const texts = createDeleteImageSets(both, releases('4.15.1', '4.16.2'), minors);
    expect(ranges(texts)).toEqual([['stable-4.15 4.15.1-4.15.1'], ['stable-4.16 4.16.2-4.16.2']]);
    const whole = createDeleteImageSets(
      both,
      releases('4.15.1', '4.15.2', '4.16.1', '4.16.2'),
      minors,
    );
    expect(ranges(whole)).toEqual([['stable-4.15 4.15.1-4.15.2', 'stable-4.16 4.16.1-4.16.2']]);
  });

  it('is named by channels of the old configuration alone: only their graphs does oc-mirror have', () => {
    const known = [graph('candidate-4.17', ['4.16.1', '4.16.9']), ...graphs];
    const removed = {
      releases: [idOf('4.16.1', 'amd64', 'candidate-4.17'), idOf('4.16.9')],
      additionalImages: [],
    };
    expect(ranges(createDeleteImageSets(stable, removed, known))).toEqual([
      ['stable-4.16 4.16.1-4.16.1'],
    ]);
  });

  it('stands in a file of its own where oc-mirror has no graph of a minor between', () => {
    const versions = ['4.14.1', '4.16.1'];
    const names = ['stable-4.14', 'stable-4.15', 'stable-4.16'];
    const known = names.map((name) => graph(name, versions));
    const texts = (configured: readonly string[]) => {
      const channels = configured.map((name) => ({ name, minVersion: '4.14.1' }));
      return createDeleteImageSets(
        imageSet({ platform: { channels } }),
        {
          releases: [
            idOf('4.14.1', 'amd64', 'stable-4.14'),
            idOf('4.16.1', 'amd64', 'stable-4.16'),
          ],
          additionalImages: [],
        },
        known,
      );
    };
    const [first, last] = ['stable-4.14 4.14.1-4.14.1', 'stable-4.16 4.16.1-4.16.1'];
    expect(ranges(texts(names))).toEqual([[first, last]]);
    expect(ranges(texts(['stable-4.14', 'stable-4.16']))).toEqual([[first], [last]]);
    const others = ['fast-4.15', 'stable-4.14', 'stable-4.16'];
    expect(ranges(texts(others))).toEqual([[first], [last]]);
  });

  it('names an architecture that goes alone', () => {
    const two = imageSet({
      platform: { channels: [{ name: 'stable-4.16' }], architectures: ['amd64', 'arm64'] },
    });
    const known = [...graphs, graph('stable-4.16', ['4.16.1', '4.16.2'], 'arm64')];
    const removed = { releases: [idOf('4.16.1', 'arm64')], additionalImages: [] };
    const [text = '', ...more] = createDeleteImageSets(two, removed, known);
    expect(more).toEqual([]);
    expect(selected(text, known)).toEqual(['4.16.1 arm64']);
  });

  it('keeps what else decides which images a release has', () => {
    const platforms = [{ os: 'linux', architecture: 'arm64' }];
    const sparse = imageSet({
      platform: { channels: [{ name: 'stable-4.16' }], platforms, kubeVirtContainer: true },
    });
    const known = [graph('stable-4.16', ['4.16.1'], 'multi')];
    const removed = { releases: [idOf('4.16.1', 'multi')], additionalImages: [] };
    const [text = ''] = createDeleteImageSets(sparse, removed, known);
    expect(load(text, 'DeleteImageSetConfiguration').mirror.platform).toMatchObject({
      platforms,
      kubeVirtContainer: true,
    });
    expect(selected(text, known)).toEqual(['4.16.1 multi']);
  });

  it('names an explicit release by its digest', () => {
    const explicit = imageSet({
      platform: { release: 'quay.io:443/ocp/release:4.16.5-x86_64', channels: [{ name: 'x' }] },
    });
    const [text = ''] = createDeleteImageSets(explicit, releases('4.16.5'), graphs);
    const { platform } = load(text, 'DeleteImageSetConfiguration').mirror;
    expect(platform?.release).toBe(`quay.io:443/ocp/release@${digest('4.16.5 amd64')}`);
    expect(platform?.channels).toBeUndefined();
  });

  it('has the additional images as they were written', () => {
    const image = { name: 'quay.io/acme/tool:1', targetRepo: 'acme/x', targetTag: '1.0' };
    const more = imageSet({ additionalImages: [{ name: 'quay.io/acme/stays:1' }, image] });
    const removed = { releases: [], additionalImages: [1] };
    const [text = ''] = createDeleteImageSets(more, removed, []);
    expect(load(text, 'DeleteImageSetConfiguration').mirror.additionalImages).toEqual([image]);
  });

  it('is nothing when nothing goes', () => {
    expect(createDeleteImageSets(stable, releases(), graphs)).toEqual([]);
  });
});

const channelNames = ['stable-4.15', 'stable-4.16', 'fast-4.16', 'stable-4.17'] as const;
const versions = ['4.15.1', '4.15.2', '4.16.0-rc.1', '4.16.1', '4.16.2', '4.16.10', '4.17.0'];

const graphArbitrary = (channel: string, architecture: string) =>
  fc
    .tuple(fc.subarray(versions, { minLength: 1 }), fc.array(fc.tuple(fc.nat(6), fc.nat(6))))
    .map(([found, pairs]): ChannelGraph => {
      const edges = pairs.flatMap(([from, to]) => {
        const [a, b] = [found[from], found[to]];
        return a !== undefined && b !== undefined && from < to ? [[a, b] as const] : [];
      });
      return { channel, architecture, versions: found, edges };
    });

const channelArbitrary = fc
  .record(
    {
      minVersion: fc.constantFrom(...versions),
      maxVersion: fc.constantFrom(...versions),
      full: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((bounds) => ({ type: 'ocp' as const, ...bounds }));

const configArbitrary = fc
  .tuple(
    fc.subarray([...channelNames], { minLength: 1 }),
    fc.array(channelArbitrary, { minLength: 4, maxLength: 4 }),
  )
  .map(([names, bounds]) =>
    names.map((name, index): ReleaseChannel => ({ type: 'ocp', ...bounds[index], name })),
  );

describe('the files that say what goes', () => {
  const worlds = fc.record({
    graphs: fc.tuple(
      ...channelNames.flatMap((name) => [
        graphArbitrary(name, 'amd64'),
        graphArbitrary(name, 'arm64'),
      ]),
    ),
    before: configArbitrary,
    after: configArbitrary,
    architectures: fc.constantFrom(['amd64'], ['amd64', 'arm64'], ['arm64']),
    later: fc.constantFrom(['amd64'], ['amd64', 'arm64']),
    isChannelKnown: fc.boolean(),
  });

  it('select exactly what one configuration has and the next one has not, and none selects more', () => {
    let several = 0;
    fc.assert(
      fc.property(
        worlds,
        ({ graphs: known, before, after, architectures, later, isChannelKnown }) => {
          const had = selectFromGraphs({ channels: before, architectures }, known).releases;
          const has = selectFromGraphs({ channels: after, architectures: later }, known).releases;
          const kept = new Set(has.map((found) => `${found.version} ${found.architecture}`));
          const removed = had
            .filter((found) => !kept.has(`${found.version} ${found.architecture}`))
            .map(({ version, architecture, channels: [first = 0] }) =>
              idOf(version, architecture, isChannelKnown ? before[first]?.name : undefined),
            );
          const old = imageSet({ platform: { channels: before, architectures } });
          const texts = createDeleteImageSets(
            old,
            { releases: removed, additionalImages: [] },
            known,
          );
          if (texts.length > 1) several += 1;
          const union = new Set(texts.flatMap((text) => selected(text, known)));
          const own = known.filter(({ channel }) => before.some(({ name }) => name === channel));
          const isOfOwn = ({ version, architecture }: ReleaseId) =>
            own.some((one) => one.architecture === architecture && one.versions.includes(version));
          const wanted = removed
            .filter(isOfOwn)
            .map(({ version, architecture }) => `${version} ${architecture}`);
          expect([...union].sort()).toEqual([...new Set(wanted)].sort());
        },
      ),
      { numRuns: effort.runs(400) },
    );
    if (!effort.isShort) expect(several).toBeGreaterThan(20);
  });
});

describe('the files of a plan', () => {
  const newer = release('4.16.6');
  const known = [{ ...graph('stable-4.16', ['4.16.5', '4.16.6']) }];
  const channels = [{ name: 'stable-4.16', minVersion: '4.16.5', maxVersion: '4.16.6' }];

  it('say the release that goes', async () => {
    const change = releaseChange([...release('4.16.5'), ...newer], newer);
    const plan = createPlan(facts({ ...change, graphs: known }));
    const files = await createDeleteConfigs(plan, [imageSet({ platform: { channels } })]);
    expect(files.map(({ name }) => name)).toEqual(['delete-imageset-config.yaml']);
    expect(ranges(files.map(({ text }) => text))).toEqual([['stable-4.16 4.16.5-4.16.5']]);
  });

  it('say nothing of a release that another image set holds', async () => {
    const both = release('4.16.5', ['a.yaml', 'b.yaml']);
    const change = releaseChange([...both, ...newer], newer);
    const plan = createPlan(facts({ ...change, graphs: known }));
    const old = [imageSet({ platform: { channels } })];
    expect(await createDeleteConfigs(plan, old)).toEqual([]);
  });

  it('are named after their image sets when several change', async () => {
    const tool = image('tool');
    const before = [
      wish('acme/tool:1', tool, { by: ['clusters/east.yaml'] }),
      wish('acme/tool:2', tool, { by: ['clusters/west.yml'] }),
    ];
    const after = [wish('acme/other:1', tool)];
    const tags = { 'acme/tool:1': tool, 'acme/tool:2': tool };
    const plan = createPlan(facts({ before, after, observation: observe(tags) }));
    const old = ['clusters/east.yaml', 'clusters/west.yml', 'clusters/same.yaml'].map((name) =>
      imageSet({ additionalImages: [{ name: 'quay.io/acme/tool:1' }] }, name),
    );
    expect((await createDeleteConfigs(plan, old)).map(({ name }) => name)).toEqual([
      'delete-imageset-config-clusters-east.yaml',
      'delete-imageset-config-clusters-west.yaml',
    ]);
  });
});
