import { mapParallel } from '../../base/index.ts';
import { ConfigError, ContentError, messageOf, RegistryError } from '../../errors.ts';
import { parseReference } from '../../oci/index.ts';
import { findManifest } from '../../registry/index.ts';
import {
  type ChannelGraph,
  describeGraph,
  type FindingCode,
  type GraphRequest,
  type GraphSource,
  openGraphSource,
  type Selection,
  selectReleases,
  type UpdateGraph,
} from '../../release/index.ts';
import {
  type CollectedPart,
  type CollectionFailure,
  type Collector,
  collectionFailure,
  emptyPart,
} from '../collector.ts';
import { type ImageSet, invalidPlatform, type PlatformSpec, platformFault } from '../config.ts';
import { causeAt } from '../entries.ts';
import { parseImageSpec, pullSource } from '../image-spec.ts';
import type { Cause } from '../placement.ts';
import {
  diagnoseFinding,
  diagnoseKubeVirt,
  releaseFailure,
  releaseFailures,
} from './release-findings.ts';
import { placementsOf, withOwnTag } from './release-placements.ts';
import {
  openReleaseReader,
  type ReleaseCandidate,
  type ReleaseCollectorOptions,
  type ReleaseReader,
} from './release-reader.ts';
import { versionFilter } from './version-filter.ts';

export type { ReleaseCollectorOptions } from './release-reader.ts';

/** Releases read at once; each of them is a handful of requests. */
const releasesAtOnce = 4;

/** A release and the entries that ask for it. */
interface Wanted extends ReleaseCandidate {
  readonly causes: readonly [Cause, ...Cause[]];
  readonly channel?: string;
}

/** A release that cannot be mirrored, and the entries that ask for it. */
interface Unusable {
  readonly failure: CollectionFailure;
  readonly causes: readonly Cause[];
}

/** Findings of channels that give nothing although they were asked for. */
const emptyHanded: ReadonlySet<FindingCode> = new Set([
  'unknown-channel',
  'impossible-range',
  'empty-range',
]);

function architecturesOf(platform: PlatformSpec): readonly string[] {
  if (platform.platforms && platform.platforms.length > 0) return ['multi'];
  const { architectures = [] } = platform;
  return architectures.length > 0 ? architectures : ['amd64'];
}

/** Gives the release that `platform.release` names; by tag, its digest is asked for. */
async function explicitRelease(
  imageSet: ImageSet,
  text: string,
  options: ReleaseCollectorOptions,
): Promise<Wanted> {
  const source = pullSource(parseImageSpec(text));
  const causes: Wanted['causes'] = [causeAt(imageSet, 'platform', 'release')];
  if (source.digest) return { source: { ...source, digest: source.digest }, causes };
  const { registry, repository, tag = '' } = source;
  const found = await findManifest(options.registries.repository(registry, repository), tag);
  if (found) return { source: { ...source, digest: found.digest }, causes };
  throw new RegistryError('NOT_FOUND', `retrieving digest ${text}: the registry has no such tag`, {
    hint: 'Name the release by its digest, or check its tag.',
  });
}

/** Gives the place of a payload that a graph names. @throws when it is not named by digest */
function payloadSource(payload: string): Wanted['source'] {
  const { digest, ...source } = parseReference(payload);
  if (digest) return { ...source, digest };
  throw new ContentError('GRAPH_INVALID', `no signature found for image ${payload}`, {
    hint: 'The update graph has to name payloads by digest.',
  });
}

function wantedOf(imageSet: ImageSet, selection: Selection): (Wanted | Unusable)[] {
  return selection.releases.map((release): Wanted | Unusable => {
    const { version, architecture, payload, channels } = release;
    const [first = 0, ...more] = channels;
    const at = (index: number): Cause => causeAt(imageSet, 'platform', 'channels', index);
    const { name: channel, type } = imageSet.mirror.platform?.channels?.[first] ?? {};
    const causes: Wanted['causes'] = [at(first), ...more.map(at)];
    try {
      const source = payloadSource(payload);
      return {
        source,
        version,
        architecture,
        causes,
        ...(channel && { channel }),
        ...(type === 'okd' && { type }),
      };
    } catch (thrown) {
      return { failure: releaseFailure(version, causes[0], thrown), causes };
    }
  });
}

/** Fetches all graphs that channels name at once, and notes which graphs were asked for. */
function recordingFetch(imageSet: ImageSet, { graphs, options }: Context) {
  const seen = new Map<string, ChannelGraph>();
  const isSaved = options.sources === 'archive' || imageSet.kind === 'DeleteImageSetConfiguration';
  const ask = isSaved ? graphs.recall : graphs.fetch;
  const fetch = async (request: GraphRequest): Promise<UpdateGraph> => {
    const graph = await ask(request);
    seen.set(JSON.stringify(request), describeGraph(request, graph));
    return graph;
  };
  return { fetch, seen: () => [...seen.values()] };
}

async function selectFor(
  imageSet: ImageSet,
  platform: PlatformSpec,
  context: Context,
): Promise<{ selection: Selection; graphs: readonly ChannelGraph[] }> {
  const { channels = [] } = platform;
  const architectures = architecturesOf(platform);
  const { fetch, seen } = recordingFetch(imageSet, context);
  const early = architectures.flatMap((architecture) =>
    channels.map(({ name, type }) => fetch({ channel: name, architecture, type })),
  );
  await Promise.allSettled(early);
  const filter = versionFilter(context.options.env['VERSION_FILTER']);
  const question = { channels, architectures, ...(filter && { filter }) };
  return { selection: await selectReleases(question, fetch), graphs: seen() };
}

