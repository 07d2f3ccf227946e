// Writes dist/: the bundle of the action and that of the command line, each with the licences of what is in it.
//
// The same sources and lock file give the same bytes, in any directory. Types are removed here and checked elsewhere
// (`npm run types`). Comments are removed too; they stand in the sources. Nothing is minified, so that a bundle can be reviewed.
// Code that is imported lazily stays a file of its own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chdir, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { starterFor } from './starter.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);
const ncc = require('@vercel/ncc');

const bundles = [
  { entry: 'index.js', door: 'action', directory: 'dist', mode: 0o644, refused: [] },
  {
    entry: 'cli.js',
    door: 'commandLine',
    directory: 'dist/cli',
    mode: 0o755,
    refused: ['@actions/'],
  },
];

function removeTypes() {
  rmSync('build', { recursive: true, force: true });
  const flags = ['--noCheck', '--removeComments', '--sourceMap', 'false', '--newLine', 'lf'];
  execFileSync(execPath, [require.resolve('typescript/bin/tsc'), ...flags], { stdio: 'inherit' });
}

/** Gives the files that a module was made of; a concatenated one has several. */
function filesOf(module) {
  if (module.modules) return Array.from(module.modules).flatMap(filesOf);
  return module.resource ? [module.resource] : [];
}

/** Gives the directory of each package that is in a bundle. */
function packagesIn(stats) {
  const files = Array.from(stats.compilation.modules).flatMap(filesOf);
  const directories = files.flatMap(
    (file) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file) ?? [],
  );
  return [...new Set(directories)];
}

function licenceOf(directory) {
  const { name, version, license } = JSON.parse(
    readFileSync(join(directory, 'package.json'), 'utf8'),
  );
  const texts = readdirSync(directory)
    .filter((file) => /^(?:licen[cs]e|copying|notice)(?![a-z])/i.test(file))
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').trim());
  return { name, text: [`${name} ${version}`, license, ...texts].join('\n\n') };
}

function formatLicences(directories) {
  const texts = directories.map((directory) => licenceOf(directory).text);
  return `${[...new Set(texts)].sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function refuse({ directory, refused }, packages) {
  const names = packages.map((path) => licenceOf(path).name);
  const wrong = names.filter((name) => refused.some((prefix) => name.startsWith(prefix)));
  if (wrong.length > 0) throw new Error(`${directory} must not contain ${wrong.join(', ')}.`);
}

/** Gives the files of one bundle by their names. */
async function bundle(one) {
  const options = { cache: false, quiet: true, target: 'es2022' };
  const { code, assets, stats } = await ncc(join(root, 'build', one.entry), options);
  const packages = packagesIn(stats);
  refuse(one, packages);
  const chunks = Object.entries(assets).map(([name, { source }]) => [name, String(source)]);
  return {
    ...Object.fromEntries(chunks),
    'main.js': code,
    'index.js': starterFor(one.door),
    'licenses.txt': formatLicences(packages),
  };
}

function write({ directory, mode }, files) {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const options = name === 'index.js' ? { mode } : {};
    writeFileSync(join(directory, name), text.replaceAll('\r\n', '\n'), options);
  }
}

// Webpack numbers its modules by their paths from here.
chdir(root);
removeTypes();
const made = [];
for (const one of bundles) made.push([one, await bundle(one)]);
rmSync('dist', { recursive: true, force: true });
for (const [one, files] of made) write(one, files);
