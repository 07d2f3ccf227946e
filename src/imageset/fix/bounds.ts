import { isMap, isScalar } from 'yaml';
import { parseVersion, type VersionBounds } from '../../catalog/index.ts';
import type { ReleaseChannel } from '../../release/index.ts';
import { isNeededElsewhere, removeEntry, replaceInside } from '../../yaml/index.ts';
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

/** Deletes `maxVersion: 4.16.x` of `stable-4.16`: with a lower bound the newest release of the channel is the upper one. */
function dropOpenEnd(meaning: Meaning, range: ReleaseChannel, path: YamlPath): Mend[] {
  const { name, minVersion, maxVersion = '' } = range;
  const map = meaning.nodeAt(path);
  const [, minor] = /^v?(\d+\.\d+)\.[xX*]$/.exec(maxVersion) ?? [];
  const isWhole = minor !== undefined && minVersion !== undefined && name.endsWith(`-${minor}`);
  if (!isWhole || !isMap(map)) return [];
  const index = map.items.findIndex(
    ({ key }) => isScalar(key) && String(key.value).toLowerCase() === 'maxversion',
  );
  const node = meaning.nodeAt([...path, 'maxVersion']);
  const splice = removeEntry(meaning.text, map, index);
  if (!splice || !node || isNeededElsewhere(meaning.document, node)) return [];
  const reason = `maxVersion ${maxVersion} is deleted: the newest ${minor} is the end of the channel`;
  return [{ ...splice, at: node.range?.[0] ?? 0, reason }];
}

/** Writes bounds as versions where they can only mean one. */
export function mendVersions(meaning: Meaning): Mend[] {
  const { mirror, top } = meaning;
  const releases = (mirror.platform?.channels ?? []).flatMap((range, index) => {
    const path = [top, 'platform', 'channels', index];
    const mends = mendBounds(meaning, { range, path }, releaseVersion);
    // Two changes next to each other are made one after the other.
    return mends.length > 0 ? mends : dropOpenEnd(meaning, range, path);
  });
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
