import { createHash } from 'node:crypto';

/** A catalog that lies in the target. */
export interface CatalogPlace {
  /** Repository path below the target's host. */
  readonly repository: string;
  readonly tag: string;
}

/** The longest name that clusters take, and what is kept of a tag. */
const maxName = 63;
const maxSuffix = 12;

function clean(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
}

function plainName({ repository, tag }: CatalogPlace): string {
  const own = repository.slice(repository.lastIndexOf('/') + 1);
  return `${clean(own)}-${clean(tag.slice(0, maxSuffix)) || '0'}`;
}

function fingerprint({ repository, tag }: CatalogPlace): string {
  return createHash('sha256').update(`${repository}:${tag}`).digest('hex').slice(0, 8);
}

/** What has to be changed so that clusters take a name. */
function fitted(name: string): string {
  return name.slice(0, maxName).replace(/-+$/, '');
}

/**
 * Names the resources of catalogs: `<prefix>-<repository's last part>-<start of the tag>`, as oc-mirror does.
 *
 * Order: by repository and tag, so that names do not depend on the order of catalogs. Where two would have one name, or it
 * would be too long, oc-mirror loses one or fails; here all but the first get a few hex digits of their place.
 * @see oc-mirror v2, CatalogSource
 */
export function nameCatalogs<Place extends CatalogPlace>(
  places: readonly Place[],
  prefix: 'cs' | 'cc',
): ReadonlyMap<string, Place> {
  const key = ({ repository, tag }: CatalogPlace) => `${repository}:${tag}`;
  const named = new Map<string, Place>();
  for (const place of places.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))) {
    const name = fitted(`${prefix}-${plainName(place)}`);
    const isFree = !named.has(name) && `${prefix}-${plainName(place)}`.length <= maxName;
    const unique = `${name.slice(0, maxName - 9).replace(/-+$/, '')}-${fingerprint(place)}`;
    named.set(isFree ? name : unique, place);
  }
  return named;
}
