import { createHash } from 'node:crypto';
import type { Digest } from '../../oci/index.ts';
import type { CatalogWish, ChannelWish, PackageWish } from './wish.ts';

/** An operator entry with all fields that its filter's digest covers. */
export interface DigestedWish extends CatalogWish {
  readonly skipDependencies?: boolean;
  readonly platforms?: readonly { readonly os: string; readonly architecture: string }[];
}

/** As Go omits empty values with `omitempty`. */
function orAbsent<Value>(value: Value | '' | false | undefined): Value | undefined {
  return value || undefined;
}

function channelFields({ name, minVersion, maxVersion }: ChannelWish): object {
  return { name, minVersion: orAbsent(minVersion), maxVersion: orAbsent(maxVersion) };
}

function packageFields(wish: PackageWish): object {
  return {
    name: wish.name,
    channels: wish.channels?.length ? wish.channels.map(channelFields) : undefined,
    defaultChannel: orAbsent(wish.defaultChannel),
    minVersion: orAbsent(wish.minVersion),
    maxVersion: orAbsent(wish.maxVersion),
  };
}

/** Writes JSON as Go does, which also escapes characters for HTML and JavaScript. */
function goJson(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Gives the digest of a filter, the tag under which oc-mirror keeps the rebuilt catalog: 32 hex digits.
 *
 * Shape: the MD5 of the entry's JSON in oc-mirror's order of keys, with `catalogName`, the catalog without transport, tag and
 * digest, and `catalogDigest` for the catalog. The order of packages counts.
 * @see spec 5.2
 */
export function filterDigest(
  wish: DigestedWish,
  catalogName: string,
  catalogDigest: Digest,
): string {
  const { packages, platforms } = wish;
  const text = goJson({
    packages: packages?.map(packageFields) ?? null,
    catalog: `${catalogName}@${catalogDigest}`,
    full: orAbsent(wish.full),
    skipDependencies: orAbsent(wish.skipDependencies),
    platforms: platforms?.length
      ? platforms.map(({ os, architecture }) => ({ os, architecture }))
      : undefined,
  });
  return createHash('md5').update(text).digest('hex');
}
