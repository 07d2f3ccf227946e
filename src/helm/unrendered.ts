import { asObject, records, textOrEmpty } from '../base/index.ts';
import { chartText, type LoadedChart } from './chart.ts';
import type { ChartImage, ChartImages, UnseenPart } from './rendered.ts';
import { substitute } from './template-text.ts';
import { type ScopedChart, scopeValues } from './values.ts';
import { findValuesImages } from './values-images.ts';
import { parseYamlValue } from './yaml-object.ts';

/** Annotations in which publishers list the images of a chart. @see artifacthub.io, "Helm annotations" */
const annotations = ['artifacthub.io/images', 'images'] as const;

function findAnnotatedImages({ metadata }: LoadedChart, path: string): ChartImages {
  const all = asObject(metadata['annotations']);
  const template = `${path}/Chart.yaml`;
  const found = annotations.map((name): ChartImages => {
    try {
      const entries = records(parseYamlValue(textOrEmpty(all[name]), name));
      const images = entries.map(({ image }) => textOrEmpty(image)).filter((one) => one !== '');
      return { images: images.map((image) => ({ image, template })), unseen: [] };
    } catch {
      return { images: [], unseen: [{ template, what: `the annotation ${name}` }] };
    }
  });
  return joinFindings(found);
}

function joinFindings(all: readonly ChartImages[]): ChartImages {
  return {
    images: all.flatMap(({ images }) => images),
    unseen: all.flatMap(({ unseen }) => unseen),
  };
}

/**
 * A field that names an image: `- image: "quay.io/a/b:{{ .Values.tag }}"` on a line of its own, or `{image: quay.io/a/b:1}`.
 * The rest of the line is looked at and not taken, for it may name another one.
 */
const imageField =
  /(^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)["']?image["']?[ \t]*:[ \t]*(?=(\S[^\n]{0,1000}))/gm;

/** Characters of a value from which on it is no image. */
const longestValue = 1000;

/** Gives the end of a text in quotes, those inside an expression left out; -1 where it does not end. */
function closingQuote(text: string, quote: string): number {
  for (let at = 1; at < text.length; at += 1) {
    const expression = text.startsWith('{{', at) ? text.indexOf('}}', at) : -1;
    if (expression > 0) at = expression + 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

/** Gives a value in braces or brackets without the text behind it. */
function flowValue(rest: string): string {
  return /^(?:\{\{.*?\}\}|[^,}\]])*/.exec(rest)?.[0] ?? '';
}

/** Takes quotes and a comment off a value; those inside an expression stay. */
function bareValue(rest: string, isFlow: boolean): string {
  const [first = ''] = rest;
  const end = /["']/.test(first) ? closingQuote(rest, first) : -1;
  if (end > 0) return rest.slice(1, end);
  return (isFlow ? flowValue(rest) : rest).replace(/\s+#.*$/, '').replace(/,?\s*$/, '');
}

/** Gives the line of an offset; offsets have to be asked for in rising order. */
function lineCounter(text: string): (offset: number) => number {
  const newlines = text.matchAll(/\n/g);
  let line = 1;
  let next = newlines.next();
  return (offset) => {
    for (; !next.done && next.value.index < offset; next = newlines.next()) line += 1;
    return line;
  };
}

/** A template, and the way to its lines. */
interface NumberedTemplate {
  readonly template: string;
  readonly lineAt: (offset: number) => number;
}

function readImageField(
  { template, lineAt }: NumberedTemplate,
  match: RegExpExecArray,
  scope: ScopedChart,
): ChartImage | UnseenPart | undefined {
  const [, before = '', rest = ''] = match;
  const value = bareValue(rest, /[{,]/.test(before));
  // A mapping, a list or a block goes on below; a comment is no value.
  if (/^[{[|>&*#](?!\{)/.test(value)) return undefined;
  const image = rest.length > longestValue ? undefined : substitute(value, scope)?.trim();
  if (image !== undefined) return image === '' ? undefined : { image, template };
  return { template, line: lineAt(match.index), what: value.slice(0, 200) };
}

function readTemplate(path: string, scope: ScopedChart): ChartImages {
  const text = chartText(scope.chart.files, path);
  const read = { template: `${scope.path}/${path}`, lineAt: lineCounter(text) };
  const found = [...text.matchAll(imageField)].flatMap(
    (match) => readImageField(read, match, scope) ?? [],
  );
  return {
    images: found.filter((one) => 'image' in one),
    unseen: found.filter((one) => 'what' in one),
  };
}

function readScope(scope: ScopedChart): ChartImages {
  const { chart, path } = scope;
  const templates = [...chart.files.keys()].filter((name) =>
    /^templates\/.*\.(?:ya?ml|json|tpl)$/.test(name),
  );
  const values = findValuesImages(scope).map((image) => ({
    image,
    template: `${path}/values.yaml`,
  }));
  return joinFindings([
    findAnnotatedImages(chart, path),
    { images: values, unseen: [] },
    ...templates.map((name) => readTemplate(name, scope)),
  ]);
}

/**
 * Finds the images of a chart without rendering it: in annotations, in the usual fields of the values, and on lines of
 * templates that name one.
 *
 * Branches are not decided, so that images of parts that are switched off by default are among them. Each part that cannot be
 * searched is named. Nothing of the chart is run.
 * @throws ContentError `CHART_INVALID` for values that are no mapping
 */
export function findUnrenderedImages(chart: LoadedChart, values: readonly string[]): ChartImages {
  return joinFindings(scopeValues(chart, values).map(readScope));
}
