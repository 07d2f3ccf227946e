import {
  makeUpstream,
  type Upstream,
  type UpstreamOptions,
} from '../../src/fake-upstream/index.ts';
import type { ImageSet, MirrorSpec, ReleaseCollectorOptions } from '../../src/imageset/index.ts';
import { silentLogger } from '../../src/log.ts';
import type { Digest } from '../../src/oci/index.ts';
import type { HttpAnswer } from '../../src/registry/index.ts';
import type { ReleaseChannel, Workspace } from '../../src/release/index.ts';
import { type MemoryRegistry, memoryRegistry } from './memory-registry.ts';

/** Files in memory. */
export function memoryWorkspace(): Workspace & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    read: async (path) => files.get(path),
    write: async (path, bytes) => void files.set(path, bytes),
    list: async (path) =>
      [...files.keys()]
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1)),
  };
}

/** An image set whose every node stands on a line of its own: its path, in order of asking. */
export function imageSet(mirror: MirrorSpec, kind: ImageSet['kind'] = 'ImageSetConfiguration') {
  const asked: string[] = [];
  const located: ImageSet = {
    kind,
    name: 'isc.yaml',
    identity: 'isc.yaml',
    text: '',
    mirror,
    locate(path) {
      const key = path.join('.');
      if (!asked.includes(key)) asked.push(key);
      return { file: 'isc.yaml', line: asked.indexOf(key) + 1, column: 1 };
    },
  };
  return { ...located, pathAt: (line: number | undefined) => asked[(line ?? 0) - 1] };
}

/** A channel of OCP. */
export function channel(name: string, rest: Partial<ReleaseChannel> = {}): ReleaseChannel {
  return { name, type: 'ocp', ...rest };
}

/** A made-up upstream in memory, and everything a release collector needs to reach it. */
export interface World {
  readonly upstream: Upstream;
  readonly registry: MemoryRegistry;
  readonly workspace: ReturnType<typeof memoryWorkspace>;
  readonly cache: Map<Digest, Uint8Array>;
  /** Paths and queries of plain GETs. */
  readonly got: URL[];
  readonly options: ReleaseCollectorOptions;
}

/** Makes a world; `answer` may stand in front of upstream and say something else. */
export async function makeWorld(
  options: Omit<UpstreamOptions, 'registry'>,
  answer: (url: URL) => Partial<HttpAnswer> | undefined = () => undefined,
): Promise<World> {
  const upstream = await makeUpstream({ ...options, registry: 'upstream.test' });
  const registry = memoryRegistry();
  await upstream.fill(registry);
  const workspace = memoryWorkspace();
  const cache = new Map<Digest, Uint8Array>();
  const got: URL[] = [];
  const get = async (text: string): Promise<HttpAnswer> => {
    const url = new URL(text);
    got.push(url);
    return { ...upstream.answer(url), ...answer(url) };
  };
  return {
    upstream,
    registry,
    workspace,
    cache,
    got,
    options: {
      registries: { get, repository: registry.repository },
      cache: {
        get: async (digest) => cache.get(digest),
        put: async (digest, bytes) => void cache.set(digest, bytes),
      },
      workspace,
      env: {
        UPDATE_URL_OVERRIDE: 'https://updates.test/graph',
        OCP_SIGNATURE_URL: 'https://updates.test/signatures/',
      },
      log: silentLogger,
      newId: () => '00000000-0000-4000-8000-000000000000',
      verifySignatures: 'releases',
      signatureKeys: upstream.key.publicKey,
    },
  };
}
