import { mediaTypes } from '../oci/index.ts';
import { content, noise, packLayer } from './content.ts';
import { type FakeImage, makeImage, makeIndex } from './image.ts';

/** Repository of the image on which graph images are built, below the registry's host. */
export const baseRepository = 'ubi9/ubi';

/** The parts of a graph image. */
export interface FakeGraphData {
  /** Put it at `ubi9/ubi:latest`. */
  readonly base: FakeImage;
  /** A compressed tar of the data. */
  readonly archive: Uint8Array;
}

/** Makes the graph data of files by path, and a base for amd64 and arm64. */
export async function makeGraphData(
  files: Readonly<Record<string, string>>,
): Promise<FakeGraphData> {
  const images = ['amd64', 'arm64'].map((architecture) => {
    const platform = { os: 'linux', architecture };
    const layer = content(mediaTypes.ociLayerGzip, () => noise(`ubi ${architecture}`, 512));
    return { image: makeImage([layer], platform), platform };
  });
  return { base: makeIndex(images), archive: await packLayer(files) };
}
