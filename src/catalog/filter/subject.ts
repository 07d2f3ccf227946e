import { versionOf } from './bundle.ts';
import type { BundleContent, PackageContent } from './content.ts';
import type { FilterError, NamedVersion } from './result.ts';
import { compareVersions, type Version } from './version.ts';
import type { LocatedPackage } from './wish.ts';

/** A package under the filter: its content, its bundles by name, and the wish of the image set. */
export interface Subject {
  readonly content: PackageContent;
  /** The first bundle of each name. */
  readonly bundles: ReadonlyMap<string, BundleContent>;
  /** The version of the last bundle of each name. */
  readonly versions: ReadonlyMap<string, { readonly text: string; readonly version: Version }>;
  /** Absent when the image set names no package. */
  readonly wish: LocatedPackage | undefined;
  readonly full: boolean;
}

/** The beginning of every failure of a filter. */
export const failed = 'failed to filter catalog: ';

/** Looks up a package's bundles and their versions; a bundle without a strict version is an error. */
export function makeSubject(
  content: PackageContent,
  { wish, full }: Pick<Subject, 'wish' | 'full'>,
): { readonly subject: Subject; readonly errors: readonly FilterError[] } {
  const bundles = new Map(content.bundles.toReversed().map((bundle) => [bundle.name, bundle]));
  const versions = new Map<string, { readonly text: string; readonly version: Version }>();
  const errors: FilterError[] = [];
  for (const bundle of content.bundles) {
    const found = versionOf(bundle, content.name);
    if (!('fault' in found)) versions.set(bundle.name, found);
    else {
      const where = { package: content.name, bundle: bundle.name, path: wish?.path ?? [] };
      errors.push({ code: 'bundle-version', message: `${failed}${found.fault}`, ...where });
    }
  }
  return { subject: { content, bundles, versions, wish, full }, errors };
}

/** Gives a bundle with its version as written. */
export function named({ versions }: Pick<Subject, 'versions'>, name: string): NamedVersion {
  return { name, version: versions.get(name)?.text ?? '' };
}

/** Lists the versions of some bundles, ascending, each once. */
export function versionsOf(
  { versions }: Pick<Subject, 'versions'>,
  names: Iterable<string>,
): readonly string[] {
  const found = [...names].flatMap((name) => versions.get(name) ?? []);
  const sorted = found.sort((a, b) => compareVersions(a.version, b.version));
  return [...new Set(sorted.map(({ text }) => text))];
}
