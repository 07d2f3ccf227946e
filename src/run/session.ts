import { join } from 'node:path';
import type { Endpoints } from '../apply/index.ts';
import { type CatalogStoreOptions, forgetUnusedCatalogs } from '../catalog/index.ts';
import type { ByteCache } from '../content/index.ts';
import { CopyError, RegistryError } from '../errors.ts';
import {
  type Collector,
  createAdditionalCollector,
  createCatalogReopener,
  createGraphImageCollector,
  createHelmCollector,
  createOperatorCollector,
  createReleaseCollector,
  createSignatureFinder,
  createWorkspaceImages,
  type ImageKind,
  type MadeCatalog,
  type OperatorCollectorOptions,
  type ReleaseCollectorOptions,
  reopenGraphImage,
  type SignatureFinder,
} from '../imageset/index.ts';
import { createManifestReader } from '../mirror/index.ts';
import { digestOf } from '../oci/index.ts';
import type { PlanTarget } from '../plan/index.ts';
import type { HostRules, Registries } from '../registry/index.ts';
import { openWorkspace } from '../release/index.ts';
import {
  createContentCache,
  createDirectoryStateStore,
  createRegistryStateStore,
  emptyState,
  type StateStore,
} from '../state/index.ts';
import type { TrustJudge } from '../trust/index.ts';
import {
  createWrittenManifests,
  type DiskSide,
  defaultParallel,
  openSide,
  openSides,
  outlivesCancel,
  parseTarget,
  readRules,
  type WrittenManifests,
  withWorkspaceImages,
  withWrittenManifests,
} from './connect/index.ts';
import { openTrustJudge } from './trust-judge.ts';
import type { Settings } from './types.ts';

/** Everything that a use case works with; `close` it at the end. */
export interface Session {
  readonly settings: Settings;
  readonly target: PlanTarget;
  readonly endpoints: Endpoints;
  /** One for all image sets of a run: what two of them share is read once. */
  readonly collectors: readonly Collector[];
  readonly store: StateStore;
  /** Makes an image known that an earlier run made and left in the workspace. */
  readonly reopenImage: (image: MadeCatalog & { readonly kind: ImageKind }) => Promise<void>;
  /** Manifests that sources do not hold, and that can be read from them all the same. */
  readonly written: WrittenManifests;
  /** Finds the signature of a release that lies in the target. */
  readonly findSignature: SignatureFinder;
  /** Judges images by the trust policy of the run; absent: it has none, or its images were judged when they were archived. */
  readonly judge?: TrustJudge | undefined;
  /** An archive that was loaded stands for the sources. */
  readonly sources?: 'archive' | undefined;
  close(): Promise<void>;
}

/** Gives the directory of unpacked catalogs in a workspace. */
export function catalogDirectory({ workspace }: Pick<Settings, 'workspace'>): string {
  return join(workspace, 'operator-catalogs');
}

/** Gives the store of unpacked catalogs in a workspace. */
export function catalogStore(settings: Pick<Settings, 'workspace' | 'log'>): CatalogStoreOptions {
  return { directory: catalogDirectory(settings), log: settings.log };
}

function fillHex(pattern: string, random: () => number): string {
  return pattern.replaceAll('x', () => Math.floor(random() * 16).toString(16));
}

/** Gives a version 4 UUID out of the world's chance: the update service counts its callers by such. */
export function createId(random: () => number): string {
  return fillHex('xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx', random);
}

/** Opens the small contents that the workspace keeps by digest. */
export function openContent({ workspace, log }: Settings): ByteCache {
  return createContentCache(join(workspace, 'content'), log);
}

function newToken({ clock }: Settings): string {
  return fillHex('x'.repeat(16), () => clock.random());
}

function openStore(
  settings: Settings,
  target: PlanTarget,
  { usual, late }: { readonly usual: Registries; readonly late: () => Registries },
): StateStore {
  const token = newToken(settings);
  if (settings.state !== 'registry') {
    return createDirectoryStateStore(settings.state.directory, token);
  }
  const parts = [target.prefix, 'imageset-mirror/state'].filter((part) => part !== '');
  // Nothing is known of it before a state was read there.
  const open = ({ repository }: Registries) =>
    repository(target.registry, parts.join('/'), { denial: 'absence' });
  const repository = outlivesCancel(open(usual), () => open(late()), settings.signal);
  return createRegistryStateStore({ repository, token });
}

/** How a session differs from the usual. */
export interface SessionOptions {
  readonly disk?: DiskSide | undefined;
  /** oc-mirror's tag of a release that was not verified. */
  readonly unverifiedTag?: 'digest';
  /** Whether filtered catalogs are made; absent: they are. */
  readonly rebuilding?: OperatorCollectorOptions['rebuilding'];
}

