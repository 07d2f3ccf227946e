import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { checkLimit, oneChunk } from '../base/index.ts';
import { readLayerFiles } from '../content/index.ts';
import { chartLimits } from './limits.ts';

/** Files of a chart by their path below its top directory; paths are keys and never become paths of this machine. */
export type ChartFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Reads a chart archive; `name` names it in errors.
 *
 * Shape: tar, plain or compressed, with one top directory. Links and devices are left out, as by Helm.
 * @throws ContentError `CHART_INVALID` when it is no such archive; `TOO_LARGE` past a limit
 */
export async function readChartArchive(bytes: Uint8Array, name: string): Promise<ChartFiles> {
  checkLimit(name, bytes.byteLength, chartLimits.archive);
  let count = 0;
  const files = await readLayerFiles(
    { name, bytes: oneChunk(bytes), code: 'CHART_INVALID' },
    {
      isWanted(path) {
        count += 1;
        checkLimit(name, count, chartLimits.files);
        return path.includes('/');
      },
      what: 'chart',
      limits: { file: chartLimits.file, files: chartLimits.unpacked },
    },
  );
  return new Map([...files].map(([path, file]) => [path.slice(path.indexOf('/') + 1), file]));
}

/** Packs the files of a chart below one top directory: nothing but regular files with clean names. */
export async function packChart(files: ChartFiles): Promise<Uint8Array> {
  const tar = pack();
  for (const [path, bytes] of files) {
    tar.entry({ name: `chart/${path}`, mtime: new Date(0) }, Buffer.from(bytes));
  }
  tar.finalize();
  return gzipSync(await buffer(tar), { level: 1 });
}
