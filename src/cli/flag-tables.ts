import type { FlagSpec, FlagTable } from './flags.ts';

const flag = <Type extends FlagSpec['type']>(
  type: Type,
  help: string,
  more: Omit<FlagSpec, 'type' | 'help'> = {},
): Omit<FlagSpec, 'type'> & { readonly type: Type } => ({ type, help, ...more });

const unused = <Type extends FlagSpec['type']>(type: Type) =>
  flag(type, 'accepted for compatibility, without effect', { hidden: true });

/** Credentials and TLS of the side that is pulled from. */
const sourceFlags = {
  'src-tls-verify': flag('bool', 'verify certificates of the source registries', {
    default: 'true',
  }),
  'src-authfile': flag('string', 'auth file for the source registries', { hidden: true }),
  'src-cert-dir': flag('string', 'directory with ca.crt, client.cert, client.key', {
    hidden: true,
  }),
  'src-creds': flag('string', 'USERNAME[:PASSWORD] for the source registries', { hidden: true }),
  screds: flag('string', 'same as --src-creds', { hidden: true }),
  'src-username': flag('string', 'user name for the source registries', { hidden: true }),
  'src-password': flag('string', 'password for the source registries', { hidden: true }),
  'src-no-creds': flag('bool', 'use no credentials for the source registries', { hidden: true }),
  'src-registry-token': flag('string', 'bearer token for the source registries', { hidden: true }),
  'src-daemon-host': unused('string'),
  'src-shared-blob-dir': unused('string'),
} satisfies FlagTable;

/** Credentials and TLS of the side that is pushed to. */
const destinationFlags = {
  'dest-tls-verify': flag('bool', 'verify certificates of the destination registry', {
    default: 'true',
  }),
  'dest-authfile': flag('string', 'auth file for the destination registry', { hidden: true }),
  'dest-cert-dir': flag('string', 'directory with ca.crt, client.cert, client.key', {
    hidden: true,
  }),
  'dest-creds': flag('string', 'USERNAME[:PASSWORD] for the destination registry', {
    hidden: true,
  }),
  dcreds: flag('string', 'same as --dest-creds', { hidden: true }),
  'dest-username': flag('string', 'user name for the destination registry', { hidden: true }),
  'dest-password': flag('string', 'password for the destination registry', { hidden: true }),
  'dest-no-creds': flag('bool', 'use no credentials for the destination registry', {
    hidden: true,
  }),
  'dest-registry-token': flag('string', 'bearer token for the destination registry', {
    hidden: true,
  }),
  'dest-daemon-host': unused('string'),
  'dest-shared-blob-dir': unused('string'),
  'dest-compress': unused('bool'),
  'dest-compress-format': unused('string'),
  'dest-compress-level': unused('int'),
  'dest-decompress': unused('bool'),
  'dest-oci-accept-uncompressed-layers': unused('bool'),
  'dest-precompute-digests': unused('bool'),
} satisfies FlagTable;

/** The flag of every command that has no other of this name. */
export const versionFlag = {
  version: flag('bool', 'print the version', { short: 'v' }),
} satisfies FlagTable;

/** Flags that every command takes. @see oc-mirror v2, persistent flags */
export const commonFlags = {
  config: flag('strings', 'path of the image set configuration', { short: 'c' }),
  workspace: flag('string', 'file://DIR: working directory, kept between runs'),
  'cache-dir': flag('string', 'accepted; what is cached lies in the workspace'),
  'log-level': flag('string', 'one of info, debug, trace, error', { default: 'info' }),
  port: flag('uint16', 'accepted; no local registry is started', { short: 'p', default: '55000' }),
  authfile: flag('string', 'auth file (default $REGISTRY_AUTH_FILE, then the usual places)'),
  'parallel-images': flag('int', 'images copied at once, 1 to 10', { default: '4' }),
  'parallel-layers': flag('int', 'layers copied at once for each image, 1 to 10', {
    default: '5',
  }),
  'retry-times': flag('int', 'additional attempts after a failure', { default: '5' }),
  'retry-delay': flag('duration', 'time between attempts (default: 1s, 2s, 4s, …)', {
    default: '0',
  }),
  'registries.d': unused('string'),
  policy: flag('string', 'trust policy, used with --secure-policy'),
  quiet: flag('bool', 'print warnings, errors and results only', { short: 'q' }),
  help: flag('bool', 'print this text', { short: 'h' }),
  v2: flag('bool', 'accepted and ignored', { hidden: true }),
  v1: flag('bool', 'refused', { hidden: true }),
  'tls-verify': flag('bool', 'deprecated: use --src-tls-verify, --dest-tls-verify', {
    hidden: true,
  }),
  'cpu-prof': unused('bool'),
  'mem-prof': unused('bool'),
  ...sourceFlags,
  ...destinationFlags,
} satisfies FlagTable;

const stateFlag = {
  state: flag('string', 'where the state lies: registry, or a directory', { default: 'registry' }),
} satisfies FlagTable;