interface Context {
  readonly options: ReleaseCollectorOptions;
  readonly graphs: GraphSource;
  readonly read: ReleaseReader;
}

async function readAll(
  imageSet: ImageSet,
  wanted: readonly Wanted[],
  request: { readonly prefix: string; readonly read: ReleaseReader },
): Promise<CollectedPart> {
  const failed = ({ source, version, causes }: Wanted, thrown: unknown): Unusable => {
    const name = version ?? `${source.registry}/${source.repository}@${source.digest}`;
    return { failure: releaseFailure(name, causes[0], thrown), causes };
  };
  const readings = await mapParallel(wanted, releasesAtOnce, async (one) => {
    const { causes: _, channel: __, ...candidate } = one;
    try {
      return { one, release: await request.read(candidate) };
    } catch (thrown) {
      return failed(one, thrown);
    }
  });
  const all = readings.flatMap((reading) => ('release' in reading ? [reading.release] : []));
  const outcomes = readings.map((reading) => {
    if (!('release' in reading)) return reading;
    const { one, release } = reading;
    const { causes, channel } = one;
    const place = { imageSet, prefix: request.prefix, causes, channel };
    try {
      return placementsOf(withOwnTag(release, all), place);
    } catch (thrown) {
      return failed(one, thrown);
    }
  });
  const read = outcomes.flatMap((outcome) => ('placements' in outcome ? [outcome] : []));
  const unusable = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome] : []));
  return {
    ...emptyPart,
    placements: read.flatMap(({ placements }) => placements),
    releases: read.map(({ id }) => id),
    signatures: read.flatMap(({ signature }) => (signature ? [signature] : [])),
    clusterPolicies: read.flatMap((one) => one.clusterPolicies),
    diagnostics: diagnoseKubeVirt(read, imageSet),
    failures: unusable.map(({ failure }) => failure),
    gaps: unusable.flatMap(({ causes }) => causes),
  };
}

async function collectExplicit(
  imageSet: ImageSet,
  text: string,
  request: Context & { readonly prefix: string },
): Promise<CollectedPart> {
  try {
    const wanted = await explicitRelease(imageSet, text, request.options);
    return await readAll(imageSet, [wanted], request);
  } catch (thrown) {
    const failure = releaseFailure(text, causeAt(imageSet, 'platform', 'release'), thrown);
    const message = thrown instanceof ConfigError ? messageOf(thrown) : failure.message;
    const gaps = [causeAt(imageSet, 'platform', 'release')];
    return { ...emptyPart, failures: [{ ...failure, message }], gaps };
  }
}

async function collectChannels(
  imageSet: ImageSet,
  platform: PlatformSpec,
  request: Context & { readonly prefix: string },
): Promise<CollectedPart> {
  const { selection, graphs } = await selectFor(imageSet, platform, request);
  const candidates = wantedOf(imageSet, selection);
  const wanted = candidates.flatMap((found) => ('source' in found ? [found] : []));
  const unusable = candidates.flatMap((found) => ('failure' in found ? [found] : []));
  const found = selection.releases.length > 0 ? 'something' : 'nothing';
  const failures = releaseFailures(selection.findings, imageSet, found);
  const remarks = selection.findings.filter(
    ({ severity }) => found === 'something' && severity !== 'error',
  );
  const collected = await readAll(imageSet, wanted, request);
  return {
    ...collected,
    graphs,
    diagnostics: [
      ...remarks.map((finding) => diagnoseFinding(finding, imageSet)),
      ...collected.diagnostics,
    ],
    failures: [...failures, ...unusable.map(({ failure }) => failure), ...collected.failures],
    gaps: [
      ...selection.findings
        .filter(({ severity, code }) => severity === 'error' || emptyHanded.has(code))
        .map(({ channel }) => causeAt(imageSet, 'platform', 'channels', channel)),
      ...unusable.flatMap(({ causes }) => causes),
      ...(collected.gaps ?? []),
    ],
  };
}

/**
 * Gives the collector of OpenShift releases: the release image and every component of each version that channels choose,
 * or of the one that `platform.release` names.
 *
 * A failed channel or release does not stop the others: one run tells all failures. Graphs, payloads and signatures are read
 * once for all image sets.
 * @see oc-mirror v2, release collection
 */
export function createReleaseCollector(options: ReleaseCollectorOptions): Collector {
  const { registries, workspace, newId, env } = options;
  const context: Context = {
    options,
    graphs: openGraphSource({ get: registries.get, workspace, newId, env }),
    read: openReleaseReader(options),
  };
  return {
    kind: 'release',
    async collect(imageSet, prefix) {
      const { platform } = imageSet.mirror;
      if (!platform) return emptyPart;
      const request = { ...context, prefix };
      const fault = platformFault(platform.platforms);
      if (fault !== undefined) {
        const { at } = causeAt(imageSet, 'platform', 'platforms');
        const finding = { ...invalidPlatform, detail: `${fault}.`, at };
        const message = `invalid platform configuration: ${fault}`;
        const failures = [collectionFailure({ kind: 'release', message }, finding)];
        return { ...emptyPart, failures, gaps: [causeAt(imageSet, 'platform')] };
      }
      if (platform.release) return await collectExplicit(imageSet, platform.release, request);
      if (!platform.channels || platform.channels.length === 0) return emptyPart;
      return await collectChannels(imageSet, platform, request);
    },
  };
}
