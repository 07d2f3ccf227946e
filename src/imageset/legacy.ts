/** The v2 equivalent of a field of oc-mirror v1. */
export interface LegacyField {
  /** Go names of the structs in which it stood; absent: anywhere. */
  readonly structs?: readonly string[];
  /** How to say it in v2, in full sentences. */
  readonly detail: string;
  /** The name of the same thing in v2. */
  readonly renamed?: string;
  /** The text to write when the value does not carry over. */
  readonly fix?: string;
  /** How the text can be mended without a person; a field that is `renamed` gets its new name. */
  readonly mending?: 'delete' | 'heads' | 'range' | 'target-catalog';
}

const releaseChannel = ['ReleaseChannel'];
const operatorStructs = ['Operator', 'IncludePackage', 'IncludeChannel'];
const storage = "It belonged to v1's storageConfig, which v2 does not have: delete it.";

const bundles: LegacyField = {
  structs: operatorStructs,
  detail:
    'v2 cannot list bundles: give the range of their versions with minVersion and maxVersion; for one bundle both are the same.',
  fix: 'minVersion: <version>\nmaxVersion: <version>',
};

const firstBundle: LegacyField = {
  structs: operatorStructs,
  detail: 'v2 knows versions only: write the version of that bundle as minVersion.',
  fix: 'minVersion: <version>',
};

/**
 * The fields of `v1alpha1` and `v1alpha2` that v2 refuses, by lower-case name.
 * @see oc-mirror v1, docs/imageset-config-ref.yaml, and oc-mirror v2, §1.1
 */
const legacyFields: ReadonlyMap<string, readonly LegacyField[]> = new Map(
  Object.entries({
    storageconfig: [
      {
        detail:
          'v2 keeps no metadata in a storage backend: delete the whole storageConfig block. The state is kept in the target registry itself.',
        mending: 'delete',
      },
    ],
    imageurl: [{ detail: storage }],
    registry: [{ structs: ['ImageSetConfiguration', 'Mirror'], detail: storage }],
    skiptls: [
      {
        detail:
          'v2 has no such field: whether certificates are verified is said where it is run. Delete it.',
      },
    ],
    ocp: [
      {
        structs: ['Mirror'],
        detail: 'v2 calls it platform; its channels take minVersion and maxVersion.',
        renamed: 'platform',
      },
    ],
    versions: [
      {
        structs: [...releaseChannel, ...operatorStructs],
        detail: 'v2 has a range instead of a list of versions: minVersion and maxVersion.',
        fix: 'minVersion: <first>\nmaxVersion: <last>',
        mending: 'range',
      },
    ],
    headsonly: [
      {
        detail:
          'v2 mirrors the heads unless full is set: delete headsOnly where it is true, and write full: true where it is false.',
        mending: 'heads',
      },
    ],
    latestonly: [
      {
        detail: 'v2 mirrors the latest version unless a range is given: delete it.',
        mending: 'delete',
      },
    ],
    startingversion: [{ detail: 'v2 calls it minVersion.', renamed: 'minVersion' }],
    startingbundle: [firstBundle],
    minbundle: [firstBundle],
    maxbundle: [
      {
        structs: operatorStructs,
        detail: 'v2 knows versions only: write the version of that bundle as maxVersion.',
        fix: 'maxVersion: <version>',
      },
    ],
    bundles: [bundles],
    selectedbundles: [bundles],
    targetname: [
      {
        structs: ['Operator'],
        detail:
          'v2 calls it targetCatalog and takes the whole repository path; without it the path of the catalog is kept.',
        renamed: 'targetCatalog',
        mending: 'target-catalog',
      },
    ],
    originalref: [
      {
        structs: ['Operator'],
        detail:
          'v2 has no originalRef: delete it. The name of an oci:// catalog in the target is set by targetCatalog and targetTag.',
        fix: 'targetCatalog: <path>/<name>\ntargetTag: <tag>',
      },
    ],
    repos: [{ structs: ['Helm'], detail: 'v2 calls it repositories.', renamed: 'repositories' }],
  }),
);

/** Gives the v2 equivalent of a field, if it is one of oc-mirror v1. */
export function legacyField(key: string, structName: string): LegacyField | undefined {
  return legacyFields
    .get(key.toLowerCase())
    ?.find((field) => field.structs === undefined || field.structs.includes(structName));
}

/** Tells whether a version is one of oc-mirror v1's. */
export function isLegacyApiVersion(apiVersion: string): boolean {
  return /\/v1alpha[12]$/.test(apiVersion);
}
