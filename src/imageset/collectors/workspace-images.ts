import type { Digest } from '../../oci/index.ts';
import { hexOf } from '../../oci/index.ts';
import type { Repository } from '../../registry/index.ts';
import type { Source } from '../placement.ts';

/** The host of images that lie in no registry; by RFC 2606 no real one can have this name. */
export const workspaceRegistry = 'workspace.invalid';

/** The host of images of directories and of the graph image in an archive, which keeps them by path and tag. */
export const archiveRegistry = 'localhost';

/** Gives the source of an image that the workspace holds. */
export function workspaceSource(digest: Digest): Source & { readonly digest: Digest } {
  return { registry: workspaceRegistry, repository: `images/${hexOf(digest)}`, digest };
}

/**
 * The images of a run that lie in no registry: filtered catalogs, those of `oci://`, and the graph image.
 *
 * They get names of a registry all the same, so that code that reads and copies images sees no difference.
 */
export interface WorkspaceImages {
  /** Makes an image known; gives the source under which `open` finds it. */
  add(digest: Digest, repository: Repository): Source;
  /** Gives the repository of a source's name; `undefined` when this run has none. */
  open(name: string): Repository | undefined;
}

/** Creates the register of one run. */
export function createWorkspaceImages(): WorkspaceImages {
  const images = new Map<string, Repository>();
  return {
    add(digest, repository) {
      const source = workspaceSource(digest);
      images.set(source.repository, repository);
      return source;
    },
    open: (name) => images.get(name),
  };
}
