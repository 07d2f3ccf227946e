/** Joins repository and path to the identity of an image set: `github.com/acme/mirrors//clusters/prod.yaml`. */
export function identityOf(repository: string, path: string): string {
  return `${repository}//${path}`;
}

/** Tells whether a text can be the name that a user gives to image sets: it cannot be taken for an identity. */
export function isGivenName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,199}$/.test(text) && !text.includes('//');
}

/** Splits an identity; one without a path was given as a name, or is a path that an older version recorded. */
export function readIdentity(identity: string): {
  readonly repository: string;
  readonly path: string | undefined;
} {
  const scheme = identity.startsWith('file://') ? 'file://'.length : 0;
  const end = identity.indexOf('//', scheme);
  if (end < 0) return { repository: identity, path: undefined };
  return { repository: identity.slice(0, end), path: identity.slice(end + 2) };
}
