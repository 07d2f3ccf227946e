import type { ImageKind, ReleaseId } from '../../imageset/index.ts';
import type { Action, Change, Plan } from '../../plan/index.ts';
import { shortDigest } from '../text/index.ts';

/** The actions in the order of every view: what comes, what goes, what stays. */
export const actionOrder: readonly Action[] = [
  'mirror',
  'retag',
  'delete',
  'untag',
  'hold',
  'keep',
];

/** Signs that lead a line of text; they repeat the word next to them and mean nothing alone. */
export const actionSign: Readonly<Record<Action, string>> = {
  mirror: '+',
  retag: '~',
  delete: '-',
  untag: '-',
  hold: '!',
  keep: ' ',
};

/** How a list of one action is called, behind its count: `12 to mirror`. */
export const actionList: Readonly<Record<Action, string>> = {
  mirror: 'to mirror',
  retag: 'to retag',
  delete: 'to delete',
  untag: 'to untag',
  hold: 'held',
  keep: 'kept',
};

const brought = { mirror: 'mirrored', retag: 'retagged' } as const;

/** How the same lists are called once a plan was applied, all of it or all but its removals: `12 mirrored`. */
export const actionDone = {
  all: { ...actionList, ...brought, delete: 'deleted', untag: 'untagged' },
  brought: { ...actionList, ...brought },
} satisfies Readonly<Record<string, Readonly<Record<Action, string>>>>;

/** How a kind of image is called, in the plural. */
export const kindName: Readonly<Record<ImageKind, string>> = {
  ocpRelease: 'Release images',
  ocpReleaseContent: 'Release components',
  cincinnatiGraph: 'Update graph images',
  operatorCatalog: 'Operator catalogs',
  operatorBundle: 'Operator bundles',
  operatorRelatedImage: 'Operator images',
  generic: 'Additional images',
  helmImage: 'Helm chart images',
  signature: 'Signatures',
};

/** Calls a release by its version, and by its architecture where a plan has several. */
export type ReleaseNamer = (release: ReleaseId) => string;

/** Prepares the names of a plan's releases. */
export function releaseNamer({ releases }: Pick<Plan, 'releases'>): ReleaseNamer {
  const all = [...releases.added, ...releases.removed, ...releases.kept];
  const architectures = new Set(all.map(({ architecture }) => architecture));
  return ({ version, architecture }) =>
    architectures.size > 1 ? `${version} ${architecture}` : version;
}

/** Names a target: `registry.example.com:8443/mirror`. */
export function targetName({ target }: Pick<Plan, 'target'>): string {
  return target.prefix === '' ? target.registry : `${target.registry}/${target.prefix}`;
}

/**
 * Names the place of a change: `openshift/release:4.16.5-x86_64-cli`. A replaced digest has no tag any more:
 * `acme/index@sha256:1a2b3c4d5e6f`.
 */
export function placeName(
  place: Pick<Change, 'repository' | 'tag'> & Partial<Pick<Change, 'digest' | 'replacedBy'>>,
): string {
  const { repository, tag, digest, replacedBy } = place;
  return digest === undefined || replacedBy === undefined
    ? `${repository}:${tag}`
    : `${repository}@${shortDigest(digest)}`;
}

/**
 * Names up to three releases; of more it names two and counts the rest. It never writes a range, because a release
 * in between may have another fate.
 */
export function joinReleases(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} ${word} ${names.length - 2} more`;
  const last = names.slice(-1).join('');
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${word} ${last}`;
}
