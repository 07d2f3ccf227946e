import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  createFakeRegistry,
  ensureRepository,
  type FakeRegistry,
  type FakeSettings,
  type Store,
  serve,
} from '../../src/fake-registry/index.ts';
import {
  type ImageSink,
  makeSigningKey,
  makeUpstream,
  pushInto,
  serveUpstream,
  type Upstream,
  type UpstreamOptions,
} from '../../src/fake-upstream/index.ts';
import { silentLogger } from '../../src/log.ts';
import { connect, type Registries } from '../../src/registry/index.ts';
import type {
  ApplyReport,
  ConfigFile,
  MirrorReport,
  PlanRequest,
  PlanResult,
  RunEvent,
  Settings,
} from '../../src/run/index.ts';
import * as run from '../../src/run/index.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { fakeClock, wireOptions } from './wire.ts';

/** One registry of a lab. */
export interface LabRegistry {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** Present when it runs in this process. */
  readonly fake?: FakeRegistry;
  /** File with one line for each request, of a real one. */
  readonly accessLog?: string;
  /** Directory with everything that a real one stores. */
  readonly storage?: string;
}

/** Takes works that are done when the lab is not needed any more, the last one first. */
export type AtEnd = (work: () => Promise<void>) => void;

/** The parts of a lab. */
export interface LabOptions {
  /** Absent: the end of the test that makes the lab. */
  readonly atEnd?: AtEnd;
  /** `fake`: in this process, stricter than real ones. `docker`: Distribution 2.8, `distribution-3`: version 3, `-sparse`: with indexes that lack manifests. */
  readonly kind?: 'fake' | 'docker' | 'distribution-3' | 'distribution-3-sparse';
  readonly target?: Partial<FakeSettings>;
  readonly upstream?: Partial<Omit<UpstreamOptions, 'registry'>>;
}

/** An upstream, a source and a target registry, a workspace: everything a run needs, and the use cases on them. */
export interface Lab {
  readonly source: LabRegistry;
  readonly target: LabRegistry;
  readonly upstream: Upstream;
  /** Paths and queries that the update service and the signature server were asked for. */
  readonly asked: readonly string[];
  readonly workspace: string;
  readonly events: RunEvent[];
  settings(changes?: Partial<Settings>): Settings;
  /** Mirrors without deleting, as the command line does. */
  mirror(files: readonly ConfigFile[], changes?: Partial<Settings>): Promise<MirrorReport>;
  plan(request: PlanRequest, changes?: Partial<Settings>): Promise<PlanResult>;
  /** Plans and applies as a merge does; everything is approved unless `approve` says otherwise. */
  apply(
    request: PlanRequest,
    changes?: Partial<Settings>,
    approve?: run.ApprovalSource,
  ): Promise<ApplyReport>;
  /** Opens repositories of either side, without a use case. */
  readonly wire: Registries;
}

let chance = 1;

/** Chance that comes out alike each time, and other for each run: two runs of one lab must not draw the same token. */
function nextRandom(): number {
  chance = (chance * 48_271) % 2_147_483_647;
  return chance / 2_147_483_647;
}

async function startRegistry(
  kind: NonNullable<LabOptions['kind']>,
  settings: Partial<FakeSettings>,
  atEnd: AtEnd,
): Promise<LabRegistry> {
  if (kind !== 'fake') {
    const program = kind === 'docker' ? 'docker-registry' : 'registry';
    const sparseIndexes = kind === 'distribution-3-sparse' ? 'accepted' : undefined;
    const real = await startDockerRegistry({ program, sparseIndexes });
    atEnd(real.stop);
    return { host: real.host, accessLog: real.accessLog, storage: real.storage };
  }
  const fake = createFakeRegistry({ pageSize: 100, ...settings });
  const served = await serve(fake);
  atEnd(served.close);
  return { host: served.host, fake };
}

/** Puts images behind the back of a registry of this process: requests for each of them would take most of a test. */
export function storeIn(store: Store): ImageSink {
  return {
    putBlob(name, { descriptor, bytes }) {
      ensureRepository(store, name).blobs.set(descriptor.digest, bytes());
    },
    putManifest(name, { descriptor: { digest, mediaType }, raw }, tag) {
      const { manifests, tags } = ensureRepository(store, name);
      manifests.set(digest, { mediaType, bytes: raw });
      if (tag !== undefined) tags.set(tag, digest);
    },
  };
}

