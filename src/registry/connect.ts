import { CancelledError } from '../errors.ts';
import { createBlobStore } from './blobs.ts';
import { Host } from './host.ts';
import { createManifestStore } from './manifests.ts';
import type { RegistriesOptions } from './options.ts';
import type { Place, Places } from './place.ts';
import { plainSend } from './plain-send.ts';
import { createReferrerStore } from './referrers.ts';
import type { Registries, Repository, RepositoryOptions } from './repository.ts';
import type { RequestContext } from './request-context.ts';
import { createTagStore } from './tags.ts';
import { Transport } from './transport.ts';

/**
 * Opens connections to registries: the one entry to this layer.
 *
 * Effects: nothing is sent before something is asked for. Each host is contacted once, its tokens and connections are
 * shared by all repositories and kept until `close`, which also ends what is still under way or waits for its next
 * attempt: a run that failed leaves nothing behind that goes on. `rules` lead reads to mirrors, so the side that is written to has to
 * be opened without them: what a mirror has says nothing about the target.
 */
export function connect(given: RegistriesOptions): Registries {
  const counters = { requests: 0, writes: 0, retries: 0, bytesReceived: 0, bytesSent: 0 };
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, ...(given.signal ? [given.signal] : [])]);
  const options = { ...given, signal };
  const transport = new Transport(options, counters);
  const { retry, clock, log } = options;
  const means = { options, transport, counters, retry, clock, log, signal };
  const context: RequestContext = { ...means, told: {} };
  const hosts = new Map<string, Host>();

  function hostOf(name: string, isInsecure: boolean): Host {
    const key = `${name} ${isInsecure}`;
    const host = hosts.get(key) ?? new Host(context, { name, isInsecure });
    hosts.set(key, host);
    return host;
  }

  function placeAt(registry: string, repository: string, isInsecure: boolean): Place {
    return { host: hostOf(registry, isInsecure), name: hubName(registry, repository) };
  }

  function placesOf(registry: string, name: string, { denial }: RepositoryOptions): Places {
    const place = placeAt(registry, name, false);
    const origin = denial === 'absence' ? { ...place, denial } : place;
    return {
      origin,
      toRead(by) {
        const endpoints = options.rules?.endpoints(registry, name, by) ?? [];
        if (endpoints.length === 0) return [origin];
        return endpoints.map((one) => placeAt(one.registry, one.repository, one.insecure));
      },
    };
  }

  return {
    repository: (registry, name, options = {}) =>
      createRepository(placesOf(registry, name, options), context),
    ping: (registry) => hostOf(registry, false).ping(),
    product: (registry) => hostOf(registry, false).product(),
    get: (url, bounds) => plainSend(context, url, { ...bounds, method: 'GET' }),
    send: (url, options) => plainSend(context, url, options),
    traffic: () => ({ ...counters }),
    async close() {
      closing.abort(new CancelledError());
      await transport.close();
    },
  };
}

function createRepository(places: Places, context: RequestContext): Repository {
  const manifests = createManifestStore(places);
  return {
    registry: places.origin.host.registry,
    name: places.origin.name,
    manifests,
    blobs: createBlobStore(places, context),
    tags: createTagStore(places),
    referrers: createReferrerStore(places, manifests),
  };
}

/** Docker Hub keeps its own images below `library/`, and lets people leave it out. */
function hubName(registry: string, repository: string): string {
  const isHub = /^(index\.)?docker\.io$/.test(registry);
  return isHub && !repository.includes('/') ? `library/${repository}` : repository;
}
