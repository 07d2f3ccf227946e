import { createOnce } from '../../base/index.ts';
import {
  openCatalog,
  openReferenceNotes,
  type ReferenceNotes,
  readCatalogImage,
  type StoredCatalog,
} from '../../catalog/index.ts';
import type { ByteCache } from '../../content/index.ts';
import { ContentError, RegistryError } from '../../errors.ts';
import { openLayout, type WholeImage } from '../../image/index.ts';
import type { Logger } from '../../log.ts';
import type { Digest } from '../../oci/index.ts';
import { findManifest, type Registries, type Repository } from '../../registry/index.ts';
import { pullSource } from '../image-spec.ts';
import type { Source } from '../placement.ts';
import { type CatalogReference, pulledName } from './catalog-reference.ts';
import { archiveRegistry } from './workspace-images.ts';

/** The means to read catalogs. */
export interface CatalogOpenerOptions {
  readonly registries: Registries;
  /** Keeps manifests and image configurations. */
  readonly cache: ByteCache;
  /** Catalogs are unpacked into it. */
  readonly directory: string;
  readonly log: Logger;
  /** `archive`: it has the catalogs of `oci://` too, under the path of their mirror. */
  readonly sources?: 'archive' | undefined;
}

/** A catalog that can be read. */
export interface OpenedCatalog {
  readonly digest: Digest;
  readonly image: WholeImage;
  readonly catalog: StoredCatalog;
  /** The repository of the image. */
  readonly repository: Repository;
}

interface Located {
  readonly digest: Digest;
  readonly repository: Repository;
}

/** Gives the place that a catalog is pulled from. */
function sourceOf({ spec, isLayout, repository, tag = '' }: CatalogReference): Source {
  return isLayout ? { registry: archiveRegistry, repository, tag } : pullSource(spec);
}

async function locate(
  reference: CatalogReference,
  { registries, sources }: CatalogOpenerOptions,
  notes: ReferenceNotes,
): Promise<Located> {
  const { spec, isLayout } = reference;
  if (isLayout && sources !== 'archive') {
    const { root, repository } = await openLayout(spec.path);
    return { digest: root.descriptor.digest, repository };
  }
  const { registry, repository: name, tag = '', digest } = sourceOf(reference);
  const repository = registries.repository(registry, name);
  if (digest) return { digest, repository };
  const found = await findManifest(repository, tag);
  if (found && !isLayout) {
    await notes.remember(pulledName(reference), found.digest);
  }
  if (found) return { digest: found.digest, repository };
  if (sources === 'archive') {
    throw new ContentError(
      'ARCHIVE_INCOMPLETE',
      `The archive has no catalog ${registry}/${name}:${tag}, and neither has the cache`,
      {
        hint: 'Load the archives before this one first, or check the name and tag of the catalog.',
      },
    );
  }
  throw new RegistryError('NOT_FOUND', `${registry}/${name} has no tag ${tag}`, {
    hint: 'Check the name and tag of the catalog, and that the credentials of the source may see it.',
  });
}

/**
 * Creates what opens catalogs: a tag is asked for once, so that all image sets of a run see the same catalog, and a digest
 * is unpacked once. The workspace notes the digest behind each tag, for commands that ask no registry.
 */
export function createCatalogOpener(
  options: CatalogOpenerOptions,
): (reference: CatalogReference) => Promise<OpenedCatalog> {
  const { cache, directory, log } = options;
  const notes = openReferenceNotes(options);
  const locations = createOnce<Located>();
  const catalogs = createOnce<OpenedCatalog>();
  return async (reference) => {
    const { transport, reference: text } = reference.spec;
    const { digest, repository } = await locations.run(transport + text, () =>
      locate(reference, options, notes),
    );
    return await catalogs.run(digest, async () => {
      log.log('debug', `Reading the catalog ${text} (${digest}).`);
      const source = { repository, cache };
      const absent = options.sources === 'archive' ? 'skipped' : undefined;
      const image = await readCatalogImage(digest, source, absent);
      const catalog = await openCatalog(image, source, { directory, log });
      log.event?.({ kind: 'catalog-collected', origin: text });
      return { digest, image, catalog, repository };
    });
  };
}
