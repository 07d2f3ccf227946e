import { isRecord, type JsonObject, records, textOrEmpty } from '../../base/index.ts';
import { messageOf } from '../../errors.ts';
import { readAs } from '../shape.ts';
import type { BundleContent } from './content.ts';
import type { BundleNeeds, FilteredBundle, RelatedImage } from './result.ts';
import { parseVersion, strictVersionFault, type Version } from './version.ts';

/** The version of a bundle, or the reason why it has none, in oc-mirror's words. */
type BundleVersion =
  | { readonly text: string; readonly version: Version }
  | { readonly fault: string };

const packageProperty = { packageName: 'text', version: 'text', release: 'text' } as const;

function versionText(value: unknown): string | undefined {
  try {
    const fitted = readAs(value, packageProperty);
    return isRecord(fitted) ? textOrEmpty(fitted['version']) : '';
  } catch {
    return undefined;
  }
}

/**
 * Reads the version of a bundle out of its first `olm.package` property; it must be one in the strict sense.
 * @see spec 5.4, 15 (5)
 */
export function versionOf(bundle: BundleContent, packageName: string): BundleVersion {
  const property = bundle.properties.find(({ type }) => type === 'olm.package');
  if (!property) {
    const place = `bundle ${JSON.stringify(bundle.name)} in package ${JSON.stringify(packageName)}`;
    return { fault: `${place} has no package property` };
  }
  const text = versionText(property.value);
  if (text === undefined) return { fault: 'json: cannot unmarshal the package property' };
  const [fault, version] = [strictVersionFault(text), parseVersion(text)];
  if (fault === undefined && version) return { text, version };
  return { fault: fault ?? 'invalid semantic version' };
}

function valuesOf({ properties }: BundleContent, type: string): readonly JsonObject[] {
  return records(properties.filter((one) => one.type === type).map(({ value }) => value));
}

function formatGvk(value: JsonObject): string {
  return ['group', 'version', 'kind'].map((key) => textOrEmpty(value[key])).join('/');
}

/** Lists the packages and the kinds of resource that a bundle requires. */
export function requirementsOf(bundle: BundleContent): BundleNeeds {
  return {
    packages: valuesOf(bundle, 'olm.package.required').map((value) => ({
      name: textOrEmpty(value['packageName']),
      range: textOrEmpty(value['versionRange']),
    })),
    gvks: valuesOf(bundle, 'olm.gvk.required').map(formatGvk),
  };
}

/** Lists the kinds of resource that a bundle provides, as `<group>/<version>/<kind>`. */
export function provisionsOf(bundle: BundleContent): readonly string[] {
  return valuesOf(bundle, 'olm.gvk').map(formatGvk);
}

/** Parses an image's name as configurations are parsed; throws an error in oc-mirror's words. */
export type ImageParser = (image: string) => unknown;

function faultOf(image: string, parse: ImageParser): string | undefined {
  if (image.includes('oci://')) {
    return `invalid image: ${image} 'oci' is not supported in operator catalogs`;
  }
  try {
    parse(image);
    return undefined;
  } catch (cause) {
    return `error parsing image ${image}: ${messageOf(cause)}`;
  }
}

/**
 * Lists the related images of a bundle; its own image only if the bundle lists it.
 *
 * One image that cannot be parsed spoils the whole bundle.
 * @see spec 5.5
 */
export function relatedImagesOf(
  { image: own, relatedImages }: BundleContent,
  parse: ImageParser,
): Pick<FilteredBundle, 'images' | 'unlistedImage' | 'imageError'> {
  const images: RelatedImage[] = [];
  for (const { name, image } of relatedImages) {
    const imageError = faultOf(image, parse);
    if (imageError !== undefined) return { images: [], imageError };
    images.push({ name, image, type: image === own ? 'operatorBundle' : 'operatorRelatedImage' });
  }
  const isListed = own === '' || images.some(({ image }) => image === own);
  return { images, ...(!isListed && { unlistedImage: own }) };
}
