import { RegistryError } from '../errors.ts';
import { Authenticator } from './auth.ts';
import { type Contact, contactRegistry } from './contact.ts';
import { Limiter } from './limiter.ts';
import { type Product, productOf } from './product.ts';
import { isRead, nextHop, sendFollowing } from './redirect.ts';
import type { RequestContext } from './request-context.ts';
import { errorFrom, expectStatus } from './response.ts';
import { isTransientStatus, maxRetryAfterMs, parseRetryAfter, retrying } from './retry.ts';
import type { Access } from './scope.ts';
import type { Answer, Peer, WireRequest } from './transport.ts';

/** One request to a registry. */
export interface Call {
  readonly method: WireRequest['method'];
  /** A path of this registry, or the full address that it named before. */
  readonly at: string | URL;
  readonly access: Access;
  readonly headers?: Readonly<Record<string, string>>;
  /** Opens the body, for each attempt anew. */
  readonly body?: () => Promise<AsyncIterable<Uint8Array>> | Uint8Array;
  /** The body cannot be opened again: a 401 is learned from and given back as the answer, and so is a redirect. */
  readonly isOnceOnly?: boolean;
  /** The request ends a blob, which a registry may store for minutes. */
  readonly isCommit?: true;
}

/** Features that a registry lacks, as found out; remembered for the run. */
export interface Quirks {
  /** How it takes blobs, where it refused another way. */
  uploadWay?: 'whole' | 'chunks';
  /** Bytes; a longer chunk was too long for it, or for a proxy before it. */
  chunkLength?: number;
  /** It answers GET of a manifest and not HEAD. */
  lacksHead?: boolean;
  lacksReferrersApi?: boolean;
  /** It could not be reached, and another endpoint can stand in for it. */
  isDown?: boolean;
}

interface Destination {
  readonly url: URL;
  readonly peer?: Peer;
  readonly authorization?: string | undefined;
  /** The address whose answer named this one. */
  readonly namedBy?: URL | undefined;
}

/**
 * One registry: contacted, authenticated, and not overloaded.
 *
 * Effects: nothing is sent before the first call; that asks `GET /v2/` once without credentials, to learn how the registry
 * is reached and what it asks for.
 */
export class Host {
  readonly quirks: Quirks = {};
  readonly #context: RequestContext;
  readonly #peer: Peer;
  readonly #auth: Authenticator;
  // Uploads wait for the downloads that feed them, so the two never wait for the same slots.
  readonly #reads: Limiter;
  readonly #writes: Limiter;
  #contact: Promise<Contact> | undefined;
  #checked: Promise<boolean> | undefined;
  /** Repositories that answered, or that took a write. */
  readonly #met = new Set<string>();

  constructor(context: RequestContext, peer: Peer) {
    const { credentials, parallel, clock, signal } = context.options;
    this.#context = context;
    this.#peer = peer;
    this.#reads = new Limiter(parallel, clock, signal);
    this.#writes = new Limiter(parallel, clock, signal);
    const sender = context.transport;
    this.#auth = new Authenticator({ registry: peer.name, credentials, sender, clock });
  }

  /** `host[:port]` as the user writes it. */
  get registry(): string {
    return this.#peer.name;
  }

