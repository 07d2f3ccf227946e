import { compareText, mapParallel } from '../../base/index.ts';
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
import { openContent, type Session } from '../session.ts';
import { imageKey, imagesBelow, type LookedUp } from './attachments.ts';
import { nameSome } from './coverage.ts';

/** Images that a finding about a policy names: a release has about 190. */
const mostNamed = 200;

/** An image of a release that its own cluster would refuse. */
interface Refused {
  readonly placement: PinnedPlacement;
  readonly why: string;
}

/** Gives the name by which a cluster asks for an image: that of its source, by digest, also where a mirror answers. */
function clusterName({ source, content }: PinnedPlacement) {
  return { name: `${source.registry}/${source.repository}`, digest: content.digest };
}

/** Gives a repository that knows the tags which were found a moment ago, so that its registry is not asked for them again. */
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

async function sayRefused(
  policy: TrustPolicy,
  looked: readonly LookedUp[],
  session: Session,
): Promise<Diagnostic[]> {
  const judge = createTrustJudge({
    policy,
    now: () => new Date(session.settings.clock.now()),
    search: {
      places: { usual: {}, scopes: new Map() },
      cache: openContent(session.settings),
      get: session.endpoints.source.get,
    },
  });
  const bound = looked.filter(({ placement, error }) => !error && isBound(policy, placement));
  const all = await mapParallel(bound, session.endpoints.parallel, (one) =>
    judgeOne(one, judge, session),
  );
  const refused = all.flat();
  const [first] = refused;
  if (!first) return [];
  return [
    findingAbout(first.placement, {
      severity: 'warning',
      code: 'cluster-policy-rejects',
      summary: `The ClusterImagePolicy of the release rejects ${refused.length} of ${bound.length} of its images in the mirror.`,
      detail: `A cluster cannot pull them: ${nameSome(refused, mostNamed)}. The reason for ${first.placement.origin}: ${first.why}`,
    }),
  ];
}

function sayUnsigned(policy: TrustPolicy, all: readonly PinnedPlacement[]): Diagnostic[] {
  const images = all.filter((one) => isBound(policy, one));
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

function sayUnread(thrown: unknown): Diagnostic {
  const summary =
    'The ClusterImagePolicy of a release cannot be read; it is unknown which images a cluster accepts.';
  return { severity: 'warning', code: 'cluster-policy-unread', summary, detail: messageOf(thrown) };
}

/** The images that policies may bind, and the answers about them. */
interface Bound {
  readonly looked: readonly LookedUp[];
  readonly images: readonly PinnedPlacement[];
}

async function diagnosePolicy(
  texts: readonly string[],
  { looked, images }: Bound,
  session: Session,
): Promise<Diagnostic[]> {
  let policy: TrustPolicy | undefined;
  try {
    policy = clusterTrustPolicy(texts);
  } catch (thrown) {
    return [sayUnread(thrown)];
  }
  if (!policy) return [];
  const isSkipped = session.settings.signatures === 'skip';
  return isSkipped ? sayUnsigned(policy, images) : await sayRefused(policy, looked, session);
}

/** Gives the releases that bring the same policies, with the texts of these. */
function policiesOf(collections: readonly Pick<Collection, 'clusterPolicies'>[]) {
  const brought = collections.flatMap(({ clusterPolicies = [] }) => clusterPolicies);
  const releases = [...Map.groupBy(brought, ({ release }) => release)].map(([release, own]) => ({
    release,
    texts: [...new Set(own.map(({ text }) => text))].sort(compareText),
  }));
  return [...Map.groupBy(releases, ({ texts }) => JSON.stringify(texts)).values()];
}

/**
 * Says which images of releases the ClusterImagePolicies of their release would reject when a cluster pulls them from the mirror.
 *
 * A cluster compares the name in a signature with the name that it asks for, which is the source's. Effects: reads the
 * signatures that were found, each once.
 */
export async function diagnoseClusterPolicies(
  collections: readonly Pick<Collection, 'clusterPolicies'>[],
  { looked, images }: Bound,
  session: Session,
): Promise<readonly Diagnostic[]> {
  const found = policiesOf(collections).map(async (same) => {
    const releases = new Set(same.map(({ release }) => release));
    const own = images.filter(({ release }) => release && releases.has(release.digest));
    const keys = new Set(own.map(imageKey));
    const ownLooked = looked.filter(({ placement }) => keys.has(imageKey(placement)));
    const { texts = [] } = same[0] ?? {};
    return await diagnosePolicy(texts, { looked: ownLooked, images: own }, session);
  });
  return (await Promise.all(found)).flat();
}
