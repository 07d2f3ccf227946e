import { digestOf } from '../oci/index.ts';
import { emptyState, type StateStore } from '../state/index.ts';

/**
 * Makes a store that forgets everything at the end of the run.
 *
 * A cache needs no state: all of it is looked at each time, nothing is ever deleted from it by a plan, and nobody else's
 * images could be in it.
 */
export function createForgetfulStore(token: string): StateStore {
  let state = emptyState();
  return {
    token,
    read: async () => undefined,
    async update(derive) {
      state = derive(state);
      return { state, version: 'forgotten', hasOthers: false };
    },
    writeUndo: async () => digestOf(new Uint8Array()),
    readUndo: async () => undefined,
    listUndo: async () => [],
  };
}
