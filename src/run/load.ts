import type { Diagnostic } from '../diagnostic.ts';
import { type ConfigFile, findNotBuilt, type ImageSet, loadImageSet } from '../imageset/index.ts';

/** Files as they were read. */
export interface LoadedFiles {
  /** Those that oc-mirror would accept, in the order of the files. */
  readonly imageSets: readonly ImageSet[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Findings that two ways of looking report at one place are told once. */
export function uniqueDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const one of diagnostics) {
    const { at, code, summary, text } = one;
    const place = at ? `${at.file}:${at.line}:${at.column}` : `${summary} ${text ?? ''}`;
    // A package has one line, and as many pieces of advice as it has bundles.
    const key = `${code} ${place} ${code.startsWith('operator-') ? one.detail : ''}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}

/** Reads image sets; a refusal without a finding of its own becomes one, so that nothing fails without a word. */
export function loadFiles(files: readonly ConfigFile[]): LoadedFiles {
  const loaded = files.map((file) => ({ file, ...loadImageSet(file, 'ImageSetConfiguration') }));
  const imageSets = loaded.flatMap(({ imageSet }) => imageSet ?? []);
  const refusals = loaded
    .filter((one) => !one.diagnostics.some(({ severity }) => severity === 'error'))
    .flatMap(({ file, refusal }): Diagnostic[] =>
      refusal === undefined
        ? []
        : [
            {
              severity: 'error',
              code: 'refused',
              summary: 'The file is no image set.',
              detail: refusal,
              at: { file: file.name, line: 1, column: 1 },
            },
          ],
    );
  const diagnostics = [
    ...loaded.flatMap((one) => one.diagnostics),
    ...refusals,
    ...imageSets.flatMap(findNotBuilt),
  ];
  return { imageSets, diagnostics };
}
