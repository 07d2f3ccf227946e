import type { Diagnostic } from '../diagnostic.ts';
import { placeKey } from '../imageset/index.ts';
import type { Stored } from './session.ts';

/** Names that a finding shows. */
const shown = 5;

/** Says of places that the state names and that do not lie inside the target that nothing is done about them. */
export function outsideDiagnostics({ outside = [] }: Stored): Diagnostic[] {
  if (outside.length === 0) return [];
  const names = outside.slice(0, shown).map(placeKey).join(', ');
  const more = outside.length > shown ? ` and ${outside.length - shown} more` : '';
  return [
    {
      severity: 'warning',
      code: 'state-outside',
      summary: `The state names ${outside.length === 1 ? 'a place' : `${outside.length} places`} outside the target; nothing is done about that.`,
      detail: `${names}${more}. Were their paths shortened? Then give --max-nested-paths here too. Else this tool did not write that: look who may push to the repository of the state.`,
    },
  ];
}
