import { checkLimit } from '../base/index.ts';
import { type FileSink, visitLayer } from '../content/index.ts';
import type { Descriptor } from '../oci/index.ts';
import { releaseLimits } from './limits.ts';

/** Says which files of a layer to keep, by their path from the image's root. */
export type FileFilter = (path: string, size: number) => boolean;

/** Keeps one file; paths are keys of a map and never become paths of this machine. */
function keeper(path: string, files: Map<string, Uint8Array>): FileSink {
  const chunks: Uint8Array[] = [];
  return {
    write: async (chunk) => void chunks.push(chunk),
    end: async () => void files.set(path, Buffer.concat(chunks)),
  };
}

/**
 * Reads files out of a layer as it streams by, to the layer's end: only there its digest is proved.
 *
 * Memory: the files that `wanted` keeps, within the limits of this layer.
 * @throws ContentError `PAYLOAD_INVALID` when the layer is no (compressed) tar, `TOO_LARGE`; whatever `bytes` throws.
 */
export async function readLayerFiles(
  layer: Pick<Descriptor, 'digest'>,
  bytes: AsyncIterable<Uint8Array>,
  wanted: FileFilter,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let kept = 0;
  const name = `Layer ${layer.digest}`;
  await visitLayer({ name, bytes, code: 'PAYLOAD_INVALID' }, ({ path, kind, size }) => {
    if (kind !== 'file' || !wanted(path, size)) return undefined;
    kept += size;
    checkLimit(`The payload file ${path}`, size, releaseLimits.payloadFile);
    checkLimit('The payload', kept, releaseLimits.payloadFiles);
    return keeper(path, files);
  });
  return files;
}
