import {
  beginningWithAnother,
  type FakeAuth,
  type FakeSettings,
} from '../../src/fake-registry/index.ts';

/** A missing ability of a product that matters to a mirror. */
export type Inability =
  | 'delete by digest'
  | 'remove one tag'
  | 'move a tag'
  | 'list all tags'
  | 'take unknown artifact types'
  | 'say 404 of a repository that does not exist'
  | 'mount blobs';

/** A product as its documentation and its users describe it. */
export interface Emulation {
  readonly product: string;
  readonly version: string;
  /** The program that the integration tests run, if any. */
  readonly real?: string;
  readonly cannot: readonly Inability[];
  readonly settings: Partial<FakeSettings>;
}

/** The account that every emulation with credentials knows. */
export const emulatedAccount = { username: 'mirror', password: 'secret' } as const;

const users = { [emulatedAccount.username]: { password: emulatedAccount.password } };
const basic: FakeAuth = { kind: 'basic', users };
const bearer: FakeAuth = { kind: 'bearer', users };

const distribution: Partial<FakeSettings> = { referrers: 'off', pageSize: 100 };

/**
 * Products by a short name; settings that a product omits are strict.
 *
 * If documentation and reports say nothing, the stricter answer is used.
 */
export const emulations = {
  quay: {
    product: 'Quay',
    version: '3.13',
    cannot: ['take unknown artifact types', 'say 404 of a repository that does not exist'],
    settings: {
      // The token endpoint refuses a scope with delete, and creates a repository for a scope with push.
      auth: { ...bearer, unknownAction: 'delete' },
      unknownRepository: 'ungranted',
      artifacts: 'images',
      referrers: 'off',
      pageSize: 50,
    },
  },
  harbor: {
    product: 'Harbor',
    version: '2.12',
    cannot: ['remove one tag'],
    settings: {
      auth: bearer,
      tagDelete: 'off',
      childDelete: 'refused',
      mounts: 401,
      pageSize: 100,
    },
  },
  'harbor-immutable': {
    product: 'Harbor with an immutability rule',
    version: '2.12',
    cannot: ['delete by digest', 'remove one tag', 'move a tag'],
    settings: { auth: bearer, tagDelete: 'off', immutableTags: 412, mounts: 401, pageSize: 100 },
  },
  ghcr: {
    product: 'GHCR',
    version: '2026',
    cannot: [
      'delete by digest',
      'remove one tag',
      'say 404 of a repository that does not exist',
      'mount blobs',
    ],
    settings: {
      auth: bearer,
      unknownRepository: 'token-refused',
      digestDelete: 'off',
      tagDelete: 'off',
      referrers: 'off',
      mounts: 'off',
      pageSize: 100,
    },
  },
  ecr: {
    product: 'ECR',
    version: '2026',
    cannot: ['delete by digest', 'remove one tag', 'mount blobs'],
    settings: {
      auth: basic,
      digestDelete: 'unknown',
      tagDelete: 'unknown',
      chunkStatus: 201,
      chunkMinLength: 5 * 1024 * 1024,
      mounts: 'off',
      pageSize: 100,
    },
  },
  'ecr-immutable': {
    product: 'ECR with immutable tags',
    version: '2026',
    cannot: ['delete by digest', 'remove one tag', 'move a tag', 'mount blobs'],
    settings: {
      auth: basic,
      digestDelete: 'unknown',
      tagDelete: 'unknown',
      immutableTags: 400,
      chunkStatus: 201,
      mounts: 'off',
      pageSize: 100,
    },
  },
  artifactory: {
    product: 'Artifactory',
    version: '7.90',
    cannot: ['delete by digest', 'remove one tag', 'say 404 of a repository that does not exist'],
    settings: {
      auth: basic,
      unknownRepository: 'denied',
      digestDelete: 'unacceptable',
      tagDelete: 'unacceptable',
      mounts: 403,
      pageSize: 100,
    },
  },
  nexus: {
    product: 'Nexus',
    version: '3.76',
    cannot: ['remove one tag', 'mount blobs'],
    settings: {
      auth: basic,
      tagDelete: 'unsupported',
      referrers: 'off',
      mounts: 'off',
      digestHeader: 'absent',
      pageSize: 1000,
    },
  },
  pulp: {
    product: 'Pulp',
    version: '2.22',
    cannot: ['remove one tag'],
    settings: { auth: bearer, tagDelete: 'off', referrers: 'off', pageSize: 100 },
  },
  'distribution-2.8': {
    product: 'Distribution',
    version: '2.8',
    real: '2.8.2 (`docker-registry` of Debian)',
    cannot: ['remove one tag'],
    settings: { ...distribution, tagDelete: 'unsupported', pageLinks: 'given' },
  },
  'distribution-3.1': {
    product: 'Distribution',
    version: '3.1',
    real: '3.1.2 (`registry`, on a file system)',
    cannot: [],
    settings: distribution,
  },
  'distribution-3.1-s3': {
    product: 'Distribution on S3',
    version: '3.1',
    cannot: ['list all tags'],
    settings: { ...distribution, hidesTags: beginningWithAnother, blobRedirects: 'on' },
  },
} as const satisfies Readonly<Record<string, Emulation>>;
