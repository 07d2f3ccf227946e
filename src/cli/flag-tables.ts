import { sharedOptions } from '../door/index.ts';
import type { FlagSpec, FlagTable } from './flags.ts';

const flag = <Type extends FlagSpec['type']>(
  type: Type,
  help: string,
  more: Omit<FlagSpec, 'type' | 'help' | 'read'> = {},
): Omit<FlagSpec, 'type' | 'read'> & { readonly type: Type } => ({ type, help, ...more });

const unused = <Type extends FlagSpec['type']>(type: Type) =>
  flag(type, 'accepted for compatibility, without effect', { hidden: true });

/** Makes a flag of an option that the action has as an input too. */
const shared = <Name extends keyof typeof sharedOptions>(name: Name) => ({
  type: 'string' as const,
  ...sharedOptions[name],
});

/** Credentials and TLS of one side: `src` is pulled from, `dest` is pushed to. */
function sideFlags<Side extends 'src' | 'dest'>(side: Side, registries: string) {
  const hidden = { hidden: true } as const;
  const table = {
    'tls-verify': flag('bool', `verify certificates of the ${registries}`, { default: 'true' }),
    authfile: flag('string', `auth file for the ${registries}`, hidden),
    'cert-dir': flag('string', 'directory with ca.crt, client.cert, client.key', hidden),
    creds: flag('string', `USERNAME[:PASSWORD] for the ${registries}`, hidden),
    username: flag('string', `user name for the ${registries}`, hidden),
    password: flag('string', `password for the ${registries}`, hidden),
    'no-creds': flag('bool', `use no credentials for the ${registries}`, hidden),
    'registry-token': flag('string', `bearer token for the ${registries}`, hidden),
    'daemon-host': unused('string'),
    'shared-blob-dir': unused('string'),
  };
  const named = Object.entries(table).map(([name, spec]) => [`${side}-${name}`, spec]);
  // Each key of the table was given the prefix of its side.
  return Object.fromEntries(named) as {
    readonly [Name in keyof typeof table as `${Side}-${Name}`]: (typeof table)[Name];
  };
}

/** The flag of every command that has no other of this name. */
export const versionFlag = {
  version: flag('bool', 'print the version', { short: 'v' }),
} satisfies FlagTable;

/** Flags that every command takes. @see oc-mirror v2, persistent flags */
export const commonFlags = {
  config: flag('strings', 'path of the image set configuration', { short: 'c' }),
  workspace: flag('string', 'file://DIR: working directory, kept between runs'),
  'cache-dir': flag(
    'string',
    'directory above the cache of archives (default: $OC_MIRROR_CACHE, $HOME)',
  ),
  'log-level': flag('string', 'one of info, debug, trace, error', { default: 'info' }),
  port: flag('uint16', 'accepted; no local registry is started', { short: 'p', default: '55000' }),
  authfile: flag('string', 'auth file (default $REGISTRY_AUTH_FILE, then the usual places)'),
  'parallel-images': flag('int', 'images copied at once, 1 to 10', { default: '4' }),
  'parallel-layers': flag('int', 'layers copied at once for each image, 1 to 10', { default: '5' }),
  'retry-times': flag('int', 'additional attempts after a failure', { default: '5' }),
  'retry-delay': flag('duration', 'time between attempts (default: 1s, 2s, 4s, …)', {
    default: '0',
  }),
  'registries.d': flag('string', 'directory that says where signatures lie'),
  policy: flag('string', 'path of the trust policy, used with --secure-policy'),
  quiet: flag('bool', 'print warnings, errors and results only', { short: 'q' }),
  help: flag('bool', 'print this text', { short: 'h' }),
  v2: flag('bool', 'accepted and ignored', { hidden: true }),
  v1: flag('bool', 'refused', { hidden: true }),
  'tls-verify': flag('bool', 'deprecated: use --src-tls-verify, --dest-tls-verify', {
    hidden: true,
  }),
  'cpu-prof': unused('bool'),
  'mem-prof': unused('bool'),
  ...sideFlags('src', 'source registries'),
  screds: flag('string', 'same as --src-creds', { hidden: true }),
  ...sideFlags('dest', 'destination registry'),
  dcreds: flag('string', 'same as --dest-creds', { hidden: true }),
  'dest-compress': unused('bool'),
  'dest-compress-format': unused('string'),
  'dest-compress-level': unused('int'),
  'dest-decompress': unused('bool'),
  'dest-oci-accept-uncompressed-layers': unused('bool'),
  'dest-precompute-digests': unused('bool'),
} satisfies FlagTable;

/** Flags of every command about one target: where its state lies, and how places in it are named. */
export const targetFlags = {
  ...commonFlags,
  state: shared('state'),
  'max-nested-paths': flag('int', 'shorten target paths to so many components', { default: '0' }),
} satisfies FlagTable;

/** Flags of commands that collect image sets. */
const chartFlags = {
  'helm-values': { ...shared('helm-values'), type: 'strings' as const },
} satisfies FlagTable;

/** Flags of commands that read images at their source. @see oc-mirror v2, mirror flags */
const trustFlags = { 'secure-policy': flag('bool', 'enforce a trust policy') } satisfies FlagTable;

