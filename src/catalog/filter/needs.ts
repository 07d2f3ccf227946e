import { type BundleContent, isRecord, textOf } from './content.ts';
import type { BundleNeeds } from './result.ts';

function valuesOf(
  bundle: BundleContent,
  type: string,
): readonly Readonly<Record<string, unknown>>[] {
  return bundle.properties
    .filter((one) => one.type === type)
    .map(({ value }) => value)
    .filter(isRecord);
}

function formatGvk(value: Readonly<Record<string, unknown>>): string {
  return ['group', 'version', 'kind'].map((key) => textOf(value[key])).join('/');
}

/** Lists the packages and the kinds of resource that a bundle cannot do without. */
export function requirementsOf(bundle: BundleContent): BundleNeeds {
  return {
    packages: valuesOf(bundle, 'olm.package.required').map((value) => ({
      name: textOf(value['packageName']),
      range: textOf(value['versionRange']),
    })),
    gvks: valuesOf(bundle, 'olm.gvk.required').map(formatGvk),
  };
}

/** Lists the kinds of resource that a bundle brings, as `<group>/<version>/<kind>`. */
export function provisionsOf(bundle: BundleContent): readonly string[] {
  return valuesOf(bundle, 'olm.gvk').map(formatGvk);
}
