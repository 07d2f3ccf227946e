import { createHash } from 'node:crypto';
import { compareText } from '../base/index.ts';
import { placeKey, type TargetPlace } from '../imageset/index.ts';

/** The longest name that clusters take, and what is kept of a tag. */
const maxName = 63;
const maxSuffix = 12;

function clean(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
}

function plainName({ repository, tag }: TargetPlace): string {
  const own = repository.slice(repository.lastIndexOf('/') + 1);
  return `${clean(own)}-${clean(tag.slice(0, maxSuffix)) || '0'}`;
}

function fingerprint(place: TargetPlace): string {
  return createHash('sha256').update(placeKey(place)).digest('hex').slice(0, 8);
}

/** Shortens a name to what clusters take. */
function fitted(name: string, most: number): string {
  return name.slice(0, most).replace(/-+$/, '');
}

/**
 * Names the resources of catalogs: `<prefix>-<repository's last part>-<start of the tag>`, as oc-mirror does.
 *
 * Order: by repository and tag, so that names do not depend on the order of catalogs. When two catalogs would share
 * a name, or a name would be too long, oc-mirror loses one or fails; here all but the first get a few hex digits of their place.
 * @see oc-mirror v2, CatalogSource
 */
export function nameCatalogs<Place extends TargetPlace>(
  places: readonly Place[],
  prefix: 'cs' | 'cc',
): ReadonlyMap<string, Place> {
  const named = new Map<string, Place>();
  for (const place of places.toSorted((a, b) => compareText(placeKey(a), placeKey(b)))) {
    const whole = `${prefix}-${plainName(place)}`;
    const name = fitted(whole, maxName);
    const isFree = !named.has(name) && whole.length <= maxName;
    const unique = `${fitted(name, maxName - 9)}-${fingerprint(place)}`;
    named.set(isFree ? name : unique, place);
  }
  return named;
}