/** Gives the collectors, and the means to open images again that they made in another run. */
function openCollectors(
  settings: Settings,
  means: Omit<ReleaseCollectorOptions, 'newId'> &
    Pick<OperatorCollectorOptions, 'images' | 'registries'>,
  { rebuilding = 'make', ...options }: Omit<SessionOptions, 'disk'>,
): Pick<Session, 'collectors' | 'reopenImage'> {
  const { clock, workspace, helmValues: values = [], env, signal } = settings;
  const newId = () => createId(() => clock.random());
  const releases = createReleaseCollector({ ...means, newId, ...options });
  const graph = { ...means, directory: workspace };
  const catalogs = { ...means, directory: catalogDirectory(settings) };
  const operators = createOperatorCollector({ ...catalogs, rebuilding });
  const shelf = means.workspace;
  const charts = {
    ...means,
    shelf,
    directory: join(workspace, 'helm'),
    values,
    env,
    signal,
    clock,
  };
  const helm = createHelmCollector(charts);
  const reopenCatalog = createCatalogReopener(catalogs);
  return {
    collectors: [
      releases,
      createGraphImageCollector(graph),
      operators,
      createAdditionalCollector(means),
      helm,
    ],
    reopenImage: async (image) =>
      image.kind === 'cincinnatiGraph'
        ? await reopenGraphImage(image.digest, graph)
        : await reopenCatalog(image),
  };
}

/** Opens the target once more where a run was cancelled: its state is still to be written. */
function createLateSide(settings: Settings, rules: HostRules) {
  let late: Registries | undefined;
  return {
    open(): Registries {
      const { signal: _, ...steady } = settings;
      late ??= openSide(steady, 'destination', rules);
      return late;
    },
    close: async () => await late?.close(),
  };
}

/**
 * Opens both sides, the workspace and the state. Nothing is sent yet.
 * @throws ConfigError `INPUT_INVALID` when `registries.conf` or the trust policy cannot be read
 */
export async function openSession(
  settings: Settings,
  { disk, ...options }: SessionOptions = {},
): Promise<Session> {
  const { env, log, clock, workspace, verifySignatures, signatureKeys } = settings;
  const { parallel = defaultParallel, imageTimeoutMs } = settings;
  const rules = await readRules(settings);
  await forgetUnusedCatalogs(catalogStore(settings), clock.now());
  const images = createWorkspaceImages();
  const sources = disk?.side === 'source' ? ('archive' as const) : undefined;
  const { upstream, target } = openSides(settings, rules, disk);
  const written = createWrittenManifests();
  const source = withWrittenManifests(withWorkspaceImages(upstream, images), written);
  const place = parseTarget(settings.target);
  const cache = openContent(settings);
  const means = { manifests: createManifestReader(cache), parallel, imageTimeoutMs };
  const endpoints: Endpoints = { source, target, registry: place.registry, ...means };
  const content = { registries: source, cache, log };
  const files = openWorkspace(workspace, (message) => log.log('warn', message));
  const signing = { ...content, workspace: files, env, verifySignatures, signatureKeys };
  const late = createLateSide(settings, rules);
  return {
    settings,
    target: place,
    endpoints,
    ...openCollectors(settings, { ...signing, images, sources }, options),
    store:
      disk?.side === 'target'
        ? createForgetfulStore(newToken(settings))
        : openStore(settings, place, { usual: target, late: late.open }),
    written,
    sources,
    judge: sources ? undefined : await openTrustJudge(settings, { source, cache }),
    findSignature: createSignatureFinder({
      ...signing,
      registries: { get: source.get, repository: target.repository },
    }),
    async close() {
      await Promise.all([source.close(), target.close(), late.close()]);
    },
  };
}

/**
 * Says of an answer that ends a whole run that it was the target's: sources fail image by image. One that was put into
 * words of the run before keeps them.
 */
function atTarget(thrown: unknown, { target }: Settings): unknown {
  if (!(thrown instanceof RegistryError) || thrown.cause instanceof RegistryError) return thrown;
  return new CopyError({ side: 'target', reference: target, cause: thrown });
}

/**
 * Opens a session, works in it, and closes it whatever happens.
 * @throws CopyError of the target's side when the target does not do what it has to; whatever else `work` throws
 */
export async function withSession<Result>(
  settings: Settings,
  work: (session: Session) => Promise<Result>,
  options?: SessionOptions,
): Promise<Result> {
  const session = await openSession(settings, options);
  try {
    return await work(session);
  } catch (thrown) {
    throw atTarget(thrown, settings);
  } finally {
    await session.close();
  }
}

/**
 * Makes a store that forgets everything at the end of the run.
 *
 * A cache needs no state: all of it is looked at each time, nothing is ever deleted from it by a plan, and nobody else's
 * images could be in it.
 */
function createForgetfulStore(token: string): StateStore {
  let state = emptyState();
  return {
    token,
    read: async () => undefined,
    async update(derive) {
      state = derive(state);
      return { state, version: 'forgotten', hasOthers: false };
    },
    writeUndo: async () => digestOf(new Uint8Array()),
    readUndo: async () => undefined,
    listUndo: async () => [],
  };
}
