/** A user; `actions` are those of the token specification. */
export interface FakeUser {
  readonly password: string;
  /** Absent: `*`. */
  readonly actions?: readonly string[];
}

/** The authentication of a registry. */
export type FakeAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly users: Readonly<Record<string, FakeUser>> }
  | {
      readonly kind: 'bearer';
      readonly users: Readonly<Record<string, FakeUser>>;
      /** Actions that are allowed without credentials; absent: none. */
      readonly anonymous?: readonly string[];
      /** Identity tokens and their users. */
      readonly identityTokens?: Readonly<Record<string, string>>;
      /** Seconds; absent: 60, the default of the token specification. */
      readonly lifetime?: number;
      /** Absent: `/token` of this registry. */
      readonly realm?: string;
      /** A scope with this action is refused as malformed, as Quay refuses `delete`. */
      readonly unknownAction?: string;
    };

/** The abilities of a registry; they may change while it runs. */
export interface FakeSettings {
  /**
   * `unsupported` answers 400 as Distribution 2.8 does, `off` 405, `unacceptable` 406, `unknown` 404 for an existing tag; `greedy`
   * deletes the manifest with all its tags.
   */
  tagDelete: 'on' | 'off' | 'unsupported' | 'unacceptable' | 'unknown' | 'greedy';
  digestDelete: 'on' | 'off' | 'unacceptable' | 'unknown';
  /** Whether a manifest may be deleted while an index of its repository names it; `refused` answers 412 as Harbor does. */
  childDelete: 'on' | 'refused';
  /** The status that refuses to move or delete an existing tag; absent: tags move. */
  immutableTags: number | undefined;
  /** `images`: manifests with other media types than an image's get 400, as in Quay. */
  artifacts: 'any' | 'images';
  /**
   * The answer to a read of a repository that does not exist. `absent`: 404. `denied`: 403. `ungranted`: 401, because the token
   * service grants no pull. `token-refused`: the token service answers 403 to a scope with pull only. In the last two cases a
   * scope with push creates the repository.
   */
  unknownRepository: 'absent' | 'denied' | 'ungranted' | 'token-refused';
  referrers: 'on' | 'off';
  /** A number is the status that refuses a mount; `off` opens an upload instead. */
  mounts: 'on' | 'off' | number;
  /** Status of the answer to a chunk. */
  chunkStatus: 201 | 202;
  /** Whether reads of blobs are redirected to storage with 307; the storage accepts GET only. */
  blobRedirects: 'on' | 'off';
  /** Whether an index may be pushed before its children. */
  sparseIndexes: 'refused' | 'accepted';
  ranges: 'honoured' | 'ignored';
  /** Whether answers carry `Docker-Content-Digest`. */
  digestHeader: 'given' | 'absent';
  /** Tags on a page. */
  pageSize: number;
  /** Whether a page has a link to the next one; `absent` cuts the list. */
  pageLinks: 'given' | 'absent';
  /** Gives the tags of a page that the list omits. */
  hidesTags: (tags: readonly string[]) => readonly string[];
  /** Bytes; announced by `OCI-Chunk-Min-Length`, shorter chunks but the last are refused. */
  chunkMinLength: number | undefined;
  /** Bytes; a longer request body is answered 413, as a proxy does. */
  maxBodyBytes: number | undefined;
  auth: FakeAuth;
  /** Milliseconds since the epoch, for the expiry of tokens; time stands still unless given. */
  now: () => number;
}

/** Gives the tags that begin with another tag: Distribution 3.1 on S3 omits them from its lists. */
export function beginningWithAnother(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => tags.some((other) => other !== tag && tag.startsWith(other)));
}

/** The strictest registry that the specification allows. */
export const strictSettings: Readonly<FakeSettings> = {
  tagDelete: 'on',
  digestDelete: 'on',
  childDelete: 'on',
  immutableTags: undefined,
  artifacts: 'any',
  unknownRepository: 'absent',
  referrers: 'on',
  mounts: 'on',
  chunkStatus: 202,
  blobRedirects: 'off',
  sparseIndexes: 'refused',
  ranges: 'honoured',
  digestHeader: 'given',
  pageSize: 7,
  pageLinks: 'given',
  hidesTags: () => [],
  chunkMinLength: undefined,
  maxBodyBytes: undefined,
  auth: { kind: 'none' },
  now: () => 0,
};
