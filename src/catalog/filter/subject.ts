import { versionOf } from './bundle-version.ts';
import type { BundleContent, PackageContent } from './content.ts';
import type { FilterError, NamedVersion } from './result.ts';
import { compareVersions, type Version } from './version.ts';
import type { LocatedPackage, WishPath } from './wish.ts';

/** A package under the filter: what it has, looked up by name, and what is asked of it. */
export interface Subject {
  readonly content: PackageContent;
  /** Of several bundles of one name the first. */
  readonly bundles: ReadonlyMap<string, BundleContent>;
  /** Of several bundles of one name the last one's. */
  readonly versions: ReadonlyMap<string, { readonly text: string; readonly version: Version }>;
  /** Absent when no package is asked for by name. */
  readonly wish: LocatedPackage | undefined;
  readonly full: boolean;
}

/** How every failure of a filter begins. */
export const failed = 'failed to filter catalog: ';

function versionError(
  content: PackageContent,
  bundle: string,
  path: WishPath,
): Omit<FilterError, 'message'> {
  return { code: 'bundle-version', package: content.name, bundle, path };
}

/** Looks up a package's bundles and their versions; every bundle without a strict version is an error. */
export function makeSubject(
  content: PackageContent,
  { wish, full }: Pick<Subject, 'wish' | 'full'>,
): { readonly subject: Subject; readonly errors: readonly FilterError[] } {
  const bundles = new Map<string, BundleContent>();
  const versions = new Map<string, { readonly text: string; readonly version: Version }>();
  const errors: FilterError[] = [];
  for (const bundle of content.bundles) {
    const found = versionOf(bundle, content.name);
    if ('fault' in found) {
      const facts = versionError(content, bundle.name, wish?.path ?? []);
      errors.push({ ...facts, message: `${failed}${found.fault}` });
    } else versions.set(bundle.name, found);
    if (!bundles.has(bundle.name)) bundles.set(bundle.name, bundle);
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
  bundles: readonly { readonly name: string }[],
): readonly string[] {
  const found = bundles.flatMap(({ name }) => versions.get(name) ?? []);
  const sorted = found.sort((a, b) => compareVersions(a.version, b.version));
  return [...new Set(sorted.map(({ text }) => text))];
}
