import { isScalar } from 'yaml';
import { parseVersion, type VersionBounds } from '../../catalog/index.ts';
import { replaceInside } from '../../yaml/index.ts';
import type { YamlPath } from '../config.ts';
import type { Meaning } from './meaning.ts';
import type { Mend } from './mend.ts';

type Bound = keyof VersionBounds;

/** Reads the version that a bound of a release channel can only mean: `v4.16.5`, and `4.16` or `4.16.x` as the lowest one. */
function releaseVersion(text: string, bound: Bound): string | undefined {
  const [, full, short] = /^v?(?:(\d+\.\d+\.\d+(?:-.+)?)|(\d+\.\d+)(?:\.[xX*])?)$/.exec(text) ?? [];
  if (full !== undefined) return full;
  return short !== undefined && bound === 'minVersion' ? `${short}.0` : undefined;
}

/** Reads the version out of the name of a bundle: `amqstreams.v2.9.0-0`. */
function bundleVersion(text: string): string | undefined {
  if (parseVersion(text)) return text;
  const version = /^[a-z0-9-]+\.v(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)$/.exec(text)?.[1];
  return version && parseVersion(version) ? version : undefined;
}

function mendBounds(
  meaning: Meaning,
  place: { readonly range: VersionBounds; readonly path: YamlPath },
  read: (text: string, bound: Bound) => string | undefined,
): Mend[] {
  return (['minVersion', 'maxVersion'] as const).flatMap((bound) => {
    const text = place.range[bound];
    const version = text === undefined ? undefined : read(text, bound);
    const node = meaning.nodeAt([...place.path, bound]);
    if (version === undefined || version === text || !isScalar(node) || !node.range) return [];
    const at = node.range[0];
    const reason = `${bound} is now ${version}: "${text}" is no version by itself`;
    return [{ ...replaceInside(meaning.text, node, version), at, reason }];
  });
}

/** Writes bounds as versions where they can only mean one. */
export function mendVersions(meaning: Meaning): Mend[] {
  const { mirror, top } = meaning;
  const releases = (mirror.platform?.channels ?? []).flatMap((range, index) =>
    mendBounds(meaning, { range, path: [top, 'platform', 'channels', index] }, releaseVersion),
  );
  const operators = (mirror.operators ?? []).flatMap(({ packages = [] }, outer) =>
    packages.flatMap((one, index) => {
      const path = [top, 'operators', outer, 'packages', index];
      const channels = (one.channels ?? []).map((range, inner) => ({
        range,
        path: [...path, 'channels', inner],
      }));
      return [{ range: one, path }, ...channels].flatMap((place) =>
        mendBounds(meaning, place, bundleVersion),
      );
    }),
  );
  return [...releases, ...operators];
}
