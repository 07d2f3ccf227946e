import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AddEntry,
  extendImage,
  type ImageRole,
  type KeptImage,
  keepImage,
  type MadeImage,
  makeLayer,
  recallImage,
  type WholeImage,
} from '../image/index.ts';
import { type Digest, hexOf } from '../oci/index.ts';
import { directoriesAbove, type GraphData } from './graph-data.ts';
import type { Workspace } from './workspace.ts';

/** The image on which the graph image is built, as Red Hat documents it and oc-mirror does: it has `bash` and `cp`. */
export const graphBase = {
  registry: 'registry.access.redhat.com',
  repository: 'ubi9/ubi',
  tag: 'latest',
} as const;

/** The name of the base image in errors, and their code. */
export const graphBaseRole: ImageRole = { what: 'base of the graph image', code: 'GRAPH_INVALID' };

const dataDirectory = 'var/lib/cincinnati-graph-data';

/** The place at which an update service mounts the volume that the graph image fills. */
const mountPath = '/var/lib/cincinnati/graph-data';

/** Directory of made graph images in the workspace. */
const ownDirectory = 'graph-image';

/** The number of files that stay there: an image has two, and the data change almost every day. */
const keptFiles = 16;

/** The directories of a workspace in which graph images are made and kept. */
export interface GraphImageStore {
  readonly workspace: Workspace;
  /** Path of the workspace. */
  readonly directory: string;
}

function startCommand() {
  const copy = `exec cp -rp /${dataDirectory}/* ${mountPath}`;
  return { Entrypoint: undefined, Cmd: ['/bin/bash', '-c', copy] };
}

async function addData(add: AddEntry, data: GraphData): Promise<void> {
  for (const path of [...directoriesAbove(dataDirectory), dataDirectory]) {
    await add(path, 'directory');
  }
  for (const [path, entry] of data) await add(`${dataDirectory}/${path}`, entry);
}

function fileOf(digest: Digest): string {
  return `${ownDirectory}/${hexOf(digest)}.json`;
}

/** Removes the files that were written longest ago. */
async function forgetOld(directory: string): Promise<void> {
  const names = await readdir(directory);
  const written = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
  );
  const old = written.sort((a, b) => b.at - a.at).slice(keptFiles);
  await Promise.all(old.map(({ name }) => rm(join(directory, name), { force: true })));
}

/**
 * Makes the graph image: for every platform of the base the base, and one layer with the graph data.
 *
 * The same base and the same data give the same image.
 * Effects: writes the layer and a description into the workspace, by which {@link recallGraphImage} finds it; of earlier
 * images the last few stay.
 * @throws ContentError `GRAPH_INVALID`
 * @see oc-mirror v2, graph image; Red Hat, "Creating the OpenShift Update Service graph data container image"
 */
export async function makeGraphImage(
  data: GraphData,
  base: WholeImage,
  { workspace, directory }: GraphImageStore,
): Promise<MadeImage> {
  const layers = join(directory, ownDirectory);
  const layer = await makeLayer(layers, async (add) => await addData(add, data));
  const made = extendImage(base, {
    layers: [{ layer, history: `/${dataDirectory}` }],
    change: startCommand,
    role: graphBaseRole,
  });
  const kept = new TextEncoder().encode(JSON.stringify(await keepImage(made)));
  await workspace.write(fileOf(made.index.descriptor.digest), kept);
  // Another run may remove the same file at the same time.
  await forgetOld(layers).catch(() => {});
  return made;
}

/** Gives the graph image with a digest; `undefined` if this workspace does not have it as a whole. */
export async function recallGraphImage(
  digest: Digest,
  { workspace, directory }: GraphImageStore,
): Promise<MadeImage | undefined> {
  const bytes = await workspace.read(fileOf(digest));
  if (!bytes) return undefined;
  try {
    const kept = JSON.parse(new TextDecoder().decode(bytes)) as KeptImage;
    const made = await recallImage(kept, join(directory, ownDirectory));
    return made?.index.descriptor.digest === digest ? made : undefined;
  } catch {
    // A damaged file counts as absent.
    return undefined;
  }
}
