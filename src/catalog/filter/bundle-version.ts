import { readAs } from '../shape.ts';
import { type BundleContent, isRecord, textOf } from './content.ts';
import { parseVersion, strictVersionFault, type Version } from './version.ts';

/** The version of a bundle, or why it has none, in oc-mirror's words. */
export type BundleVersion =
  | { readonly text: string; readonly version: Version }
  | { readonly fault: string };

const packageProperty = { packageName: 'text', version: 'text', release: 'text' } as const;

function versionText(value: unknown): string | undefined {
  try {
    const fitted = readAs(value, packageProperty);
    return isRecord(fitted) ? textOf(fitted['version']) : '';
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
