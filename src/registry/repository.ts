import type { Descriptor, Digest, Manifest } from '../oci/index.ts';
import type { Product } from './product.ts';

/** The outcome of a delete: deleted, or absent before. */
export type Deletion = 'deleted' | 'absent';

/** Manifests of one repository. @see distribution-spec v1.1, end-3, end-7, end-9 */
export interface ManifestStore {
  /**
   * Asks for a manifest without its body: one HEAD (a GET where HEAD is not answered usefully).
   * Gives `undefined` when the registry answers that it has none.
   */
  resolve(reference: Digest | string): Promise<Descriptor | undefined>;
  /**
   * Fetches a manifest by digest or tag: one GET; a digest is verified against the bytes.
   * Gives `undefined` when the registry answers that it has none.
   */
  fetch(reference: Digest | string): Promise<Manifest | undefined>;
  /**
   * Pushes a manifest's own bytes under a tag, or under its digest when `tag` is absent.
   * Throws when the registry names another digest in its answer.
   */
  push(manifest: Manifest, tag?: string): Promise<void>;
  /**
   * Deletes a manifest by digest; the registry drops every tag of it.
   * Throws `UNSUPPORTED` when the registry does not allow it (400, 405).
   */
  delete(digest: Digest): Promise<Deletion>;
}

/** Opens a blob's bytes; may be called again for a retry. */
export type BlobOpener = () => Promise<AsyncIterable<Uint8Array>>;

/** Blobs of one repository. @see distribution-spec v1.1, end-2, end-4 to end-6, end-11 */
export interface BlobStore {
  /** `size`: its bytes; one that the registry says is shorter or longer does not count. */
  exists(digest: Digest, size?: number): Promise<boolean>;
  /**
   * Streams a blob; size and digest are verified at the end, cut bodies are resumed by range.
   * Throws `NOT_FOUND` when the registry has none; the stream throws ContentError when the bytes are wrong.
   */
  fetch(descriptor: Descriptor): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Uploads a blob: POST, then one PUT, or chunks where the registry asks for them. The registry verifies the digest.
   * `open` is called once for each attempt.
   */
  push(descriptor: Descriptor, open: BlobOpener): Promise<void>;
  /** Asks the registry to take a blob over from another repository: one POST. Never starts a copy by itself. */
  mount(digest: Digest, from: string): Promise<'mounted' | 'refused'>;
}

/** A list of tags, and whether it proved incomplete; without such a proof it may be incomplete all the same. */
export interface TagSurvey {
  readonly tags: readonly string[];
  readonly list: 'complete' | 'incomplete';
}

/** Tags of one repository. @see distribution-spec v1.1, end-8, end-9 */
export interface TagStore {
  /**
   * Lists all tags over all pages; `undefined` when the registry knows no such repository.
   * Throws RegistryError when a page fails that the registry itself named.
   */
  list(): Promise<readonly string[] | undefined>;
  /**
   * Lists all tags as far as they can be had; `undefined` when the registry knows no such repository.
   *
   * With `doubts` it also asks for what comes after the end, and after each of these tags that is listed. A list that was cut
   * is continued after its last tag, as is one of which a page fails; any other new tag shows that the list is incomplete.
   */
  survey(doubts?: readonly string[]): Promise<TagSurvey | undefined>;
  /**
   * Removes one tag and leaves the manifest in place.
   * Throws `UNSUPPORTED` when the registry answers 400 or 405. Never falls back to deleting the manifest.
   */
  delete(tag: string): Promise<Deletion>;
}

/** The referrers of a manifest. @see distribution-spec v1.1, end-12 and the referrers tag schema */
export interface ReferrerStore {
  /** Lists referrers by the API, else by the fallback tag; none is an empty list. */
  list(subject: Digest): Promise<readonly Descriptor[]>;
}

/** A live handle on one repository of one registry. */
export interface Repository {
  /** `host[:port]`. */
  readonly registry: string;
  /** The path below `/v2/`. */
  readonly name: string;
  readonly manifests: ManifestStore;
  readonly blobs: BlobStore;
  readonly tags: TagStore;
  readonly referrers: ReferrerStore;
}

/** An answer of an HTTP service that is no registry. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
}

/** Counts of the requests and bytes of one side. */
export interface Traffic {
  readonly requests: number;
  readonly writes: number;
  readonly retries: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** Facts about a repository that are known before it is asked. */
export interface RepositoryOptions {
  /**
   * The meaning of 401 and 403 to a read. `absence`: the repository may not exist, and registries deny reading repositories
   * that do not exist; this counts only for credentials that the registry takes, and until the repository answers otherwise.
   * Never use it where the answer causes a deletion.
   * Absent: `error`.
   */
  readonly denial?: 'absence' | 'error';
}

/** A way to registries: credentials, certificates, mirrors, retries and pooled connections of one side. */
export interface Registries {
  repository(registry: string, name: string, options?: RepositoryOptions): Repository;
  /**
   * Checks that a registry speaks the API and takes our credentials: GET /v2/ (with a token where it asks for one).
   * Throws RegistryError otherwise.
   */
  ping(registry: string): Promise<void>;
  /** Tells the product of a registry by its first answer; nothing more is sent when that is known. */
  product(registry: string): Promise<Product>;
  /** A plain GET of an HTTP service that is no registry (update graph, signatures), with the same retries and TLS. */
  get(url: string, options?: HttpGetOptions): Promise<HttpAnswer>;
  /** Sends a request to such a service. A write is repeated only after 429, which says that nothing was done. */
  send(url: string, options: HttpSendOptions): Promise<HttpAnswer>;
  traffic(): Traffic;
  close(): Promise<void>;
}

/** Bounds of a plain GET. */
export interface HttpGetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes; a longer body throws `TOO_LARGE`. */
  readonly maxBytes?: number;
}

/** A request to an HTTP service that is no registry, and the bounds of its answer. */
export interface HttpSendOptions extends HttpGetOptions {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly body?: Uint8Array | undefined;
}
