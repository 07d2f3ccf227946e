import {
  type Advice,
  adviseFilter,
  type FilteredCatalog,
  hasRelatedImages,
  imageFailures,
} from '../../catalog/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ConfigError, messageOf } from '../../errors.ts';
import { type CollectionFailure, collectionFailure, withHint } from '../collector.ts';
import { type ImageSet, type OperatorCatalog, platformFault, type YamlPath } from '../config.ts';
import { causeAt } from '../entries.ts';
import { type CatalogReference, readCatalogReference } from './catalog-reference.ts';

/** One operator entry of an image set. */
export interface OperatorEntry {
  readonly imageSet: ImageSet;
  readonly index: number;
  readonly catalog: OperatorCatalog;
}

/** Places a piece of advice in the file. */
export function placeAdvice(advice: Advice, { imageSet, index }: OperatorEntry): Diagnostic {
  const { path, ...said } = advice;
  return { ...said, at: causeAt(imageSet, 'operators', index, ...path).at };
}

/** The step at which a catalog failed, in oc-mirror's words. */
type Step = 'parse' | 'collect';

/** Gives the failure of a catalog of which nothing is known. */
export function catalogFailure(
  thrown: unknown,
  step: Step,
  { imageSet, index, catalog }: OperatorEntry,
): CollectionFailure {
  const reason = messageOf(thrown);
  const invalid = step === 'parse';
  const finding = {
    code: invalid ? 'invalid-catalog' : 'catalog-unreadable',
    summary: invalid ? 'This is not a catalog that can be mirrored.' : 'A catalog cannot be read.',
    detail: withHint(reason, thrown),
    text: catalog.catalog,
    at: causeAt(imageSet, 'operators', index, 'catalog').at,
  };
  const message = `${step} catalog "${catalog.catalog}": ${reason}`;
  return collectionFailure({ kind: 'operator', message, cause: thrown }, finding);
}

interface Reason {
  readonly message: string;
  readonly path: YamlPath;
  readonly cause?: unknown;
  /** The one thing that is wrong, as a result of its own. */
  readonly alone: FilteredCatalog;
}

function reasonsOf(filtered: FilteredCatalog): readonly Reason[] {
  const { packages } = filtered;
  const errors = filtered.errors.map((error) => ({
    ...error,
    alone: {
      ...filtered,
      errors: [error],
      findings: filtered.findings.filter(
        (one) => one.code === 'unknown-channel' && one.package === error.package,
      ),
    },
  }));
  const images = imageFailures(filtered).map((failure) => ({
    message: failure.message,
    path: failure.path,
    alone: {
      ...filtered,
      errors: [],
      findings: [],
      packages: packages
        .filter(({ name }) => name === failure.package)
        .map((one) => ({
          ...one,
          bundles: one.bundles.filter(({ name }) => name === failure.bundle),
        })),
    },
  }));
  return [...errors, ...images];
}

function nothingFound(filtered: FilteredCatalog, entry: OperatorEntry): CollectionFailure {
  const plain = catalogFailure(new Error('no related images found'), 'collect', entry);
  const said = adviseFilter(filtered).find(
    ({ code }) => code === 'operator-nothing-kept' || code.startsWith('operator-unknown-'),
  );
  return said ? { ...plain, diagnostic: placeAdvice(said, entry) } : plain;
}

/** Gives everything that keeps a filtered catalog from being mirrored, each at its line. */
function failuresOfFilter(
  filtered: FilteredCatalog,
  entry: OperatorEntry,
): readonly CollectionFailure[] {
  const failures = reasonsOf(filtered).map(({ message, cause, alone }): CollectionFailure => {
    const plain = catalogFailure(new Error(message), 'collect', entry);
    const [advice] = adviseFilter(alone);
    const diagnostic = advice ? placeAdvice(advice, entry) : plain.diagnostic;
    return { ...plain, diagnostic, cause };
  });
  return failures.length > 0 || hasRelatedImages(filtered)
    ? failures
    : [nothingFound(filtered, entry)];
}

/** Gives the operator entries of an image set, in their order. */
export function operatorEntries(imageSet: ImageSet): readonly OperatorEntry[] {
  const { operators = [] } = imageSet.mirror;
  return operators.map((catalog, index) => ({ imageSet, index, catalog }));
}

/** Reads which catalog an entry names, or gives the failure of one that cannot be read. */
export function readEntry(entry: OperatorEntry): CatalogReference | CollectionFailure {
  const fault = platformFault(entry.catalog.platforms);
  const reference =
    fault === undefined
      ? readCatalogReference(entry.catalog)
      : new ConfigError('CONFIG_INVALID', fault);
  return reference instanceof ConfigError ? catalogFailure(reference, 'parse', entry) : reference;
}

/** The findings about a filtered catalog. */
export interface Examined {
  /** They keep it from being mirrored. */
  readonly failures: readonly CollectionFailure[];
  /** All others; a failure's own diagnostic is not repeated here. */
  readonly remarks: readonly Diagnostic[];
}

/**
 * Gives all findings about a filtered catalog by itself, each at its line.
 *
 * Advice on a better choice of channels is of no use in a file for deleting: such a file gets errors only.
 */
export function examineFiltered(filtered: FilteredCatalog, entry: OperatorEntry): Examined {
  const failures = failuresOfFilter(filtered, entry);
  const told = new Set(failures.map(({ diagnostic }) => JSON.stringify(diagnostic)));
  const { kind, mirror } = entry.imageSet;
  const isWanted = kind === 'ImageSetConfiguration';
  const beside = new Set((mirror.additionalImages ?? []).map(({ name }) => name));
  const remarks = adviseFilter(filtered, beside)
    .filter(({ severity }) => isWanted || severity === 'error')
    .map((advice) => placeAdvice(advice, entry))
    .filter((one) => !told.has(JSON.stringify(one)));
  return { failures, remarks };
}