  /** Gives the status of the first contact: the answer to `GET /v2/` without credentials. */
  greet(): Promise<number> {
    return this.patiently(async () => (await this.#find()).answer.status);
  }

  /** Tells the product by the first answer. */
  product(): Promise<Product> {
    return this.patiently(async () => productOf((await this.#find()).answer.header));
  }

  /**
   * Checks that the host takes our credentials: GET /v2/, with a token where it asks for one.
   * @throws RegistryError otherwise.
   */
  async ping(): Promise<void> {
    if ((await this.greet()) === 200) return;
    await this.call({ method: 'GET', at: '/v2/', access: { verb: 'pull' } }, async (answer) => {
      await expectStatus(answer, 200);
      await answer.drop();
    });
  }

  /**
   * Tells whether an answer may say that there is no such repository: it denies reading to credentials that the host takes,
   * or its token service knows no such repository, and the repository has never answered otherwise.
   */
  async mayBeAbsent(repository: string, error: unknown): Promise<boolean> {
    const code = error instanceof RegistryError ? error.code : undefined;
    const isDenied = code === 'UNAUTHORIZED' || code === 'DENIED';
    if (!isDenied || this.#met.has(repository)) return false;
    if (!(await this.#auth.isKnown({ repository, verb: 'pull' }))) return false;
    this.#checked ??= this.ping().then(
      () => true,
      () => false,
    );
    return this.#checked;
  }

  /** Sends a request until it is answered and its answer is read. */
  call<T>(call: Call, read: (answer: Answer) => Promise<T>): Promise<T> {
    return this.patiently(async () => read(await this.once(call)));
  }

  /** Repeats requests that fail for a moment, as often as the policy allows. */
  patiently<T>(attempt: () => Promise<T>): Promise<T> {
    return retrying(this.#context, attempt);
  }

  /**
   * Sends a request once; a first 401 is answered by credentials.
   * @throws RegistryError for no answer, and for an answer that may be another next time.
   */
  async once(call: Call): Promise<Answer> {
    const answer = await this.#ask(call);
    const { repository } = call.access;
    if (repository !== undefined && answer.status < 300) this.#met.add(repository);
    return await this.#explain(call, answer);
  }

  /** Adds to a refusal which credentials were sent. A request to another origin carried none. */
  async #explain({ access }: Call, answer: Answer): Promise<Answer> {
    const { status, asked } = answer;
    if (status !== 401 && status !== 403) return answer;
    const { origin } = await this.#find();
    if (asked.url.origin !== origin.origin) return answer;
    return { ...answer, remedy: await this.#auth.explain(access, status) };
  }

  async #ask(call: Call): Promise<Answer> {
    const { origin } = await this.#find();
    const url = typeof call.at === 'string' ? new URL(call.at, origin) : call.at;
    // An address elsewhere, which an upload may be sent to, gets neither credentials nor our certificates.
    if (url.origin !== origin.origin) return this.#send(call, { url, namedBy: origin });
    const peer = this.#peer;
    const authorization = await this.#auth.authorize(call.access);
    const answer = await this.#send(call, { url, peer, authorization });
    // An answer from behind a redirect teaches nothing about this registry.
    if (answer.status !== 401 || answer.asked.url.origin !== origin.origin) return answer;
    const mayPass = await this.#auth.learn(answer, call.access, authorization);
    if (!mayPass || call.isOnceOnly) return answer;
    await answer.drop();
    const renewed = await this.#auth.authorize(call.access);
    return this.#send(call, { url, peer, authorization: renewed });
  }

  #find(): Promise<Contact> {
    if (this.#contact) return this.#contact;
    const contact = this.#introduce();
    this.#contact = contact;
    contact.catch(() => {
      this.#contact = undefined;
    });
    return contact;
  }

  async #introduce(): Promise<Contact> {
    const contact = await contactRegistry(this.#context.transport, this.#peer);
    const { answer, origin } = contact;
    if (answer.status === 401 && answer.asked.url.origin === origin.origin) {
      await this.#auth.learn(answer, { verb: 'pull' });
    }
    return contact;
  }

  /** Sends a request, and on to where a redirect leads it, there without credentials unless it is the same origin. */
  async #send(call: Call, to: Destination): Promise<Answer> {
    let destination = to;
    for (let hops = 0; ; hops += 1) {
      const answer = await this.#sendTo(call, destination);
      const url = call.isOnceOnly ? undefined : await nextHop(answer, hops);
      if (!url) return answer;
      const isSame = url.origin === destination.url.origin;
      destination = isSame ? { ...destination, url } : { url, namedBy: destination.url };
    }
  }

  async #sendTo({ method, headers, body, isCommit }: Call, to: Destination): Promise<Answer> {
    const { url, peer, authorization, namedBy } = to;
    // Opened before the slot is taken: opening may itself need one.
    const content = await body?.();
    const slot = await (isRead(method) ? this.#reads : this.#writes).acquire();
    let status = 0;
    try {
      const answer = await sendFollowing(this.#context.transport, {
        method,
        url,
        peer,
        namedBy,
        isCommit,
        body: content,
        headers: { ...headers, ...(authorization && { authorization }) },
      });
      status = answer.status;
      return isTransientStatus(status) ? await this.#failTransient(answer) : answer;
    } finally {
      slot.release(status === 429 || status === 503 ? 'overloaded' : 'fine');
      if (!isRead(method)) this.#context.counters.writes += 1;
    }
  }

  async #failTransient(answer: Answer): Promise<never> {
    const now = this.#context.clock.now();
    const wait = parseRetryAfter(answer.header('retry-after'), now);
    if (wait !== undefined && wait <= maxRetryAfterMs) {
      for (const limiter of [this.#reads, this.#writes]) limiter.pauseUntil(now + wait);
    }
    throw await errorFrom(answer, wait);
  }
}
