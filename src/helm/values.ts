import { asObject, isRecord, type JsonObject } from '../base/index.ts';
import { type ChartDependency, chartText, type LoadedChart } from './chart.ts';
import { parseYamlObject } from './yaml-object.ts';

/** Lays values over others: mappings are joined, a null removes, anything else replaces. @see helm.sh, "Values Files" */
function mergeValues(under: JsonObject, over: JsonObject): JsonObject {
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const known = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isRecord(known) && isRecord(value) ? mergeValues(known, value) : value);
  }
  return Object.fromEntries(merged);
}

/** Gives the value at a path of keys; `undefined` where there is none. */
export function valueAt(values: JsonObject, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    values,
  );
}

/** A chart, or a chart inside it, with the values that it has. */
export interface ScopedChart {
  readonly chart: LoadedChart;
  readonly values: JsonObject;
  /** `app`, or `app/charts/db`. */
  readonly path: string;
}

/** Tells whether the values of a chart switch one of its dependencies off. */
function isSwitchedOff({ conditions }: ChartDependency, values: JsonObject): boolean {
  const found = conditions.map((path) => valueAt(values, path.split('.')));
  return found.find((value) => typeof value === 'boolean') === false;
}

function scopesOf(chart: LoadedChart, over: JsonObject, path: string): readonly ScopedChart[] {
  const own = parseYamlObject(chartText(chart.files, 'values.yaml'), `${path}/values.yaml`);
  const values = mergeValues(own, over);
  const below = chart.subcharts.flatMap((subchart) => {
    const declared = chart.dependencies.filter(({ name }) => name === subchart.name);
    const wanted = declared.filter((one) => !isSwitchedOff(one, values));
    // A chart without a declaration is used too.
    const keys = declared.length === 0 ? [subchart.name] : wanted.map(({ key }) => key);
    return keys.flatMap((key) => {
      const passed = asObject(valueAt(values, [key]));
      const shared = mergeValues(asObject(passed['global']), asObject(values['global']));
      return scopesOf(subchart, { ...passed, global: shared }, `${path}/charts/${key}`);
    });
  });
  return [{ chart, values, path }, ...below];
}

/**
 * Gives a chart and the charts inside it that are switched on, each with its values.
 *
 * `files` are texts of values files, the last one wins.
 * @throws ContentError `CHART_INVALID` for values that are no mapping
 */
export function scopeValues(chart: LoadedChart, files: readonly string[]): readonly ScopedChart[] {
  const over = files
    .map((text) => parseYamlObject(text, 'The values file'))
    .reduce(mergeValues, {});
  return scopesOf(chart, over, chart.name);
}
