/** Who may do what; `actions` are those of the token specification. */
export interface FakeUser {
  readonly password: string;
  /** Absent: `*`. */
  readonly actions?: readonly string[];
}

/** How a registry asks who is there. */
export type FakeAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly users: Readonly<Record<string, FakeUser>> }
  | {
      readonly kind: 'bearer';
      readonly users: Readonly<Record<string, FakeUser>>;
      /** What comes without credentials; absent: nothing. */
      readonly anonymous?: readonly string[];
      /** Identity tokens and the user each stands for. */
      readonly identityTokens?: Readonly<Record<string, string>>;
      /** Seconds; absent: 60, as the token specification has it. */
      readonly lifetime?: number;
      /** Absent: `/token` of this registry. */
      readonly realm?: string;
      /** A scope with this action is refused as malformed, as Quay refuses `delete`. */
      readonly unknownAction?: string;
    };

/** What this registry can and cannot; may be changed while it runs. */
export interface FakeSettings {
  /**
   * `unsupported` answers 400 as Distribution 2.8 does, `off` 405, `unacceptable` 406, `unknown` 404 of what is there; `greedy`
   * takes the manifest and all its tags along.
   */
  tagDelete: 'on' | 'off' | 'unsupported' | 'unacceptable' | 'unknown' | 'greedy';
  digestDelete: 'on' | 'off' | 'unacceptable' | 'unknown';
  /** Whether a manifest may be deleted while an index of its repository names it; `refused` answers 412 as Harbor does. */
  childDelete: 'on' | 'refused';
  /** Status by which a tag that names something is refused for something else, and to be deleted; absent: tags move. */
  immutableTags: number | undefined;
  /** `images`: a manifest with the media types of an image alone, as Quay has it; others are answered 400. */
  artifacts: 'any' | 'images';
  /**
   * What a read of a repository that does not exist is answered. `absent`: 404. `denied`: 403. `ungranted`: the token service
   * grants no pull of it, so that it is 401; a wish to push makes it. `token-refused`: the token service itself answers 403 to a
   * wish to pull alone, and a wish to push makes it.
   */
  unknownRepository: 'absent' | 'denied' | 'ungranted' | 'token-refused';
  referrers: 'on' | 'off';
  /** A number is the status by which a mount is refused; `off` opens an upload instead. */
  mounts: 'on' | 'off' | number;
  /** Status of the answer to a chunk. */
  chunkStatus: 201 | 202;
  /** Whether reads of blobs are led to storage by 307; the storage takes GET alone. */
  blobRedirects: 'on' | 'off';
  /** Whether an index may be pushed before its children. */
  sparseIndexes: 'refused' | 'accepted';
  ranges: 'honoured' | 'ignored';
  /** Whether answers carry `Docker-Content-Digest`. */
  digestHeader: 'given' | 'absent';
  /** Tags on a page. */
  pageSize: number;
  /** Whether a page that is not the last names the next; `absent` cuts the list. */
  pageLinks: 'given' | 'absent';
  /** Gives those of the tags of a page that the list leaves out. */
  hidesTags: (tags: readonly string[]) => readonly string[];
  /** Bytes; announced by `OCI-Chunk-Min-Length`, shorter chunks but the last are refused. */
  chunkMinLength: number | undefined;
  /** Bytes; a longer request body is answered 413, as a proxy does. */
  maxBodyBytes: number | undefined;
  auth: FakeAuth;
  /** Milliseconds since the epoch, for the expiry of tokens; time stands still unless given. */
  now: () => number;
}

/** Gives the tags that begin with another one: those that Distribution 3.1 on S3 leaves out of its lists. */
export function beginningWithAnother(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => tags.some((other) => other !== tag && tag.startsWith(other)));
}

/** The strictest registry that is still allowed to exist. */
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