let key: ReturnType<typeof makeSigningKey> | undefined;

/** Gives the key of all labs; a new one for each takes time. */
function signingKey(): ReturnType<typeof makeSigningKey> {
  key ??= makeSigningKey();
  return key;
}

async function tempWorkspace(atEnd: AtEnd): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'imageset-mirror-lab-'));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'working-dir');
}

/** Writes an image set of one channel. */
export function channelConfig(
  minVersion: string,
  maxVersion: string,
  name = 'imageset-config.yaml',
): ConfigFile {
  return {
    name,
    text: [
      'apiVersion: mirror.openshift.io/v2alpha1',
      'kind: ImageSetConfiguration',
      'mirror:',
      '  platform:',
      '    channels:',
      '      - name: stable-4.16',
      `        minVersion: ${minVersion}`,
      `        maxVersion: ${maxVersion}`,
      '',
    ].join('\n'),
  };
}

/** Writes an image set of additional images, each `name` or `name=targetRepo:targetTag`. */
export function imagesConfig(images: readonly string[], name = 'imageset-config.yaml'): ConfigFile {
  const entries = images.map((image) => `    - name: ${image}`);
  const head = ['apiVersion: mirror.openshift.io/v2alpha1', 'kind: ImageSetConfiguration'];
  return {
    name,
    text: [...head, 'mirror:', '  additionalImages:', ...entries, ''].join('\n'),
  };
}

/** Asks for a plan from some files to others; `undefined` lets the state say what the base is. */
export function change(
  before: readonly ConfigFile[] | undefined,
  after: readonly ConfigFile[],
): PlanRequest {
  return {
    head: after,
    headRevision: { from: 'event', commit: 'head' },
    base: async () => before && { files: before, revision: { from: 'event', commit: 'base' } },
  };
}

/** Sets up a lab; everything in it ends with the test, unless `atEnd` says otherwise. */
export async function makeLab(options: LabOptions = {}): Promise<Lab> {
  const { kind = 'fake', atEnd = (work) => void onTestFinished(work) } = options;
  const source = await startRegistry(kind, {}, atEnd);
  const target = await startRegistry(kind, options.target ?? {}, atEnd);
  const upstream = await makeUpstream({
    channels: { 'stable-4.16': ['4.16.5', '4.16.6'] },
    components: 7,
    shared: 3,
    ...options.upstream,
    registry: source.host,
    key: await signingKey(),
  });
  const wire = connect(wireOptions());
  atEnd(() => wire.close());
  await upstream.fill(
    source.fake
      ? storeIn(source.fake.store)
      : pushInto((name) => wire.repository(source.host, name)),
  );
  const served = await serveUpstream(upstream);
  atEnd(served.close);
  const workspace = await tempWorkspace(atEnd);
  const events: RunEvent[] = [];
  const listener = (event: RunEvent): void => void events.push(event);
  const settings = (changes: Partial<Settings> = {}): Settings => ({
    target: target.host,
    source: { anonymous: true },
    destination: { anonymous: true },
    insecureRegistries: [source.host, target.host],
    workspace,
    state: 'registry',
    retryTimes: 2,
    verifySignatures: 'releases',
    signatureKeys: upstream.key.publicKey,
    options: { prune: 'removed', maxDelete: { share: 1 }, protect: [] },
    env: served.env,
    clock: { ...fakeClock(), random: nextRandom },
    log: silentLogger,
    ...changes,
  });
  const approveAll: run.ApprovalSource = async () => ({ require: 'none' });
  return {
    source,
    target,
    upstream,
    asked: served.asked,
    workspace,
    events,
    settings,
    mirror: (files, changes) =>
      run.mirror(
        settings({
          options: { prune: 'none', maxDelete: { count: 0 }, protect: [] },
          ...changes,
        }),
        { files, dryRun: 'no', destination: 'registry' },
        listener,
      ),
    plan: (request, changes) => run.plan(settings(changes), request),
    apply: (request, changes, approve = approveAll) =>
      run.planAndApply(settings(changes), request, { approve, listener }),
    wire,
  };
}
