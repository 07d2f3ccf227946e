import { importsOf, packageOf } from './imports.ts';
import { at, type Rule, type Source } from './source.ts';

/** What a package may be imported as, by the two lists of package.json. */
export interface Declared {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What is bundled is a dependency; tests and scripts may use what development needs too. */
export function importsAreDeclared({ dependencies, devDependencies }: Declared): Rule {
  return (sources) =>
    sources.flatMap((file) => {
      const known = file.path.startsWith('src/')
        ? dependencies
        : { ...dependencies, ...devDependencies };
      return importsOf(file).flatMap(({ node, specifier, path }) => {
        const name = path === undefined ? packageOf(specifier) : undefined;
        return name === undefined || name in known
          ? []
          : [at(file, node, `imports ${name}, which package.json does not name`)];
      });
    });
}

function imported(sources: readonly Source[]): ReadonlySet<string> {
  const specifiers = sources.flatMap(importsOf).map(({ specifier }) => packageOf(specifier));
  return new Set(specifiers.filter((name) => name !== undefined));
}

/** Every dependency is used. */
export function dependenciesAreImported({ dependencies }: Declared): Rule {
  return (sources) => {
    const names = imported(sources.filter(({ path }) => path.startsWith('src/')));
    return Object.keys(dependencies)
      .filter((name) => !names.has(name))
      .map((name) => `nothing imports ${name}`);
  };
}

/** Tells whether a shell would have to find files by `**`: not every shell does, and none has to say so. */
export function hasUnquotedGlob(command: string): boolean {
  return command.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, '').includes('**');
}
