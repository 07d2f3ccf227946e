/** What the hidden first line of a comment says: its target, and the whole digest of the plan that it shows. */
export interface CommentMarker {
  readonly target: string;
  /** Absent when the comment shows no plan that could be approved. */
  readonly plan: string | undefined;
}

/** A comment of HTML must not hold two hyphens, and the marker no space. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('-', '%2D')
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Writes the marker: one line, invisible where Markdown is shown. */
export function formatCommentMarker({ target, plan }: CommentMarker): string {
  const fields = [`target=${encode(target)}`, ...(plan === undefined ? [] : [`plan=${plan}`])];
  return `<!-- imageset-mirror ${fields.join(' ')} -->`;
}

/**
 * Reads the marker of a comment, `undefined` when it has none.
 *
 * Only the first line counts, and nothing else of a comment is ever read: what follows shows names from outside.
 */
export function parseCommentMarker(body: string): CommentMarker | undefined {
  const found =
    /^<!-- imageset-mirror target=(\S*)(?: plan=(sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})))? -->(?:\r?\n|$)/.exec(
      body,
    );
  const target = found?.[1] === undefined ? undefined : decode(found[1]);
  return target === undefined ? undefined : { target, plan: found?.[2] };
}
