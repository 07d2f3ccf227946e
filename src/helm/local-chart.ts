import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { readWithin } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type ChartFiles, readChartArchive } from './archive.ts';
import { readChartDirectory } from './directory.ts';
import { chartLimits } from './limits.ts';

async function existing(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await stat(path).catch(() => undefined)) return path;
  }
  return undefined;
}

/** Reads a values file. @throws ContentError `TOO_LARGE`; the error of the file system */
export async function readValuesFile(path: string): Promise<string> {
  return (await readWithin(path, chartLimits.file, `The values file ${path}`)).toString();
}

/**
 * Reads a chart of this machine: an archive, or a directory.
 *
 * `configuration` is the file that names it: a relative path counts from the current directory, else from that file.
 * @throws ContentError `CHART_INVALID`, `TOO_LARGE`; the error of the file system
 */
export async function readLocalChart(path: string, configuration: string): Promise<ChartFiles> {
  const places = isAbsolute(path) ? [path] : [path, join(dirname(configuration), path)];
  const found = await existing(places);
  if (found === undefined) {
    throw new ContentError('CHART_INVALID', `no such file or directory: ${places.join(', ')}`, {
      hint: 'Correct the path: it counts from the current directory, else from the directory of the configuration.',
    });
  }
  const facts = await stat(found);
  if (facts.isDirectory()) return await readChartDirectory(found);
  if (!facts.isFile()) {
    throw new ContentError('CHART_INVALID', `${found} is neither a file nor a directory`);
  }
  const name = `The chart ${path}`;
  return await readChartArchive(await readWithin(found, chartLimits.archive, name), name);
}
