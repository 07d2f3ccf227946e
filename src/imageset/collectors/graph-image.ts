import { join } from 'node:path';
import { createOnce } from '../../base/index.ts';
import type { ByteCache } from '../../content/index.ts';
import { MirrorError, messageOf, RegistryError } from '../../errors.ts';
import { openLayout, openMade, readImage } from '../../image/index.ts';
import type { Logger } from '../../log.ts';
import type { Digest } from '../../oci/index.ts';
import { findManifest, type Registries } from '../../registry/index.ts';
import {
  fetchGraphData,
  type GraphImageStore,
  graphBase,
  graphBaseRole,
  makeGraphImage,
  readGraphData,
  recallGraphImage,
} from '../../release/index.ts';
import { type Collector, collectionFailure, emptyPart, withHint } from '../collector.ts';
import type { ImageSet } from '../config.ts';
import { causeAt } from '../entries.ts';
import type { Placement, Source } from '../placement.ts';
import { graphPlace } from '../target-name.ts';
import { archiveRegistry, type WorkspaceImages, workspaceRegistry } from './workspace-images.ts';

/** The means to make the graph image. */
export interface GraphImageOptions extends GraphImageStore {
  readonly registries: Pick<Registries, 'get' | 'repository'>;
  readonly cache: ByteCache;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Registers the image that is made here. */
  readonly images: WorkspaceImages;
  /** `archive`: it has the image. */
  readonly sources?: 'archive' | undefined;
}

function baseRepository({ registries }: Pick<GraphImageOptions, 'registries'>) {
  return registries.repository(graphBase.registry, graphBase.repository);
}

async function findBase(options: GraphImageOptions): Promise<Digest> {
  const found = await findManifest(baseRepository(options), graphBase.tag);
  if (found) return found.digest;
  const { registry, repository, tag } = graphBase;
  const name = `${registry}/${repository}:${tag}`;
  throw new RegistryError('NOT_FOUND', `${name}, the base of the graph image, is not there.`, {
    hint: 'Without a connection, name a mirror of it in registries.conf.',
  });
}

/** Gives the graph image that oc-mirror, or a user for it, prepared in the workspace as an OCI layout. */
async function findPrepared({ directory, images }: GraphImageOptions): Promise<Source | undefined> {
  try {
    const { root, repository } = await openLayout(join(directory, 'graph-preparation'));
    return images.add(root.descriptor.digest, repository);
  } catch (thrown) {
    if (thrown instanceof MirrorError) return undefined;
    throw thrown;
  }
}

/** Makes the image. Where an update service inside gives no data, an image that was prepared in the workspace is taken. */
async function makeOrFind(options: GraphImageOptions): Promise<Source> {
  const { sources, env, log } = options;
  if (sources === 'archive') return { registry: archiveRegistry, ...graphPlace('') };
  try {
    return await make(options);
  } catch (thrown) {
    const isInside = Boolean(env['UPDATE_URL_OVERRIDE']) && thrown instanceof RegistryError;
    const prepared = isInside ? await findPrepared(options) : undefined;
    if (!prepared) throw thrown;
    log.log('warn', `The graph image of graph-preparation is mirrored: ${messageOf(thrown)}.`);
    return prepared;
  }
}

async function make(options: GraphImageOptions): Promise<Source> {
  const { registries, cache, env, images } = options;
  const [bytes, digest] = await Promise.all([
    fetchGraphData({ get: registries.get, env }),
    findBase(options),
  ]);
  const repository = baseRepository(options);
  const base = await readImage(digest, { repository, cache }, graphBaseRole);
  const made = await makeGraphImage(await readGraphData(bytes), base, options);
  return images.add(made.index.descriptor.digest, openMade(made, repository));
}

function placementOf(imageSet: ImageSet, prefix: string, source: Source): Placement {
  return {
    source,
    target: graphPlace(prefix),
    kind: 'cincinnatiGraph',
    origin: 'openshift/graph-image:latest',
    causes: [causeAt(imageSet, 'platform', 'graph')],
  };
}

/**
 * Gives the collector of the graph image, from which an update service inside learns all updates.
 *
 * It is made once for all image sets of a run, for every platform of its base. For a file for deleting nothing is made: its
 * place is enough.
 * @see oc-mirror v2, `platform.graph`
 */
export function createGraphImageCollector(options: GraphImageOptions): Collector {
  const once = createOnce<Source>();
  return {
    kind: 'release',
    async collect(imageSet, prefix) {
      if (!imageSet.mirror.platform?.graph) return emptyPart;
      if (imageSet.kind === 'DeleteImageSetConfiguration') {
        const nowhere = { registry: workspaceRegistry, repository: 'graph-image' };
        return { ...emptyPart, placements: [placementOf(imageSet, prefix, nowhere)] };
      }
      const cause = causeAt(imageSet, 'platform', 'graph');
      try {
        const source = await once.run('', () => makeOrFind(options));
        return { ...emptyPart, placements: [placementOf(imageSet, prefix, source)] };
      } catch (thrown) {
        const message = `error processing graph image: ${messageOf(thrown)}`;
        const finding = {
          code: 'graph-image',
          summary: 'The graph image cannot be made.',
          detail: withHint(messageOf(thrown), thrown),
          at: cause.at,
        };
        const failure = collectionFailure(
          { kind: 'release', stage: 'read', message, cause: thrown },
          finding,
        );
        return { ...emptyPart, failures: [failure], gaps: [cause] };
      }
    },
  };
}

/** Makes a graph image known that an earlier run left in the workspace; one that is not there fails when it is read. */
export async function reopenGraphImage(digest: Digest, options: GraphImageOptions): Promise<void> {
  const made = await recallGraphImage(digest, options);
  if (made) options.images.add(digest, openMade(made, baseRepository(options)));
  else await findPrepared(options);
}