const nameFlag = {
  name: flag('string', 'what the state calls the image set (default: repository and path)'),
} satisfies FlagTable;

/** How places in the target are named; what was shortened when it was mirrored is found only by the same. */
const nestingFlag = {
  'max-nested-paths': flag('int', 'shorten target paths to so many components', { default: '0' }),
} satisfies FlagTable;

/** Flags of mirroring alone. @see oc-mirror v2, mirror flags */
export const mirrorFlags = {
  ...commonFlags,
  ...stateFlag,
  ...nameFlag,
  from: flag('string', 'file://DIR: the archive to load'),
  'dry-run': flag('bool', 'write mapping.txt, copy nothing'),
  'dry-run-manifest-lists': flag('bool', 'the same, with the children of manifest lists'),
  since: flag('string', 'yyyy-MM-dd: archive what is new since then'),
  'image-timeout': flag('duration', 'time for one image', { default: '10m' }),
  'secure-policy': flag('bool', 'enforce a trust policy'),
  ...nestingFlag,
  'strict-archive': flag('bool', 'fail on files larger than archiveSize'),
  'remove-signatures': flag('bool', 'do not copy signatures'),
  'ignore-release-signature': flag('bool', 'do not verify platform.release', { hidden: true }),
  'rootless-storage-path': unused('string'),
  force: flag('bool', 'accepted for compatibility, without effect', { short: 'f', hidden: true }),
} satisfies FlagTable;

/** Flags of `delete`. @see oc-mirror v2, delete flags */
export const deleteFlags = {
  ...commonFlags,
  ...stateFlag,
  generate: flag('bool', 'write the list of what would be deleted, delete nothing'),
  'delete-yaml-file': flag('string', 'the list to delete by'),
  'delete-id': flag('string', 'appended to the names of the generated files'),
  'delete-signatures': flag('bool', 'delete signatures too'),
  'delete-v1-images': flag('bool', 'list images that oc-mirror v1 mirrored'),
  'force-cache-delete': flag('bool', 'accepted; there is no local cache to delete from'),
} satisfies FlagTable;

/** Flags of `plan`. */
export const planFlags = {
  ...commonFlags,
  ...stateFlag,
  ...nameFlag,
  ...nestingFlag,
  base: flag('string', 'commit to compare with (default: the one last applied)'),
  before: flag('strings', 'configuration to compare with; may be repeated'),
  prune: flag('string', 'what to delete: removed, stale, none', { default: 'removed' }),
  'max-delete': flag('string', 'number or percentage that one run may delete', { default: '50%' }),
  protect: flag('strings', 'glob of references that are never deleted; may be repeated'),
} satisfies FlagTable;

/** Flags of `state list`. */
export const stateListFlags = {
  ...commonFlags,
  ...stateFlag,
  ...nestingFlag,
} satisfies FlagTable;

/** Flags of `state retire`. */
export const stateRetireFlags = {
  ...commonFlags,
  ...stateFlag,
  ...nestingFlag,
  'max-delete': planFlags['max-delete'],
  protect: planFlags.protect,
} satisfies FlagTable;

/** Flags of `apply`. */
export const applyFlags = {
  ...commonFlags,
  ...stateFlag,
  ...nestingFlag,
  plan: flag('string', 'path of the reviewed plan.json'),
} satisfies FlagTable;

/** Flags of `verify`. */
export const verifyFlags = { ...commonFlags, ...stateFlag, ...nestingFlag } satisfies FlagTable;

/** Flags of `restore`. */
export const restoreFlags = {
  ...commonFlags,
  ...stateFlag,
  ...nestingFlag,
  undo: flag(
    'string',
    'number of the apply to undo (17, or 17-3fa9c0de12345678 where two have it), or last',
    { default: 'last' },
  ),
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

/** Somebody waits for a list, and what is not there now may lie in the workspace. */
const fewRetries = {
  'retry-times': flag('int', 'additional attempts after a failure', { default: '1' }),
} satisfies FlagTable;

/** Flags of `list operators`. @see oc-mirror v2, list flags */
export const listOperatorsFlags = {
  ...commonFlags,
  ...fewRetries,
  catalogs: flag('bool', 'list the catalogs of an OpenShift version; needs --version'),
  version: flag('string', 'the OpenShift version, such as 4.18'),
  catalog: flag('string', 'list a catalog: host/path:tag or host/path@digest'),
  package: flag('string', 'list a package of the catalog'),
  channel: flag('string', 'list the versions in a channel of the package'),
} satisfies FlagTable;

/** Flags of `list releases`. @see oc-mirror v2, list flags */
export const listReleasesFlags = {
  ...commonFlags,
  ...fewRetries,
  version: flag('string', 'the OpenShift version, such as 4.18'),
  channel: flag('string', 'list a channel (default: stable-VERSION)'),
  channels: flag('bool', 'list the channels of a version; needs --version'),
  'filter-by-archs': flag('strings', 'amd64 (default), arm64, s390x, ppc64le, multi'),
} satisfies FlagTable;
