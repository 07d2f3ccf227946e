import { isRecord, type JsonObject, textOrEmpty } from '../base/index.ts';
import { type ScopedChart, valueAt } from './values.ts';
import { versionText } from './yaml-object.ts';

/** Tells whether a reference names a version by itself. */
function hasVersion(reference: string): boolean {
  return reference.includes('@') || reference.lastIndexOf(':') > reference.lastIndexOf('/');
}

function repositoryIn(fields: JsonObject): string {
  return textOrEmpty(fields['repository']) || textOrEmpty(fields['image']);
}

/** Joins the fields of an image as charts write them: `registry`, `repository`, `tag`, `digest`. */
function joinFields(fields: JsonObject, { chart, values }: ScopedChart): string {
  const repository = repositoryIn(fields);
  const everywhere = textOrEmpty(valueAt(values, ['global', 'imageRegistry']));
  const shared = textOrEmpty(valueAt(values, ['global', 'image', 'registry']));
  const registry = everywhere || textOrEmpty(fields['registry']) || shared;
  const name = registry === '' ? repository : `${registry}/${repository}`;
  if (hasVersion(repository)) return name;
  const digest = textOrEmpty(fields['digest']) || textOrEmpty(fields['sha']);
  const tag = versionText(fields['tag']) || versionText(fields['version']);
  const version = digest === '' ? tag || chart.appVersion : tag;
  const whole = digest === '' || digest.includes(':') ? digest : `sha256:${digest}`;
  return `${name}${version === '' ? '' : `:${version}`}${whole === '' ? '' : `@${whole}`}`;
}

/** Tells whether a mapping describes an image: `repository` is also the name of other things. */
function describesImage(fields: JsonObject): boolean {
  const repository = repositoryIn(fields);
  // Without a version the field may be the beginning of several names.
  const isVersioned = ['tag', 'digest', 'version'].some((name) => name in fields);
  return repository !== '' && (isVersioned || hasVersion(repository));
}

function search(key: string, value: unknown, scope: ScopedChart): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => search(key, one, scope));
  if (typeof value === 'string' && /image$/i.test(key) && hasVersion(value)) return [value];
  if (!isRecord(value)) return [];
  if (describesImage(value)) return [joinFields(value, scope)];
  return Object.entries(value).flatMap(([inner, one]) => search(inner, one, scope));
}

/**
 * Finds images in the values of a chart by the usual fields: a mapping with `repository` and `tag`, `digest` or `registry`,
 * or a text below a key that ends with `image`. A version that is missing is the `appVersion` of the chart.
 */
export function findValuesImages(scope: ScopedChart): readonly string[] {
  const inside = new Set(scope.chart.subcharts.map(({ name }) => name));
  const aliases = scope.chart.dependencies.map(({ key }) => key);
  const foreign = new Set([...inside, ...aliases, 'global']);
  // The values of a chart inside it are searched with that chart.
  const own = Object.entries(scope.values).filter(([key]) => !foreign.has(key));
  return own.flatMap(([key, value]) => search(key, value, scope));
}
