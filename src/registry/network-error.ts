import { CancelledError, MirrorError, messageOf, RegistryError } from '../errors.ts';
import { redactUrl } from './redact.ts';

/** The request that failed. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
}

const timeouts = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/;

const certificateFaults =
  /^(CERT_.*|CRL_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_.*_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|HANDSHAKE_FAILURE))$/;

/** Gives the system's or the HTTP library's code of a failure, from the cause where the failure itself has none. */
export function networkCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code: unknown = Reflect.get(error, 'code');
    if (typeof code === 'string' && !(error instanceof MirrorError)) return code;
  }
  return '';
}

/** Tells whether another attempt cannot help: a name that does not exist. */
export function isHopeless(thrown: unknown): boolean {
  return networkCode(thrown) === 'ENOTFOUND';
}

/**
 * Puts a failure below HTTP into this project's words; deliberate errors pass unchanged.
 *
 * Shape: `CANCELLED` when the run was, `TIMEOUT`, `CERTIFICATE`, else `UNREACHABLE`, each with host and remedy.
 */
export function networkError(thrown: unknown, asked: Asked, signal?: AbortSignal): MirrorError {
  if (thrown instanceof MirrorError) return thrown;
  if (signal?.aborted) return new CancelledError();
  const code = networkCode(thrown);
  const facts = { method: asked.method, url: redactUrl(asked.url), cause: thrown };
  const { host } = asked.url;
  if (certificateFaults.test(code)) return certificateError(code, host, facts);
  if (timeouts.test(code)) {
    return new RegistryError(
      'TIMEOUT',
      `${host} did not answer ${asked.method} in time (${code}).`,
      {
        ...facts,
        hint: `Check the network and proxy on the way to ${host}, and its load.`,
      },
    );
  }
  const what = code === '' ? messageOf(thrown) : code;
  return new RegistryError('UNREACHABLE', `${host} cannot be reached (${what}).`, {
    ...facts,
    hint: `Check that ${host} is right and up, and that HTTPS_PROXY and NO_PROXY suit it.`,
  });
}

function certificateError(
  code: string,
  host: string,
  facts: { method: string; url: string; cause: unknown },
): RegistryError {
  const isClientFault = code.startsWith('ERR_SSL_');
  return new RegistryError('CERTIFICATE', `TLS with ${host} failed (${code}).`, {
    ...facts,
    hint: isClientFault
      ? `${host} wants a client certificate: put client.cert and client.key into certs.d/${host}.`
      : `Give the authority of ${host} by "ca-bundle" or as ca.crt in certs.d/${host}, or name the host in "insecure-registries".`,
  });
}
