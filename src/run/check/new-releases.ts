import type { Diagnostic } from '../../diagnostic.ts';
import {
  causeAt,
  type ImageSet,
  type MirroredPlacement,
  versionFilter,
} from '../../imageset/index.ts';
import {
  compareReleaseVersions,
  findNode,
  type GraphNode,
  openGraphSource,
  parseReleaseVersion,
  type ReleaseChannel,
  shortestPath,
  type UpdateGraph,
} from '../../release/index.ts';
import { noWorkspace } from '../list.ts';
import { createId } from '../session.ts';
import type { UpstreamEntry, UpstreamWorld } from './upstream-entry.ts';

interface WrittenChannel {
  readonly imageSet: ImageSet;
  readonly index: number;
  readonly channel: ReleaseChannel;
  readonly architectures: readonly string[];
}

/** The graph of a channel, and its releases that all architectures have, the newest first. */
interface Offer {
  readonly graph: UpdateGraph;
  readonly nodes: readonly GraphNode[];
}

/** Releases from which an update path is looked for, at most. */
const mostTried = 20;

async function readOffer(
  { channel, architectures }: WrittenChannel,
  { registries, settings: { env, clock } }: UpstreamWorld,
): Promise<Offer> {
  const newId = () => createId(() => clock.random());
  const graphs = openGraphSource({ get: registries.get, workspace: noWorkspace, newId, env });
  const read = (architecture: string) =>
    graphs.fetch({ channel: channel.name, architecture, type: channel.type });
  const [graph = { nodes: [], edges: [] }, ...others] = await Promise.all(architectures.map(read));
  const isChosen = versionFilter(env['VERSION_FILTER']) ?? (() => true);
  const elsewhere = others.map(({ nodes }) => new Set(nodes.map(({ text }) => text)));
  const nodes = graph.nodes
    .filter(({ text }) => isChosen(text) && elsewhere.every((known) => known.has(text)))
    .sort((a, b) => compareReleaseVersions(b.version, a.version));
  return { graph, nodes };
}

/** Gives the newest release to which a recommended update leads from a version, else the newest at all. */
function chooseNewer({ graph, nodes }: Offer, maxVersion: string) {
  const bound = parseReleaseVersion(maxVersion);
  if (!bound) return undefined;
  const newer = nodes.filter(({ version }) => compareReleaseVersions(version, bound) > 0);
  const start = findNode(graph, bound);
  const isReached = ({ version }: GraphNode): boolean => {
    const end = findNode(graph, version);
    return start !== undefined && end !== undefined && shortestPath(graph, start, end).length > 0;
  };
  const reached = newer.slice(0, mostTried).find(isReached);
  const node = reached ?? newer[0];
  return node && { version: node.text, isReached: reached !== undefined };
}

function suggestNewer(written: WrittenChannel, offer: Offer, maxVersion: string): Diagnostic[] {
  const { imageSet, index, channel } = written;
  const newer = chooseNewer(offer, maxVersion);
  if (!newer) return [];
  const way = newer.isReached
    ? `to which a recommended update leads from ${maxVersion}`
    : `to which no recommended update leads from ${maxVersion}`;
  const isPinned = channel.minVersion === maxVersion;
  const later = isPinned ? ` Raise minVersion too once no cluster runs ${maxVersion}.` : '';
  return [
    {
      severity: 'notice',
      code: 'new-release',
      summary: 'A newer release is in the channel.',
      detail: `${channel.name} has ${newer.version}, ${way}.${later}`,
      text: maxVersion,
      fix: `maxVersion: ${newer.version}`,
      at: causeAt(imageSet, 'platform', 'channels', index, 'maxVersion').at,
    },
  ];
}

function mirroredOf(name: string, placements: readonly MirroredPlacement[]) {
  return placements.flatMap(({ release }) => {
    const version = release?.channel === name ? parseReleaseVersion(release.version) : undefined;
    return version ? [version] : [];
  });
}

/** A channel without an upper bound follows its newest release by itself. */
function announceNewest(
  { imageSet, index, channel: { name } }: WrittenChannel,
  { nodes: [newest] }: Offer,
  placements: readonly MirroredPlacement[],
): Diagnostic[] {
  const mirrored = mirroredOf(name, placements);
  const isNew =
    newest !== undefined &&
    mirrored.length > 0 &&
    mirrored.every((version) => compareReleaseVersions(newest.version, version) > 0);
  if (!isNew) return [];
  return [
    {
      severity: 'notice',
      code: 'new-release',
      summary: 'A newer release is in the channel.',
      detail: `${name} has ${newest.text}; the next apply brings it.`,
      text: name,
      at: causeAt(imageSet, 'platform', 'channels', index, 'name').at,
    },
  ];
}

/** Gives the channels of an image set, to be looked up at the update service. */
export function releaseEntries(imageSet: ImageSet): UpstreamEntry[] {
  const { channels = [], architectures = [] } = imageSet.mirror.platform ?? {};
  return channels.map((channel, index) => {
    const written: WrittenChannel = {
      imageSet,
      index,
      channel,
      architectures: architectures.length > 0 ? architectures : ['amd64'],
    };
    return {
      name: channel.name,
      host: `updates of ${channel.type}`,
      async look(world) {
        const offer = await readOffer(written, world);
        return channel.maxVersion
          ? suggestNewer(written, offer, channel.maxVersion)
          : announceNewest(written, offer, world.placements);
      },
    };
  });
}
