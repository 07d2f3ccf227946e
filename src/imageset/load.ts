import type { Diagnostic } from '../diagnostic.ts';
import type { SourcePosition } from '../errors.ts';
import { readYaml, type YamlDocument, type YamlMap, type YamlProblem } from '../yaml/index.ts';
import {
  formatYamlPath,
  type ImageSet,
  type ImageSetKind,
  type LoadedImageSet,
  type MirrorSpec,
  rootKey,
  type YamlPath,
} from './config.ts';
import { secondDocument, sniffImageSet } from './discover.ts';
import { explainDecodeProblem } from './explain.ts';
import type { FixedText } from './fix/index.ts';
import { headProblem } from './head.ts';
import { isLegacyApiVersion } from './legacy.ts';
import { findPlaceholder, templateFinding } from './placeholder.ts';
import { type ConfigFile, type Locator, offsetLocator } from './position.ts';
import { applyRules, diagnose, type Finding } from './rules/index.ts';
import { type Decoded, decodeDocument, decodeRefusal, schemas } from './schema/index.ts';

/** Gives the place of a node: of its key when it is a collection, else of its value. */
function locatePath(decoded: Decoded, path: YamlPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const place = decoded.places.get(formatYamlPath(path.slice(0, length)));
    if (!place) continue;
    return place.isCollection || length < path.length ? place.key.start : place.value.start;
  }
  return 0;
}

function toImageSet(
  file: ConfigFile,
  kind: ImageSetKind,
  found: { readonly decoded: Decoded; readonly at: Locator },
): ImageSet {
  const { decoded, at } = found;
  const { archiveSize } = decoded.value;
  return {
    kind,
    name: file.name,
    identity: file.identity ?? file.name,
    text: file.text,
    // The decoder has just checked every value against the schema of this very type.
    mirror: (decoded.value[rootKey(kind)] ?? {}) as MirrorSpec,
    ...(typeof archiveSize === 'number' && { archiveSize }),
    locate: (path): SourcePosition => at(locatePath(decoded, path)),
  };
}

const yamlSummaries: Readonly<Record<YamlProblem['code'], string>> = {
  'duplicate-key': 'A key is written twice in one mapping.',
  'yaml-limit': 'The file holds more than is read of one file.',
  'yaml-syntax': 'The file is not YAML.',
};

function syntaxDiagnostics(document: YamlDocument, at: Locator, text: string): Diagnostic[] {
  const isYaml = document.problems.every(({ code }) => code !== 'yaml-syntax');
  const placeholder = isYaml ? undefined : findPlaceholder(text);
  if (placeholder) return [templateFinding(placeholder, at)];
  return document.problems.map((problem) => ({
    severity: 'error',
    code: problem.code,
    summary: yamlSummaries[problem.code],
    detail: problem.detail,
    text: text.slice(problem.span.start, problem.span.end).split('\n', 1)[0] ?? '',
    at: at(problem.span.start),
  }));
}

/** Finds lists of packages that are there and empty, which choose every package. */
function emptyLists({ places }: Decoded, { kind, mirror }: ImageSet): Finding[] {
  const deed = kind === 'ImageSetConfiguration' ? 'mirrored' : 'deleted';
  return (mirror.operators ?? []).flatMap(({ packages = [] }, index) => {
    const path = [rootKey(kind), 'operators', index, 'packages'];
    if (packages.length > 0 || !places.has(formatYamlPath(path))) return [];
    return {
      severity: 'warning',
      code: 'empty-packages',
      summary: 'A list of packages is empty.',
      detail: `An empty list chooses nothing, so the whole catalog is ${deed}. List the packages, or delete the key if the whole catalog is meant.`,
      text: 'packages',
      path,
    };
  });
}

/** Finds what decoding passed over in silence: versions of the schema, unknown types. */
function adviseDecoded(decoded: Decoded): Finding[] {
  const found = decoded.silent.map(
    ({ text, as, path }): Finding => ({
      severity: 'warning',
      code: 'unknown-type',
      summary: 'The type of a release channel is unknown.',
      detail: `"${text}" is neither "ocp" nor "okd"; it is read as "${as}", as oc-mirror does.`,
      fix: `type: ${as}`,
      text,
      path,
    }),
  );
  const { apiVersion } = decoded.value;
  if (apiVersion === 'mirror.openshift.io/v2alpha1') return found;
  const written = typeof apiVersion === 'string' ? apiVersion : '';
  const legacy = isLegacyApiVersion(written);
  found.push({
    severity: legacy ? 'warning' : 'notice',
    code: legacy ? 'legacy-api-version' : 'api-version',
    summary: 'The apiVersion is not that of oc-mirror v2.',
    detail: `oc-mirror v2 never looks at apiVersion and reads this file as mirror.openshift.io/v2alpha1${legacy ? ', although it says it is for v1' : ''}. Write what it means.${legacy ? ' `imageset-mirror lint --fix` turns a file of v1 into one of v2.' : ''}`,
    fix: 'apiVersion: mirror.openshift.io/v2alpha1',
    text: written,
    path: ['apiVersion'],
  });
  return found;
}

