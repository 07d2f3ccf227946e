import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeRegistry, type FakeRegistry, serve } from '../fake-registry/index.ts';
import { makeUpstream, pushInto, serveUpstream } from '../fake-upstream/index.ts';
import { type Clock, silentLogger } from '../log.ts';
import { connect, type Registries } from '../registry/index.ts';
import type { Settings } from '../run/index.ts';

/** Images of a release without the release image. */
export const componentCount = 12;

const shape = { components: componentCount, shared: 4, layerBytes: 64 * 1024, layers: 2 };

/** The world of the demo. */
export interface Scene {
  readonly settings: Settings;
  readonly target: FakeRegistry;
  /** `127.0.0.1:port` of the target. */
  readonly host: string;
  /** The directory of all written files. */
  readonly directory: string;
  /** Opens repositories of the target. */
  readonly wire: Registries;
  close(): Promise<void>;
}

/** The registries of the demo need no credentials. */
function openWire(clock: Clock): Registries {
  return connect({
    credentials: { lookup: async () => undefined },
    trust: { lookup: async () => ({}) },
    retry: { times: 1 },
    parallel: 8,
    userAgent: 'imageset-mirror/demo',
    clock,
    log: silentLogger,
    env: {},
  });
}

/** Starts an upstream with two releases and an empty mirror registry. */
export async function setScene(clock: Clock): Promise<Scene> {
  const target = createFakeRegistry({ pageSize: 100, tagDelete: 'unsupported' });
  const [from, to] = [await serve(createFakeRegistry({ pageSize: 100 })), await serve(target)];
  const upstream = await makeUpstream({
    ...shape,
    registry: from.host,
    cosign: 'most',
    channels: { 'stable-4.16': ['4.16.5', '4.16.6'] },
  });
  const wire = openWire(clock);
  await upstream.fill(pushInto((name) => wire.repository(from.host, name)));
  const service = await serveUpstream(upstream);
  const directory = await mkdtemp(join(tmpdir(), 'imageset-mirror-demo-'));
  const settings: Settings = {
    target: to.host,
    source: { anonymous: true },
    destination: { anonymous: true },
    insecureRegistries: [from.host, to.host],
    workspace: join(directory, 'working-dir'),
    state: 'registry',
    retryTimes: 1,
    verifySignatures: 'releases',
    signatureKeys: upstream.key.publicKey,
    options: { prune: 'removed', maxDelete: { share: 0.5 }, protect: [] },
    env: service.env,
    clock,
    log: silentLogger,
  };
  return {
    settings,
    target,
    host: to.host,
    directory,
    wire,
    async close() {
      await Promise.all([wire.close(), service.close(), from.close(), to.close()]);
    },
  };
}
