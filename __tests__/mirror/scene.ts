import { onTestFinished } from 'vitest';
import type { FakeRegistry, FakeSettings } from '../../src/fake-registry/index.ts';
import {
  type Copier,
  createCopier,
  createInventory,
  createManifestReader,
  type Inventory,
} from '../../src/mirror/index.ts';
import type { Repository } from '../../src/registry/index.ts';
import { wired } from '../support/wire.ts';

/** Two registries and a copier from one to the other. */
export interface Scene {
  readonly source: FakeRegistry;
  readonly target: FakeRegistry;
  readonly inventory: Inventory;
  readonly copier: Copier;
  /** Bytes that came from the source so far. */
  readonly read: { bytes: number };
  from(name: string): Repository;
  to(name: string): Repository;
  /** Blobs and manifests that were asked of the target, in order: `PUT app manifests/v1`. */
  asked(): readonly string[];
}

/** Gives one line for each request, digests and uploads without what varies. */
export function linesOf({ log }: FakeRegistry): string[] {
  return log.entries
    .filter(({ path }) => path !== '/v2/')
    .map(({ method, path, query }) => {
      const [, name = '', rest = ''] =
        /^\/v2\/(.+?)\/((?:manifests|blobs|tags)\/.*)$/.exec(path) ?? [];
      const mount = /mount=/.test(query) ? ' mount' : '';
      return `${method} ${name} ${rest.replace(/uploads\/.*/, 'uploads').replace(/sha256:.*/, '@')}${mount}`;
    });
}

/** Sets up both registries; the target's repositories are known to be empty unless `isEmpty` says otherwise. */
export async function makeScene(
  settings: Partial<FakeSettings> = {},
  isEmpty: (name: string) => boolean = () => true,
): Promise<Scene> {
  const [source, target] = [await wired(), await wired(settings)];
  onTestFinished(async () => {
    await Promise.all([source.close(), target.close()]);
  });
  const inventory = createInventory(isEmpty);
  const read = { bytes: 0 };
  const copier = createCopier({
    inventory,
    manifests: createManifestReader({ get: async () => undefined, put: async () => {} }),
    parallel: 4,
    onBytes: (count) => {
      read.bytes += count;
    },
  });
  return {
    source: source.fake,
    target: target.fake,
    inventory,
    copier,
    read,
    from: (name) => source.registries.repository(source.host, name),
    to: (name) => target.registries.repository(target.host, name),
    asked: () => linesOf(target.fake),
  };
}
