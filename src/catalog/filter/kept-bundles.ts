import { compareText } from '../../base/index.ts';
import type { BundleContent } from './content.ts';
import { provisionsOf, requirementsOf } from './needs.ts';
import { type ImageParser, relatedImagesOf } from './related-images.ts';
import type { FilteredBundle, FilteredChannel } from './result.ts';
import { named, type Subject } from './subject.ts';

/** What to describe bundles with. */
export interface BundleSetting {
  readonly subject: Pick<Subject, 'content' | 'versions'>;
  /** The channels of the rebuilt catalog. */
  readonly channels: readonly FilteredChannel[];
  readonly parseImage: ImageParser;
}

/** Gives the message with which a package, channel or bundle is deprecated; `{}` when it is not. */
export function deprecationOf(
  { content }: Pick<Subject, 'content'>,
  schema: string,
  name: string,
): { readonly deprecated?: string } {
  const found = content.deprecations.find((one) => one.schema === schema && one.name === name);
  return found ? { deprecated: found.message } : {};
}

/** Tells for every entry which channels have it. */
function channelsByEntry(channels: readonly FilteredChannel[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, entries } of channels) {
    for (const entry of new Set(entries)) found.set(entry, [...(found.get(entry) ?? []), name]);
  }
  return found;
}

/** Describes bundles that are kept, by name. */
export function describeBundles(
  bundles: readonly BundleContent[],
  { subject, channels, parseImage }: BundleSetting,
): readonly FilteredBundle[] {
  const homes = channelsByEntry(channels);
  const described = bundles.map((bundle) => {
    const related = relatedImagesOf(bundle, parseImage);
    return {
      ...named(subject, bundle.name),
      ...('error' in related ? { images: [], imageError: related.error } : related),
      channels: homes.get(bundle.name) ?? [],
      requires: requirementsOf(bundle),
      provides: provisionsOf(bundle),
      ...deprecationOf(subject, 'olm.bundle', bundle.name),
    };
  });
  return described.sort((a, b) => compareText(a.name, b.name));
}
