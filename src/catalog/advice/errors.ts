import { listNames } from '../../base/index.ts';
import { messageOf } from '../../errors.ts';
import {
  compareVersions,
  type FilterError,
  type FilterErrorCode,
  type FilteredCatalog,
  parseVersion,
} from '../filter/index.ts';
import { type Advice, newestChannel, unique, yamlText } from './advice.ts';

/** The texts of an error. */
type Words = Pick<Advice, 'summary' | 'detail' | 'fix'>;

type Speaker = (error: FilterError, filtered: FilteredCatalog) => Words;

/** Cites oc-mirror's own message. */
function cited({ message }: Pick<FilterError, 'message'>): string {
  return `oc-mirror fails with: ${message}`;
}

/** Tells the outcome where the words before say all that oc-mirror's message says. */
const fails = 'oc-mirror fails on it.';

function rangeFix(error: FilterError): string | undefined {
  const { bounds, candidates = [] } = error;
  const min = parseVersion(bounds?.minVersion ?? '0.0.0');
  const higher = candidates.find((text) => {
    const version = parseVersion(text);
    return version && min && compareVersions(version, min) >= 0;
  });
  const nearest = higher ?? candidates.at(-1);
  if (nearest === undefined) return undefined;
  if (error.code === 'version-not-found') {
    return `minVersion: ${yamlText(nearest)}\nmaxVersion: ${yamlText(nearest)}`;
  }
  return `${higher === undefined ? 'minVersion' : 'maxVersion'}: ${yamlText(nearest)}`;
}

function defaultChannelFix(
  { package: owner, candidates = [] }: FilterError,
  filtered: FilteredCatalog,
) {
  const own = filtered.packages.find(({ name }) => name === owner);
  const channel = own ? newestChannel(candidates, own) : candidates[0];
  return channel === undefined ? undefined : `defaultChannel: ${yamlText(channel)}`;
}

function speakOfGraph(error: FilterError): Words {
  const { package: owner, channel, candidates = [] } = error;
  const newest = candidates.at(-1);
  if (candidates.length < 2 || newest === undefined) {
    return {
      summary: 'The upgrade graph of a channel is broken.',
      detail: `In channel "${channel}" of package "${owner}" no head can be determined. ${cited(error)}. Only its publisher can fix that. Take another channel, pin one version, or take everything with full: true.`,
    };
  }
  return {
    summary: 'A channel has several heads.',
    detail: `Channel "${channel}" of package "${owner}" has ${candidates.length} heads, ${listNames(candidates)}, so there is no newest bundle to take. Pin one version, which looks at no graph, or take everything with full: true. ${cited(error)}`,
    fix: `minVersion: ${yamlText(newest)}\nmaxVersion: ${yamlText(newest)}`,
  };
}

function speakOfUnreadable({ package: owner, message, cause }: FilterError): Words {
  const why = cause === undefined ? message : messageOf(cause).replace(/\.$/, '');
  if (owner === '') {
    return {
      summary: 'A file of a catalog cannot be read.',
      detail: `${why}. It may belong to any package, so none can be taken. Take a catalog in which it is whole.`,
    };
  }
  return {
    summary: 'A package of a catalog cannot be read.',
    detail: `${why}. Leave the package out, or take a catalog in which it is whole.`,
  };
}

const speakers: Readonly<Record<FilterErrorCode, Speaker>> = {
  'filter-invalid': (error) => ({
    summary: 'The selection of an operator is malformed.',
    detail: `Nothing can be selected like that. ${cited(error)}`,
  }),
  'package-unreadable': speakOfUnreadable,
  'bundle-version': (error) => ({
    summary: 'A bundle has no valid version.',
    detail: `Bundle "${error.bundle}" of package "${error.package}" has no version in the strict sense of semver, so nothing of the package can be selected. Leave the package out until its publisher has fixed it. ${cited(error)}`,
  }),
  'default-channel-unknown': (error, filtered) => ({
    summary: 'The default channel that is asked for is not kept.',
    detail: `Package "${error.package}" is to have "${error.channel}" as its default channel, but of its channels only ${listNames(error.candidates ?? []) || 'none'} would be mirrored. ${fails}`,
    fix: defaultChannelFix(error, filtered),
  }),
  'default-channel-dropped': (error, filtered) => ({
    summary: 'The default channel of a package is filtered out.',
    detail: `The default channel of package "${error.package}" is "${error.channel}", which is not among the channels to mirror (${listNames(error.candidates ?? []) || 'none'}). Name another as the default, or add it to the channels. ${fails}`,
    fix: defaultChannelFix(error, filtered),
  }),
  'full-with-range': (error) => ({
    summary: 'A catalog is asked for in full and with a version range.',
    detail: `With full: true every bundle of package "${error.package}" is mirrored, which a range contradicts. Drop one of the two. ${fails}`,
    fix: 'full: false',
  }),
  'channel-graph': speakOfGraph,
  'empty-range': (error) => ({
    summary: 'No bundle lies in a version range.',
    detail: `Channel "${error.channel}" of package "${error.package}" has ${listNames((error.candidates ?? []).toReversed()) || 'no versions'}; none is in the range, and as the default channel it must not be empty. Prereleases count only if a bound is one. ${fails}`,
    fix: rangeFix(error),
  }),
  'version-not-found': (error) => ({
    summary: 'The version that is asked for does not exist.',
    detail: `No bundle of package "${error.package}" has version ${error.bounds?.minVersion}; channel "${error.channel}" has ${listNames((error.candidates ?? []).toReversed()) || 'none'}. ${fails}`,
    fix: rangeFix(error),
  }),
};

/**
 * Tells whether an error follows from unknown channels, which are told instead: a package without any of its listed channels
 * loses its default channel too.
 */
export function isConsequence(
  { code, package: owner, candidates }: FilterError,
  filtered: FilteredCatalog,
): boolean {
  return (
    code.startsWith('default-channel-') &&
    candidates?.length === 0 &&
    filtered.findings.some((one) => one.code === 'unknown-channel' && one.package === owner)
  );
}

/** Explains why a catalog cannot be filtered, with the YAML that fixes it where possible. */
export function adviseErrors(filtered: FilteredCatalog): readonly Advice[] {
  const told = filtered.errors.filter((error) => !isConsequence(error, filtered));
  return unique(
    told.map((error) => ({
      severity: 'error',
      code: `operator-${error.code}`,
      ...speakers[error.code](error, filtered),
      path: error.code === 'full-with-range' ? ['full'] : error.path,
    })),
  );
}
