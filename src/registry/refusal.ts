import type { CredentialOrigin } from './options.ts';

/** Names the places that were looked at, so that the user knows which file counts. */
function describeLooked(registry: string, looked: readonly string[]): string {
  if (looked.length === 0) return 'no auth file was found';
  const verb = looked.length === 1 ? 'has' : 'have';
  return `${looked.join(' and ')} ${verb} no entry for ${registry}`;
}

/**
 * Explains a refusal: whether credentials were sent, their origin, and the remedy.
 *
 * 401 says that the account is unknown, 403 that a known account lacks the right.
 */
export function explainRefusal(
  registry: string,
  { from, looked }: CredentialOrigin,
  status: 401 | 403,
): string {
  if (from === undefined) {
    const what = status === 401 ? 'Add credentials' : 'If it takes an account, add credentials';
    return `${what} for ${registry} to the pull secret or auth file: none were sent, because ${describeLooked(registry, looked)}.`;
  }
  return status === 401
    ? `Renew the credentials for ${registry}, which are wrong or expired: this run sent ${from}.`
    : `Give the account that is used for ${registry} the right to do this, or use another account: this run sent ${from}.`;
}
