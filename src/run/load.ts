import type { Diagnostic } from '../diagnostic.ts';
import { type ConfigFile, findNotBuilt, loadImageSet } from '../imageset/index.ts';

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

/** Reads the image sets that oc-mirror would accept; a refusal without a finding of its own becomes one, so that nothing fails without a word. */
export function loadFiles(files: readonly ConfigFile[]) {
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
