import { type BundleContent, isRecord } from './content.ts';
import { parseVersion, strictVersionFault, type Version } from './version.ts';

/** The version of a bundle, or why it has none, in oc-mirror's words. */
export type BundleVersion =
  | { readonly text: string; readonly version: Version }
  | { readonly fault: string };

function versionText(value: unknown): string | undefined {
  if (value === null) return '';
  const version = isRecord(value) ? (value['version'] ?? '') : undefined;
  return typeof version === 'string' ? version : undefined;
}

/**
 * Reads the version of a bundle out of its first `olm.package` property; it must be one in the strict sense.
 * @see spec 5.4, 15 (5)
 */
export function versionOf(bundle: BundleContent, packageName: string): BundleVersion {
  const property = bundle.properties.find(({ type }) => type === 'olm.package');
  if (!property) {
    const [name, owner] = [bundle.name, packageName].map((one) => JSON.stringify(one));
    return { fault: `bundle ${name} in package ${owner} has no package property` };
  }
  const text = versionText(property.value);
  if (text === undefined) return { fault: 'json: cannot unmarshal the package property' };
  const fault = strictVersionFault(text);
  const version = parseVersion(text);
  return fault === undefined && version
    ? { text, version }
    : { fault: fault ?? 'invalid semantic version' };
}
