import { RegistryError } from '../errors.ts';
import type { Digest } from '../oci/index.ts';
import type { Host } from './host.ts';

/** A repository at one host. */
export interface Place {
  readonly host: Host;
  /** The path below `/v2/`. */
  readonly name: string;
  /** A denied read means that there is no such repository; see `RepositoryOptions`. */
  readonly denial?: 'absence';
}

/** Where one repository is read and written. */
export interface Places {
  /** The registry itself; all writes go here. */
  readonly origin: Place;
  /** Where content may be read, in order of preference, the origin or its replacement last. */
  toRead(by: 'digest' | 'tag'): readonly Place[];
}

/** Tells whether a reference is a digest; a tag has no colon. */
export function isByDigest(reference: Digest | string): reference is Digest {
  return reference.includes(':');
}

/** Reads from a place; gives `undefined` where it is denied and that means absence. */
export async function readFrom<T>(
  place: Place,
  read: (place: Place) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read(place);
  } catch (error) {
    if (place.denial === 'absence' && (await place.host.mayBeAbsent(place.name, error))) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Reads from the first place that has what is asked for.
 *
 * Order: a place that has nothing, or fails at the registry, passes the question on; the last place's failure counts.
 * Effects: a stand-in that could not be reached is not asked again in this run.
 */
export async function readFirst<T>(
  places: readonly Place[],
  read: (place: Place) => Promise<T | undefined>,
): Promise<T | undefined> {
  const last = places.at(-1);
  for (const place of places) {
    if (place !== last && place.host.quirks.isDown) continue;
    try {
      const found = await readFrom(place, read);
      if (found !== undefined) return found;
    } catch (error) {
      if (place === last || !(error instanceof RegistryError)) throw error;
      const isDown = error.status === undefined;
      if (isDown) place.host.quirks.isDown = true;
    }
  }
  return undefined;
}

/** Tags that are tied to a digest: those of cosign, and those of lists of referrers. */
const tiedTag = /^sha(?:256|512)-[0-9a-f]{64,128}(?:\.(?:sig|att|sbom))?$/;

/** Tells whether a tag is tied to a digest: it is read where the digest is read, as container runtimes do. */
export function isTied(reference: Digest | string): boolean {
  return tiedTag.test(reference);
}

/**
 * Reads content that is tied to a digest.
 *
 * A disconnected network has the stand-in alone. A stand-in may lack the content, and says so. Where the place behind it then
 * cannot be reached, there is none.
 */
export async function readTied<T>(
  places: readonly Place[],
  read: (place: Place) => Promise<T | undefined>,
): Promise<T | undefined> {
  let isAnswered = false;
  const noting = async (place: Place): Promise<T | undefined> => {
    const found = await read(place);
    isAnswered = true;
    return found;
  };
  try {
    return await readFirst(places, noting);
  } catch (error) {
    const isUnreached = error instanceof RegistryError && error.status === undefined;
    if (isAnswered && isUnreached) return undefined;
    throw error;
  }
}
