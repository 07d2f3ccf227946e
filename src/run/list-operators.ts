import {
  formatCatalogs,
  listChannels,
  listPackages,
  listVersions,
  publishedCatalogs,
  type StoredCatalog,
} from '../catalog/index.ts';
import { MirrorError, messageOf, RegistryError, type RegistryErrorCode } from '../errors.ts';
import {
  type CatalogReference,
  createCatalogOpener,
  openKnownCatalog,
  parseCatalogReference,
} from '../imageset/index.ts';
import { parseReference } from '../oci/index.ts';
import { findManifest, type Registries } from '../registry/index.ts';
import { catalogDirectory, openContent, openUpstream } from './session.ts';
import type { Listing, ListOperatorsRequest, Settings } from './types.ts';

type CatalogRequest = Extract<ListOperatorsRequest, { readonly catalog: string }>;
type Failure = Listing['failures'][number];

/** Puts what was being done before the reason; bugs pass. */
function failed(doing: string, thrown: unknown): Failure {
  if (!(thrown instanceof MirrorError)) throw thrown;
  return { message: `${doing}: ${messageOf(thrown)}`, hint: thrown.hint };
}

/** The registry was not reached, or was not itself; one that says no is believed. */
const unreached: ReadonlySet<RegistryErrorCode> = new Set([
  'UNREACHABLE',
  'TIMEOUT',
  'TOO_MANY_REQUESTS',
  'UNEXPECTED_STATUS',
]);

/** What the workspace has of a catalog is better than nothing where its registry cannot be asked. */
async function openWithoutRegistry(
  reference: CatalogReference,
  thrown: unknown,
  settings: Settings,
): Promise<StoredCatalog> {
  if (!(thrown instanceof RegistryError) || !unreached.has(thrown.code)) throw thrown;
  const options = { directory: catalogDirectory(settings), log: settings.log };
  const known = await openKnownCatalog(reference, options);
  if (!known) throw thrown;
  const { reference: text } = reference.spec;
  settings.log.log(
    'warn',
    `${text} cannot be asked for, so it is listed as the workspace has it (${known.digest}): ${messageOf(thrown)}`,
  );
  return known.catalog;
}

async function openForList(
  text: string,
  registries: Registries,
  settings: Settings,
): Promise<StoredCatalog> {
  const reference = parseCatalogReference({ catalog: text });
  const directory = catalogDirectory(settings);
  const { log } = settings;
  const open = createCatalogOpener({ registries, cache: openContent(settings), directory, log });
  try {
    return (await open(reference)).catalog;
  } catch (thrown) {
    return await openWithoutRegistry(reference, thrown, settings);
  }
}

async function listOffers(catalog: StoredCatalog, request: CatalogRequest): Promise<Listing> {
  const { package: name, channel } = request;
  if (name !== undefined) {
    const lines =
      channel === undefined
        ? await listChannels(catalog, name)
        : await listVersions(catalog, name, channel);
    return { lines, failures: [] };
  }
  const { lines, unreadable } = await listPackages(catalog);
  return { lines, failures: unreadable.map(({ message, hint }) => ({ message, hint })) };
}

async function listCatalog(
  request: CatalogRequest,
  registries: Registries,
  settings: Settings,
): Promise<Listing> {
  let catalog: StoredCatalog;
  try {
    catalog = await openForList(request.catalog, registries, settings);
  } catch (thrown) {
    return { lines: [], failures: [failed('failed to load catalog', thrown)] };
  }
  return await listOffers(catalog, request);
}

async function isPublished(text: string, registries: Registries): Promise<boolean> {
  const { registry, repository, tag = '' } = parseReference(text);
  return (await findManifest(registries.repository(registry, repository), tag)) !== undefined;
}

async function listPublished(version: string, registries: Registries): Promise<Listing> {
  const asked = await Promise.all(
    publishedCatalogs(version).map(async (reference) => {
      try {
        return { reference, exists: await isPublished(reference, registries) };
      } catch (thrown) {
        return failed(`failed to check catalog "${reference}" versions`, thrown);
      }
    }),
  );
  const answered = asked.flatMap((one) => ('exists' in one ? [one] : []));
  return {
    lines: formatCatalogs(version, answered),
    failures: asked.flatMap((one) => ('message' in one ? [one] : [])),
  };
}

/**
 * Lists what an operator catalog offers, or which catalogs are published for a version of OpenShift.
 *
 * A tag is asked for with one request; a catalog that lies in the workspace is not downloaded again, and is listed with a
 * warning where its registry cannot be asked.
 * @throws ConfigError `INPUT_INVALID` for a package or channel that the catalog does not have, with the nearest names
 * @see oc-mirror v2, `list operators`
 */
export async function listOperators(
  settings: Settings,
  request: ListOperatorsRequest,
): Promise<Listing> {
  // Open to the end: a catalog that shows itself to be damaged is unpacked again while it is read.
  const registries = await openUpstream(settings);
  try {
    return 'version' in request
      ? await listPublished(request.version, registries)
      : await listCatalog(request, registries, settings);
  } finally {
    await registries.close();
  }
}