/** Flags of mirroring alone. @see oc-mirror v2, mirror flags */
export const mirrorFlags = {
  ...targetFlags,
  ...chartFlags,
  name: shared('name'),
  from: flag('string', 'file://DIR: the archive to load'),
  'dry-run': flag('bool', 'write mapping.txt, copy nothing'),
  'dry-run-manifest-lists': flag('bool', 'the same, with the children of manifest lists'),
  since: flag('string', 'yyyy-MM-dd: archive again what was archived since then'),
  'image-timeout': flag('duration', 'time for one image (default: while it makes progress)', {
    default: '0',
  }),
  ...trustFlags,
  'strict-archive': flag('bool', 'fail on files larger than archiveSize'),
  'remove-signatures': flag('bool', 'do not copy signatures'),
  'ignore-release-signature': flag('bool', 'do not verify platform.release', { hidden: true }),
  'rootless-storage-path': unused('string'),
  force: flag('bool', 'accepted for compatibility, without effect', { short: 'f', hidden: true }),
} satisfies FlagTable;

/** Flags of `delete`. @see oc-mirror v2, delete flags */
export const deleteFlags = {
  ...targetFlags,
  ...chartFlags,
  generate: flag('bool', 'write the list of what would be deleted, delete nothing'),
  'delete-yaml-file': flag('string', 'the list to delete by'),
  'delete-id': flag('string', 'appended to the names of the generated files'),
  'delete-signatures': flag('bool', 'delete signatures too'),
  'delete-v1-images': flag('bool', 'list images that oc-mirror v1 mirrored'),
  'force-cache-delete': flag('bool', 'forget in the cache too what is deleted, and prune it'),
} satisfies FlagTable;

/** Flags of `state retire`. */
export const stateRetireFlags = {
  ...targetFlags,
  'max-delete': shared('max-delete'),
  protect: { ...shared('protect'), type: 'strings' as const },
  'currently-running': { ...shared('currently-running'), type: 'strings' as const },
} satisfies FlagTable;

/** Flags of the commands whose answer a program may read. */
const answerFlags = {
  output: flag('string', 'print the answer as json, yaml or markdown, and the log on stderr'),
  'detailed-exitcode': flag('bool', 'exit with 0 for nothing, 2 for changes, 1 for an error'),
} satisfies FlagTable;

/** Flags of `verify`. */
export const verifyFlags = {
  ...targetFlags,
  ...answerFlags,
  ...trustFlags,
  deep: flag('bool', 'ask for every manifest and blob too, not only for the tags'),
  repair: flag('bool', 'bring back from the sources what is missing or damaged'),
} satisfies FlagTable;

/** Flags of `plan`. */
export const planFlags = {
  ...stateRetireFlags,
  ...chartFlags,
  ...answerFlags,
  ...trustFlags,
  name: shared('name'),
  base: shared('base'),
  before: flag('strings', 'configuration to compare with; may be repeated'),
  prune: shared('prune'),
  signatures: shared('signatures'),
} satisfies FlagTable;

/** Flags of `apply`. */
export const applyFlags = {
  ...targetFlags,
  ...trustFlags,
  plan: flag('string', 'path of the reviewed plan.json'),
} satisfies FlagTable;

/** Flags of commands that print facts of a target: `history`, `probe`. */
export const outputFlags = {
  ...targetFlags,
  output: flag('string', 'yaml or json'),
} satisfies FlagTable;

/** Flags of `restore`. */
export const restoreFlags = {
  ...targetFlags,
  undo: shared('undo'),
  'dry-run': flag('bool', 'only look what can be put back'),
} satisfies FlagTable;

/** Flags of `lint`. */
export const lintFlags = {
  ...commonFlags,
  fix: flag('bool', 'mend the files where it is certain what they mean'),
} satisfies FlagTable;

/** Flags of `version`. */
export const versionFlags = {
  ...commonFlags,
  output: flag('string', 'yaml or json'),
  short: flag('bool', 'print the number only'),
} satisfies FlagTable;

/** Flags of every list. A person waits for it, and the workspace may hold an older answer: so it retries once. */
const listFlags = {
  ...commonFlags,
  'retry-times': flag('int', 'additional attempts after a failure', { default: '1' }),
} satisfies FlagTable;

/** Flags of `list operators`. @see oc-mirror v2, list flags */
export const listOperatorsFlags = {
  ...listFlags,
  catalogs: flag('bool', 'list the catalogs of an OpenShift version; needs --version'),
  version: flag('string', 'the OpenShift version, such as 4.18'),
  catalog: flag('string', 'list a catalog: host/path:tag or host/path@digest'),
  package: flag('string', 'list a package of the catalog'),
  channel: flag('string', 'list the versions in a channel of the package'),
} satisfies FlagTable;

/** Flags of `list releases`. @see oc-mirror v2, list flags */
export const listReleasesFlags = {
  ...listFlags,
  version: flag('string', 'the OpenShift version, such as 4.18'),
  channel: flag('string', 'list a channel (default: stable-VERSION)'),
  channels: flag('bool', 'list the channels of a version; needs --version'),
  'filter-by-archs': flag('strings', 'amd64 (default), arm64, s390x, ppc64le, multi'),
} satisfies FlagTable;
