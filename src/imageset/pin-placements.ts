import { createBudget, createOnce } from '../base/index.ts';
import { ConfigError, CopyError, RegistryError } from '../errors.ts';
import { type Descriptor, formatReference } from '../oci/index.ts';
import { grammarFault, layoutTransport } from './image-spec.ts';
import { sourceText } from './mapping.ts';
import type { PinnedPlacement, Placement, Source } from './placement.ts';

/** How sources are resolved. */
export interface PinOptions {
  /** Gives what a source names, by digest where it has one; `undefined` when the registry has no such image. */
  readonly resolve: (source: Source) => Promise<Descriptor | undefined>;
  /** Sources resolved at once. */
  readonly parallel: number;
}

/** A placement whose content cannot be fixed. */
export interface PinFailure {
  readonly placement: Placement;
  /** Side `source`. */
  readonly error: CopyError;
}

function keyOf({ registry, repository, tag, digest }: Source): string {
  return `${registry}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

/** Gives the error of a placement that no registry can have. */
function refusalOf({ source, target, origin }: Placement): ConfigError | undefined {
  if (source.registry === '' && origin.startsWith(layoutTransport)) {
    return new ConfigError('REFERENCE_INVALID', `${source.repository} is no image layout`, {
      hint: 'An oci:// reference names a directory with index.json, oci-layout and blobs.',
    });
  }
  if (source.registry === '') {
    return new ConfigError(
      'NOT_BUILT',
      'only images of registries and of directories (oci://) can be mirrored',
      {
        hint: 'Push the image to a registry and name it there.',
      },
    );
  }
  const fault = grammarFault(source) ?? grammarFault(target);
  return fault === undefined ? undefined : new ConfigError('REFERENCE_INVALID', fault);
}

async function resolveSource(source: Source, { resolve }: PinOptions): Promise<Descriptor> {
  const found = await resolve(source);
  if (found) return found;
  throw new RegistryError(
    'NOT_FOUND',
    `${formatReference(source)} is not there: manifest unknown.`,
    {
      hint: 'Check the name and tag, and that the credentials of the source may see it.',
    },
  );
}

/**
 * Fixes the content of placements: a tag that moves later changes nothing.
 *
 * Each source is resolved once, however many placements share it. A source that cannot be resolved
 * fails only its own placements; no registry is asked for a name that no registry takes.
 */
export async function pinPlacements(
  placements: readonly Placement[],
  options: PinOptions,
): Promise<{ readonly pinned: PinnedPlacement[]; readonly failures: PinFailure[] }> {
  const budget = createBudget(Math.max(1, options.parallel));
  const answers = createOnce<Descriptor>();
  const contentOf = async (placement: Placement): Promise<Descriptor> => {
    const refusal = refusalOf(placement);
    if (refusal) throw refusal;
    const { source } = placement;
    return await answers.run(keyOf(source), () =>
      budget.spend(1, () => resolveSource(source, options)),
    );
  };
  const pinned: PinnedPlacement[] = [];
  const failures: PinFailure[] = [];
  const outcomes = await Promise.allSettled(placements.map(contentOf));
  for (const [index, placement] of placements.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'fulfilled') {
      pinned.push({ ...placement, content: outcome.value });
    } else {
      failures.push({ placement, error: failed(placement, outcome?.reason) });
    }
  }
  return { pinned, failures };
}

function failed(placement: Placement, cause: unknown): CopyError {
  const reference = sourceText(placement);
  return new CopyError({ side: 'source', operation: 'resolve', reference, cause });
}
