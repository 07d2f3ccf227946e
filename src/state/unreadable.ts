import * as v from 'valibot';
import { PlanError } from '../errors.ts';
import type { LineSchema } from './line-schemas.ts';

const remedy =
  'Take an older state from the history of the target, or remove the state: a run then adopts what it finds in the target.';

/** Makes the error for stored state that cannot be read. */
export function unreadableState(what: string, cause?: unknown): PlanError {
  return new PlanError('STATE_FORMAT', `The stored state cannot be read: ${what}.`, {
    hint: remedy,
    cause,
  });
}

/** Reads something that is stored under a name; when it cannot be read, the error names it. */
export async function unreadableIn<T>(place: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof PlanError)) throw thrown;
    throw new PlanError(thrown.code as 'STATE_FORMAT', `${place}: ${thrown.message}`, {
      cause: thrown.cause,
      hint:
        thrown.hint === remedy
          ? `Remove ${place} if nothing else explains it: a run then goes on with the other entries of the state, and adopts what it finds in the target.`
          : thrown.hint,
    });
  }
}

/**
 * Checks a decoded JSON value against its schema, strictly: a field that is missing, wrong or unknown refuses the value.
 *
 * Shape: `where` names the value in errors (`line 7`). Errors quote nothing of the value, for it may be hostile.
 * @throws PlanError `STATE_FORMAT`
 */
export function readStrictly<Schema extends LineSchema>(
  schema: Schema,
  value: unknown,
  where: string,
): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  if (issue.expected === 'never') throw unreadableState(`${where} has unknown fields`);
  const fields = (issue.path ?? []).map(({ key }) => key).filter((key) => known.test(String(key)));
  const place = fields.length > 0 ? `"${fields.join('.')}" of ${where}` : where;
  throw unreadableState(`${place} is not what this tool writes`);
}

/** Names of fields; keys of others may be hostile. */
const known = /^[a-zA-Z]{1,20}$/;
