import { mapParallel } from '../../base/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { messageOf } from '../../errors.ts';
import {
  type Collection,
  contentKindOf,
  findingAbout,
  type PinnedPlacement,
} from '../../imageset/index.ts';
import { isIndexType } from '../../oci/index.ts';
import type { Repository } from '../../registry/index.ts';
import {
  chooseRule,
  clusterTrustPolicy,
  createTrustJudge,
  type TrustJudge,
  type TrustPolicy,
} from '../../trust/index.ts';
import type { Pinned } from '../gather.ts';
import { openContent, type Session } from '../session.ts';
import type { Attached } from './attach.ts';
import { imageKey, imagesBelow, type LookedUp } from './attachments.ts';

/** Images that a finding names; a reader of hundreds needs the rule and not the list. */
const mostNamed = 200;

/** An image of a release that its own cluster would refuse. */
interface Refused {
  readonly placement: PinnedPlacement;
  readonly why: string;
}

function nameOf({ origin, component, release }: PinnedPlacement): string {
  return component !== undefined && release ? `${component} of ${release.version}` : origin;
}

/** The name by which a cluster pulls it: the source's, by digest; the mirror is only a detour. */
function clusterName({ source, content }: PinnedPlacement) {
  return { name: `${source.registry}/${source.repository}`, digest: content.digest };
}

/** Reads the signatures that were found a moment ago, and are mirrored, instead of asking for their tags again. */
function withFound(
  repository: Repository,
  { attachments }: LookedUp,
  { endpoints }: Session,
): Repository {
  const known = new Map(attachments.map(({ tag, descriptor }) => [tag, descriptor.digest]));
  return {
    ...repository,
    manifests: {
      ...repository.manifests,
      async fetch(reference) {
        const digest = known.get(reference);
        return digest && (await endpoints.manifests.read(repository, digest));
      },
    },
  };
}

async function judgeOne(one: LookedUp, judge: TrustJudge, session: Session): Promise<Refused[]> {
  const { placement } = one;
  const { source, content } = placement;
  const from = session.endpoints.source.repository(source.registry, source.repository);
  const repository = withFound(from, one, session);
  const isIndex = isIndexType(content.mediaType);
  const digests = isIndex ? await imagesBelow(placement, from, session) : [content.digest];
  try {
    for (const digest of digests) await judge({ name: clusterName(placement), digest, repository });
    return [];
  } catch (thrown) {
    return [{ placement, why: messageOf(thrown) }];
  }
}

function isBound(policy: TrustPolicy, placement: PinnedPlacement): boolean {
  const { requirements } = chooseRule(policy, clusterName(placement));
  const isRelease = contentKindOf(placement.kind) === 'release';
  return isRelease && requirements.some(({ type }) => type !== 'insecureAcceptAnything');
}

async function findRefused(policy: TrustPolicy, looked: readonly LookedUp[], session: Session) {
  const judge = createTrustJudge({
    policy,
    now: () => new Date(session.settings.clock.now()),
    search: {
      places: { usual: { useAttachments: true }, scopes: new Map() },
      cache: openContent(session.settings),
      get: session.endpoints.source.get,
    },
  });
  const bound = looked.filter(({ placement, error }) => !error && isBound(policy, placement));
  const all = await mapParallel(bound, session.endpoints.parallel, (one) =>
    judgeOne(one, judge, session),
  );
  return { refused: all.flat(), total: bound.length };
}

function sayRefused(refused: readonly Refused[], total: number): Diagnostic[] {
  const [first] = refused;
  if (!first) return [];
  const named = refused.slice(0, mostNamed).map(({ placement }) => nameOf(placement));
  const more = refused.length - named.length;
  return [
    findingAbout(first.placement, {
      severity: 'warning',
      code: 'cluster-policy-rejects',
      summary: `The ClusterImagePolicy of the release rejects ${refused.length} of ${total} of its images in the mirror.`,
      detail: `A cluster cannot pull them: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}. The first: ${first.why}`,
    }),
  ];
}

function sayUnsigned(images: readonly PinnedPlacement[]): Diagnostic[] {
  const [first] = images;
  if (!first) return [];
  return [
    findingAbout(first, {
      severity: 'warning',
      code: 'cluster-policy-rejects',
      summary: `The ClusterImagePolicy of the release rejects all ${images.length} of its images in the mirror: signatures are not mirrored.`,
      detail:
        'A cluster of this release cannot install or update from the mirror. Mirror signatures too: leave out "signatures: skip" and --remove-signatures.',
    }),
  ];
}

async function diagnosePolicy(
  text: string,
  {
    looked,
    images,
    session,
  }: {
    readonly looked: readonly LookedUp[];
    readonly images: readonly PinnedPlacement[];
    readonly session: Session;
  },
): Promise<Diagnostic[]> {
  let policy: TrustPolicy | undefined;
  try {
    policy = clusterTrustPolicy([text]);
  } catch (thrown) {
    const summary =
      'The ClusterImagePolicy of a release cannot be read; it is unknown which images a cluster accepts.';
    return [
      { severity: 'warning', code: 'cluster-policy-unread', summary, detail: messageOf(thrown) },
    ];
  }
  if (!policy) return [];
  const { settings } = session;
  if (settings.signatures === 'skip') {
    const rule = policy;
    return sayUnsigned(images.filter((one) => isBound(rule, one)));
  }
  const { refused, total } = await findRefused(policy, looked, session);
  return sayRefused(refused, total);
}

/**
 * Says which images of releases their own ClusterImagePolicy would reject, once they are pulled from the mirror.
 *
 * A cluster compares the name in a signature with the name that it asks for, which is the source's. Effects: reads the signatures that
 * were found, each once.
 */
export async function diagnoseClusterPolicies(
  collections: readonly Collection[],
  { looked }: Pick<Attached, 'looked'>,
  {
    pinned: { pinned: images },
    session,
  }: { readonly pinned: Pick<Pinned, 'pinned'>; readonly session: Session },
): Promise<readonly Diagnostic[]> {
  const policies = Map.groupBy(
    collections.flatMap(({ clusterPolicies = [] }) => clusterPolicies),
    ({ text }) => text,
  );
  const found = [...policies].map(async ([text, brought]) => {
    const releases = new Set(brought.map(({ release }) => release));
    const own = images.filter(({ release }) => release && releases.has(release.digest));
    const keys = new Set(own.map(imageKey));
    const ownLooked = looked.filter(({ placement }) => keys.has(imageKey(placement)));
    return await diagnosePolicy(text, { looked: ownLooked, images: own, session });
  });
  return (await Promise.all(found)).flat();
}
