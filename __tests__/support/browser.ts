import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { tempDirectory } from './temp-directory.ts';

const run = promisify(execFile);

/** A browser on the path that can be driven without a screen, if there is one. */
export const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

/** Opens a page from disk at some hash, and gives its document once its script is done. */
export async function openPage(html: string, hash = ''): Promise<string> {
  if (browser === undefined) throw new Error('There is no browser.');
  const directory = tempDirectory({ 'report.html': html });
  const flags = [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    ...['--no-first-run', '--disable-extensions', '--disable-background-networking'],
    ...[`--user-data-dir=${join(directory, 'profile')}`, '--virtual-time-budget=5000'],
  ];
  const url = `${pathToFileURL(join(directory, 'report.html')).href}${hash}`;
  const { stdout } = await run(browser, [...flags, '--dump-dom', url], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  });
  return stdout;
}
