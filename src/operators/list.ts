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
  type CatalogOpenerOptions,
  type CatalogReference,
  createCatalogOpener,
  openKnownCatalog,
  parseCatalogReference,
} from '../imageset/index.ts';
import { parseReference } from '../oci/index.ts';
import { findManifest, type Registries } from '../registry/index.ts';

/** A list to print. */
export interface Listing {
  /** Lines for the screen; present even with failures. */
  readonly lines: readonly string[];
  /** Failed parts of the list, in oc-mirror's words if it has the same. */
  readonly failures: readonly { readonly message: string; readonly hint?: string | undefined }[];
}

/** Chooses a list of operators: of a catalog, a package or a channel, or of the published catalogs of a version. */
export type ListOperatorsRequest =
  | { readonly catalog: string; readonly package?: string; readonly channel?: string }
  | { readonly version: string };

type CatalogRequest = Extract<ListOperatorsRequest, { readonly catalog: string }>;
type Failure = Listing['failures'][number];

/** `doing` stands before the reason; bugs pass. */
function failed(doing: string, thrown: unknown): Failure {
  if (!(thrown instanceof MirrorError)) throw thrown;
  return { message: `${doing}: ${messageOf(thrown)}`, hint: thrown.hint };
}

/** Errors of a registry that gave no proper answer; a refusal is a proper answer. */
const unreached: ReadonlySet<RegistryErrorCode> = new Set([
  'UNREACHABLE',
  'TIMEOUT',
  'TOO_MANY_REQUESTS',
  'UNEXPECTED_STATUS',
]);

/** If the registry of a catalog does not answer, the workspace may still have the catalog. */
async function openWithoutRegistry(
  reference: CatalogReference,
  thrown: unknown,
  { directory, log }: CatalogOpenerOptions,
): Promise<StoredCatalog> {
  if (!(thrown instanceof RegistryError) || !unreached.has(thrown.code)) throw thrown;
  const known = await openKnownCatalog(reference, { directory, log });
  if (!known) throw thrown;
  const { reference: text } = reference.spec;
  log.log(
    'warn',
    `${text} cannot be asked for, so it is listed as the workspace has it (${known.digest}): ${messageOf(thrown)}`,
  );
  return known.catalog;
}

async function openForList(text: string, options: CatalogOpenerOptions): Promise<StoredCatalog> {
  const reference = parseCatalogReference({ catalog: text });
  try {
    return (await createCatalogOpener(options)(reference)).catalog;
  } catch (thrown) {
    return await openWithoutRegistry(reference, thrown, options);
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
  options: CatalogOpenerOptions,
): Promise<Listing> {
  let catalog: StoredCatalog;
  try {
    catalog = await openForList(request.catalog, options);
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
 * Lists the offers of an operator catalog, or the published catalogs for a version of OpenShift.
 *
 * A tag costs one request. A catalog in the workspace is not downloaded again; if its registry does not answer, it is listed
 * with a warning.
 * @throws ConfigError `INPUT_INVALID` for an unknown package or channel, with the nearest names
 * @see oc-mirror v2, `list operators`
 */
export async function listCatalogs(
  request: ListOperatorsRequest,
  options: CatalogOpenerOptions,
): Promise<Listing> {
  return 'version' in request
    ? await listPublished(request.version, options.registries)
    : await listCatalog(request, options);
}