/** Makes the test for values that are wrong only because strict decoding refuses them, or a key beside them that may be meant. */
function consequenceTest({ problems, places }: Decoded): (path: YamlPath) => boolean {
  const refused = new Set(problems.map(({ path }) => formatYamlPath(path)));
  const around = new Set(problems.map(({ path }) => formatYamlPath(path.slice(0, -1))));
  return (path) => {
    const here = formatYamlPath(path);
    const mapping = formatYamlPath(path.slice(0, -1));
    return refused.has(here) || refused.has(mapping) || (!places.has(here) && around.has(mapping));
  };
}

/** Finds documents behind the first one. */
function laterDocuments(text: string, at: Locator): Diagnostic[] {
  const offset = secondDocument(text);
  if (offset === undefined) return [];
  return [
    {
      severity: 'warning',
      code: 'several-documents',
      summary: 'Only the first YAML document of the file is read.',
      detail: 'oc-mirror reads no other one either. Write one file for each of them.',
      text: '---',
      at: at(offset),
    },
  ];
}

function loadMap(
  file: ConfigFile,
  kind: ImageSetKind,
  found: { readonly root: YamlMap; readonly at: Locator; readonly refusal: string | undefined },
): Omit<LoadedImageSet, 'diagnostics'> & { readonly diagnostics: Diagnostic[] } {
  const decoded = decodeDocument(found.root, schemas[kind]);
  const imageSet = toImageSet(file, kind, { decoded, at: found.at });
  const isConsequence = consequenceTest(decoded);
  const rules = applyRules(imageSet, isConsequence);
  const decodeError = decodeRefusal(decoded.problems);
  const refusal = found.refusal ?? (decodeError ? `decode ${kind}: ${decodeError}` : rules.refusal);
  const diagnostics = [
    ...decoded.problems.map((problem) =>
      explainDecodeProblem(problem, { text: file.text, at: found.at }),
    ),
    ...rules.diagnostics,
    ...laterDocuments(file.text, found.at),
    ...[...adviseDecoded(decoded), ...emptyLists(decoded, imageSet)]
      .filter(({ path }) => !isConsequence(path))
      .map((found) => diagnose(found, imageSet)),
  ];
  return refusal === undefined ? { imageSet, diagnostics } : { diagnostics, refusal };
}

/**
 * Reads an image set file exactly as oc-mirror would, and finds everything that is wrong with it in one run.
 *
 * Shape: `imageSet` when oc-mirror would accept the file; `refusal` is its message when it would not. Findings that
 * oc-mirror lacks are in `diagnostics` alone, whatever their severity.
 * @see oc-mirror v2, §1.1 and §1.5
 */
export function loadImageSet(file: ConfigFile, kind: ImageSetKind): LoadedImageSet {
  const at = offsetLocator(file);
  const document = readYaml(file.text);
  const diagnostics = syntaxDiagnostics(document, at, file.text);
  const unreadable =
    document.refusal === undefined
      ? undefined
      : `failed to unmarshal config: error converting YAML to JSON: ${document.refusal}`;
  if (!document.root) return { diagnostics, ...(unreadable && { refusal: unreadable }) };
  const head = headProblem(document.root, kind, at);
  const diagnosed = [...diagnostics, ...(head?.diagnostic ? [head.diagnostic] : [])];
  const refusal = unreadable ?? head?.refusal;
  if (document.root.kind !== 'map' || head?.final) {
    return { diagnostics: diagnosed, ...(refusal !== undefined && { refusal }) };
  }
  const loaded = loadMap(file, kind, { root: document.root, at, refusal });
  return { ...loaded, diagnostics: [...diagnosed, ...loaded.diagnostics] };
}

/**
 * Reads a file as the kind that it names; a file of an unknown kind as an ImageSetConfiguration.
 *
 * A template is no image set yet: the first placeholder is a finding, and values with placeholders are not judged.
 */
export function lintImageSet(file: ConfigFile): LoadedImageSet {
  const kind = sniffImageSet(file.text)?.kind;
  const loaded = loadImageSet(file, kind ?? 'ImageSetConfiguration');
  const found = kind && findPlaceholder(file.text);
  if (!found) return loaded;
  const others = loaded.diagnostics.filter(({ text = '' }) => findPlaceholder(text) === undefined);
  const { imageSet: _, ...rest } = loaded;
  return { ...rest, diagnostics: [templateFinding(found, offsetLocator(file)), ...others] };
}

/** Mends the text of a file where it is certain what its author means. The code for it is loaded with the first file. */
export async function mendImageSet(file: ConfigFile): Promise<FixedText> {
  const { fixImageSet } = await import('./fix/index.ts');
  return fixImageSet(file);
}
