import type { CatalogStoreOptions } from '../catalog/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Collection } from '../imageset/index.ts';
import type { OperatorChannel } from '../plan/index.ts';
import type { State } from '../state/index.ts';
import { adviseCatalogs, catalogsElsewhere } from './advice.ts';
import { describeOperators } from './channels.ts';
import { appliedCatalogs, entryCatalogs, pairCatalogs } from './pairs.ts';

/** What is asked about operators. */
export interface OperatorQuestion {
  readonly head: readonly Collection[];
  readonly base: readonly Collection[];
  readonly state: State;
  readonly speaksFor: ReadonlySet<string>;
  /** Where the workspace keeps catalogs. */
  readonly store: CatalogStoreOptions;
}

/** What a change means for clusters that have operators installed. */
export interface OperatorFacts {
  readonly operators: readonly OperatorChannel[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Holds the catalogs of the head next to those that were last applied.
 *
 * Effects: reads and fills the workspace; no registry is asked.
 */
export async function findOperatorFacts(question: OperatorQuestion): Promise<OperatorFacts> {
  const { head, base, state, speaksFor, store } = question;
  const applied = await appliedCatalogs(base, state.placements, store);
  const pairs = pairCatalogs(applied, entryCatalogs(head));
  const elsewhere = await catalogsElsewhere(state, speaksFor, store);
  return {
    operators: await describeOperators(pairs),
    diagnostics: await adviseCatalogs(pairs, elsewhere),
  };
}
