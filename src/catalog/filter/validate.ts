import { type Bounds, parseRange, rangeText } from './range.ts';
import type { FilterError } from './result.ts';
import { type CatalogWish, type LocatedPackage, locateEntries } from './wish.ts';

function rangeFault(bounds: Bounds): string | undefined {
  if (parseRange(bounds)) return undefined;
  const text = JSON.stringify(rangeText(bounds));
  return `versionRange is not in valid semantic versionning format: improper constraint: ${text}`;
}

function* faultsOf(
  wish: LocatedPackage,
  index: number,
): Generator<Pick<FilterError, 'message' | 'path'>> {
  const invalid = `package ${JSON.stringify(wish.name)} at index [${index}] is invalid: `;
  if (wish.name === '') yield { message: `${invalid}name must be specified`, path: wish.path };
  const fault = rangeFault(wish);
  if (fault) yield { message: `${invalid}${fault}`, path: wish.path };
  for (const [inner, channel] of wish.channels.entries()) {
    const { name, path } = channel;
    const inChannel = `${invalid}channel ${JSON.stringify(name)} at index [${inner}] is invalid: `;
    if (name === '') yield { message: `${inChannel}name must be specified`, path };
    if (rangeText(channel) && rangeText(wish)) {
      const both = `package specifies a VersionRange, while channel ${JSON.stringify(name)} at index [${inner}] equally specifies one`;
      yield {
        message: `${invalid}${both}: package.VersionRange and channel.VersionRange are exclusive`,
        path,
      };
    }
    const wrong = rangeFault(channel);
    if (wrong) yield { message: `${inChannel}${wrong}`, path };
  }
}

/** Finds what oc-mirror's filter refuses before it looks at a catalog; every entry of a package that is listed twice counts. */
export function validateWish(wish: CatalogWish): readonly FilterError[] {
  return locateEntries(wish).flatMap((one, index) =>
    [...faultsOf(one, index)].map(({ message, path }) => ({
      code: 'filter-invalid',
      message: `failed to validate catalog filter: ${message}`,
      path,
      package: one.name,
    })),
  );
}
