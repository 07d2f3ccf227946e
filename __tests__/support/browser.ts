import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
  return await drive(html, { hash, flags: ['--dump-dom'] });
}

/** Prints a page from disk, and counts the sheets of paper. */
export async function countSheets(html: string): Promise<number> {
  const pdf = join(tempDirectory({}), 'report.pdf');
  await drive(html, { hash: '', flags: [`--print-to-pdf=${pdf}`] });
  return readFileSync(pdf, 'latin1').match(/\/Type *\/Page\b/g)?.length ?? 0;
}

async function drive(
  html: string,
  { hash, flags: wanted }: { readonly hash: string; readonly flags: readonly string[] },
): Promise<string> {
  if (browser === undefined) throw new Error('There is no browser.');
  const directory = tempDirectory({ 'report.html': html });
  const flags = [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    ...['--no-first-run', '--disable-extensions', '--disable-background-networking'],
    ...[`--user-data-dir=${join(directory, 'profile')}`, '--virtual-time-budget=5000'],
  ];
  const url = `${pathToFileURL(join(directory, 'report.html')).href}${hash}`;
  const { stdout } = await run(browser, [...flags, ...wanted, url], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  });
  return stdout;
}
