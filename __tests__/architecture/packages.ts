import { importsOf, packageOf } from './imports.ts';
import { at, type Rule, type Source } from './source.ts';

/** The packages that package.json names. */
export interface Declared {
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Packages that only development needs; no bundle holds them. */
const tools = new Set([
  ...[
    '@biomejs/biome',
    '@vercel/ncc',
    'ajv',
    'axe-core',
    'fast-check',
    'node',
    'typescript',
    'vitest',
  ],
]);

function isBundled(name: string): boolean {
  return !tools.has(name) && !name.startsWith('@types/');
}

/** Sources import what is bundled; tests and scripts may use the tools of development too. */
export function importsAreDeclared({ devDependencies }: Declared): Rule {
  return (sources) =>
    sources.flatMap((file) =>
      importsOf(file).flatMap(({ node, specifier, path }) => {
        const name = path === undefined ? packageOf(specifier) : undefined;
        const isKnown =
          name === undefined ||
          (name in devDependencies && (isBundled(name) || !file.path.startsWith('src/')));
        return isKnown
          ? []
          : [
              at(
                file,
                node,
                `imports ${name}, which package.json does not name, or as a tool only`,
              ),
            ];
      }),
    );
}

function imported(sources: readonly Source[]): ReadonlySet<string> {
  const specifiers = sources.flatMap(importsOf).map(({ specifier }) => packageOf(specifier));
  return new Set(specifiers.filter((name) => name !== undefined));
}

/** Every package that is no tool is used by the sources. */
export function dependenciesAreImported({ devDependencies }: Declared): Rule {
  return (sources) => {
    const names = imported(sources.filter(({ path }) => path.startsWith('src/')));
    return Object.keys(devDependencies)
      .filter((name) => isBundled(name) && !names.has(name))
      .map((name) => `nothing imports ${name}`);
  };
}

/** Tells whether a shell would have to find files by `**`: not every shell does, and none has to say so. */
export function hasUnquotedGlob(command: string): boolean {
  return command.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, '').includes('**');
}
