import { asObject, type JsonObject, records, textOrEmpty } from '../../base/index.ts';
import type { CatalogBlob, PackageBlobs } from '../model.ts';

/** One step of a channel. */
export interface ChannelEntry {
  readonly name: string;
  /** Empty when it replaces nothing. */
  readonly replaces: string;
  readonly skips: readonly string[];
  /** Empty when it has none. */
  readonly skipRange: string;
}

/** One `olm.channel`. */
export interface ChannelContent {
  readonly name: string;
  readonly entries: readonly ChannelEntry[];
}

/** One `olm.bundle`. */
export interface BundleContent {
  readonly name: string;
  /** The bundle's own image. */
  readonly image: string;
  readonly relatedImages: readonly { readonly name: string; readonly image: string }[];
  readonly properties: readonly BundleProperty[];
}

/** One property of a bundle; its type decides about its value. */
export interface BundleProperty {
  readonly type: string;
  readonly value: unknown;
}

/** An entry of `olm.deprecations`: one package, channel or bundle. */
export interface DeprecationEntry {
  /** `olm.package`, `olm.channel` or `olm.bundle`. */
  readonly schema: string;
  readonly name: string;
  readonly message: string;
}

/** One package as its blobs describe it. */
export interface PackageContent {
  readonly name: string;
  /** One for each `olm.package`; a sound package has one. */
  readonly defaultChannels: readonly string[];
  readonly channels: readonly ChannelContent[];
  readonly bundles: readonly BundleContent[];
  readonly deprecations: readonly DeprecationEntry[];
}

/** The schemas of OLM itself. */
export const ownSchemas: readonly string[] = [
  'olm.package',
  'olm.channel',
  'olm.bundle',
  'olm.deprecations',
];

function readEntry(entry: JsonObject): ChannelEntry {
  const { skips } = entry;
  return {
    name: textOrEmpty(entry['name']),
    replaces: textOrEmpty(entry['replaces']),
    skips: Array.isArray(skips) ? skips.map(textOrEmpty) : [],
    skipRange: textOrEmpty(entry['skipRange']),
  };
}

function readBundle({ name = '', value }: CatalogBlob): BundleContent {
  return {
    name,
    image: textOrEmpty(value['image']),
    relatedImages: records(value['relatedImages']).map((related) => ({
      name: textOrEmpty(related['name']),
      image: textOrEmpty(related['image']),
    })),
    properties: records(value['properties']).map((property) => ({
      type: textOrEmpty(property['type']),
      value: property['value'],
    })),
  };
}

/** Reads one entry of an `olm.deprecations`. */
export function readDeprecation(entry: JsonObject): DeprecationEntry {
  const reference = asObject(entry['reference']);
  return {
    schema: textOrEmpty(reference['schema']),
    name: textOrEmpty(reference['name']),
    message: textOrEmpty(entry['message']),
  };
}

/** Reads the blobs of a package; a value of the wrong type counts as absent. */
export function readPackageContent({ name, blobs }: PackageBlobs): PackageContent {
  const ofSchema = (schema: string) => blobs.filter((blob) => blob.schema === schema);
  return {
    name,
    defaultChannels: ofSchema('olm.package').map(({ value }) =>
      textOrEmpty(value['defaultChannel']),
    ),
    channels: ofSchema('olm.channel').map((channel) => ({
      name: channel.name ?? '',
      entries: records(channel.value['entries']).map(readEntry),
    })),
    bundles: ofSchema('olm.bundle').map(readBundle),
    deprecations: ofSchema('olm.deprecations').flatMap(({ value }) =>
      records(value['entries']).map(readDeprecation),
    ),
  };
}
