import type { CatalogStoreOptions } from '../catalog/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Collection } from '../imageset/index.ts';
import type { OperatorChannel, Plan } from '../plan/index.ts';
import type { State } from '../state/index.ts';
import { adviseCatalogs, catalogsElsewhere } from './advice.ts';
import { describeOperators } from './channels.ts';
import { appliedCatalogs, entryCatalogs, pairCatalogs } from './pairs.ts';

/** The catalogs of both sides of a plan. */
export interface OperatorQuestion {
  readonly head: readonly Collection[];
  readonly base: readonly Collection[];
  readonly state: State;
  readonly ownImageSets: ReadonlySet<string>;
  /** The place of catalogs in the workspace. */
  readonly store: CatalogStoreOptions;
  /** The operators that clusters run; absent where nobody was asked. */
  readonly installed?: NonNullable<Plan['running']>['operators'] | undefined;
}

/** The effects of a change on clusters with installed operators. */
export interface OperatorFacts {
  readonly operators: readonly OperatorChannel[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compares the catalogs of the head with those that were last applied.
 *
 * Effects: reads and fills the workspace; no request is sent.
 */
export async function findOperatorFacts(question: OperatorQuestion): Promise<OperatorFacts> {
  const { head, base, state, ownImageSets, store, installed } = question;
  const applied = await appliedCatalogs(base, state.placements, store);
  const pairs = pairCatalogs(applied, entryCatalogs(head));
  const elsewhere = await catalogsElsewhere(state, ownImageSets, store);
  return {
    operators: await describeOperators(pairs, installed),
    diagnostics: await adviseCatalogs(pairs, elsewhere),
  };
}
