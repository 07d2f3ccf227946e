import { type ScopedChart, valueAt } from './values.ts';
import { versionText } from './yaml-object.ts';

/** An operand of an expression: a text in quotes, or a path that begins at the values or at the chart's description. */
const operand = /^(?:"([^"]*)"|\$?\.(Values|Chart)((?:\.[A-Za-z_][\w-]*)+))$/;

const chartFields: ReadonlyMap<string, 'name' | 'version' | 'appVersion'> = new Map([
  ['Name', 'name'],
  ['Version', 'version'],
  ['AppVersion', 'appVersion'],
]);

/** Looks an operand up; `undefined` for one that is not understood, empty for one without a value. */
function lookUp(text: string, { chart, values }: ScopedChart): string | undefined {
  const [match, literal, root, path = ''] = operand.exec(text) ?? [];
  if (match === undefined) return undefined;
  if (literal !== undefined) return literal;
  const keys = path.slice(1).split('.');
  if (root === 'Chart') {
    const field = keys.length === 1 ? chartFields.get(keys[0] ?? '') : undefined;
    return field && chart[field];
  }
  return versionText(valueAt(values, keys));
}

function fallBack(value: string, text: string, scope: ScopedChart): string | undefined {
  return value === '' ? lookUp(text, scope) : value;
}

/** Replaces one expression, `.Values.tag | default .Chart.AppVersion`; `undefined` for one that is not understood. */
function replace(expression: string, scope: ScopedChart): string | undefined {
  const [first = '', ...rest] = expression.split('|').map((part) => part.trim());
  const [, otherwise, tried] = /^default\s+(\S+)\s+(\S+)$/.exec(first) ?? [];
  const start = lookUp(tried ?? first, scope);
  const begun =
    start === undefined || otherwise === undefined ? start : fallBack(start, otherwise, scope);
  return rest.reduce<string | undefined>((value, part) => {
    if (value === undefined || /^(?:quote|squote|toString|trim)$/.test(part)) return value;
    const [, fallback] = /^default\s+(\S+)$/.exec(part) ?? [];
    return fallback === undefined ? undefined : fallBack(value, fallback, scope);
  }, begun);
}

/**
 * Replaces the expressions in a text of a template; `undefined` when one of them is not understood.
 *
 * This is no template engine: an expression is looked up, with `default`, `quote`, `squote`, `toString` and `trim`. Nothing is
 * run, no branch is decided, no name is included.
 */
export function substitute(text: string, scope: ScopedChart): string | undefined {
  let isUnderstood = true;
  const replaced = text.replaceAll(/\{\{([^{}]*)\}\}/g, (_, inside: string) => {
    const value = replace(inside.replace(/^-/, '').replace(/-$/, ''), scope);
    isUnderstood &&= value !== undefined;
    return value ?? '';
  });
  return isUnderstood && !/\{\{|\}\}/.test(replaced) ? replaced : undefined;
}
