import { areAlike } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type ConfigFile, namesOf } from '../imageset/index.ts';
import type { AppliedImageSet, State } from './types.ts';

/** Gives the names of all image sets that a state knows, with what it recorded of them. */
export function knownImageSets({
  imageSets,
  placements,
}: Pick<State, 'imageSets' | 'placements'>): ReadonlyMap<string, AppliedImageSet | undefined> {
  const names = placements.flatMap((placement) => placement.imageSets);
  return new Map<string, AppliedImageSet | undefined>([
    ...names.map((name) => [name, undefined] as const),
    ...imageSets.map((record) => [record.name, record] as const),
  ]);
}

/** Older versions knew image sets by their paths as they were typed, and recorded no time. */
function isTypedPath(name: string, record: AppliedImageSet | undefined): boolean {
  return !name.includes('//') && record?.at === undefined;
}

function notice(file: ConfigFile, typed: string): Diagnostic {
  return {
    severity: 'notice',
    code: 'name-taken-over',
    summary: 'An older version recorded this image set by its path alone.',
    detail: `What the state knows as ${JSON.stringify(typed)} is taken over by ${JSON.stringify(file.identity ?? file.name)}.`,
    text: typed,
    at: { file: file.name, line: 1, column: 1 },
  };
}

/**
 * Lets files take over what an older version recorded under their paths alone: where the state does not know them by
 * another name, and half of the text is still the same.
 */
export function takeOverNames(
  files: readonly ConfigFile[],
  state: Pick<State, 'imageSets' | 'placements'>,
): { readonly files: readonly ConfigFile[]; readonly notices: readonly Diagnostic[] } {
  const known = knownImageSets(state);
  const typed = new Map([...known].filter(([name, record]) => isTypedPath(name, record)));
  const notices: Diagnostic[] = [];
  const named = files.map((file): ConfigFile => {
    if (namesOf(file).some((name) => known.has(name))) return file;
    const found = [file.path ?? file.name, file.name].find((path) => typed.has(path));
    const text = found === undefined ? undefined : typed.get(found)?.text;
    if (found === undefined || (text !== undefined && !areAlike(text, file.text))) return file;
    typed.delete(found);
    notices.push(notice(file, found));
    return { ...file, formerNames: [...(file.formerNames ?? []), found] };
  });
  return { files: named, notices };
}
