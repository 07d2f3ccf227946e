import { type Fields, unreadableState } from './fields.ts';
import { tokenPattern } from './snapshot.ts';
import type { AppliedImageSet, AppliedRun, PendingRun } from './types.ts';

/** Gives the fields of an image set in their one order. */
export function writeImageSet({ name, text, commit, at, host }: AppliedImageSet): AppliedImageSet {
  return {
    name,
    text,
    ...(commit !== undefined && { commit }),
    ...(at !== undefined && { at }),
    ...(host !== undefined && { host }),
  };
}

/** Gives the fields of a run in their one order. */
export function writeRun({ id, token, at, planDigest, commit, undo }: AppliedRun): AppliedRun {
  return {
    id,
    ...(token !== undefined && { token }),
    at,
    planDigest,
    ...(commit !== undefined && { commit }),
    ...(undo && { undo }),
  };
}

/** Gives the fields of a run that has not ended in their one order. */
export function writePending(run: PendingRun): PendingRun {
  const { id, token, planDigest, imageSets, until, claims, deletes } = run;
  return {
    id,
    token,
    planDigest,
    imageSets: [...imageSets].sort(),
    until,
    claims: [...claims].sort(),
    deletes: [...deletes].sort(),
  };
}

/** Reads an image set. @throws PlanError `STATE_FORMAT` */
export function readImageSet(fields: Fields): AppliedImageSet {
  const commit = fields.optionalText('commit');
  const at = fields.optionalText('at');
  const host = fields.optionalText('host');
  const name = fields.text('name');
  const text = fields.text('text', /^/);
  fields.end();
  return writeImageSet({
    name,
    text,
    ...(commit !== undefined && { commit }),
    ...(at !== undefined && { at }),
    ...(host !== undefined && { host }),
  });
}

/** Reads a run. @throws PlanError `STATE_FORMAT` */
export function readRun(fields: Fields): AppliedRun {
  const token = fields.optionalText('token');
  const commit = fields.optionalText('commit');
  const undo = fields.optionalDigest('undo');
  if (token !== undefined && !tokenPattern.test(token)) {
    throw unreadableState('the token of a run is not 16 hexadecimal digits');
  }
  const run = {
    id: fields.count('id'),
    at: fields.text('at'),
    planDigest: fields.text('planDigest'),
    ...(token !== undefined && { token }),
    ...(commit !== undefined && { commit }),
    ...(undo !== undefined && { undo }),
  };
  fields.end();
  return writeRun(run);
}

/** Reads a run that has not ended. @throws PlanError `STATE_FORMAT` */
export function readPending(fields: Fields): PendingRun {
  const run = {
    id: fields.count('id'),
    token: fields.text('token', tokenPattern),
    planDigest: fields.text('planDigest'),
    imageSets: fields.texts('imageSets'),
    until: fields.text('until'),
    claims: fields.texts('claims'),
    deletes: fields.texts('deletes'),
  };
  fields.end();
  return run;
}
