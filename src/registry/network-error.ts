import { CancelledError, MirrorError, messageOf, RegistryError } from '../errors.ts';
import { redactUrl } from './redact.ts';

/** A failure on the way to a proxy, and not behind it. */
export class ProxyFailure extends Error {}

/** The request that failed. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
}

/** The advice of a door, as ends of sentences: how a host is trusted, and how it is spoken to without TLS. */
export interface DoorAdvice {
  readonly trustAdvice?: string | undefined;
  readonly plainAdvice?: string | undefined;
}

/** A request that failed below HTTP, the proxy through which it went, and the advice of the door. */
export type FailedExchange = Asked & DoorAdvice & { readonly proxy?: string | undefined };

const timeouts = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/;

const certificateFaults =
  /^(CERT_.*|CRL_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_.*_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|HANDSHAKE_FAILURE))$/;

/** Gives the system's or the HTTP library's code of a failure, from the cause where the failure itself has none. */
function networkCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code: unknown = Reflect.get(error, 'code');
    if (typeof code === 'string' && !(error instanceof MirrorError)) return code;
  }
  return '';
}

/** The server answered, and not in TLS. */
const plainAnswers =
  /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/;

/** Tells whether another attempt cannot help: a name that does not exist, or a server that speaks no TLS. */
export function isHopeless(thrown: unknown): boolean {
  const code = networkCode(thrown);
  return code === 'ENOTFOUND' || plainAnswers.test(code);
}

/** Tells whether no server was there to answer: the port or the address is wrong, or the server is down. It is known at once. */
export function isRefused(thrown: unknown): boolean {
  return /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/.test(networkCode(thrown));
}

/**
 * Puts a failure below HTTP into this project's words; deliberate errors pass unchanged.
 *
 * Shape: `CANCELLED` when the run was, `TIMEOUT`, `CERTIFICATE`, else `UNREACHABLE`, each with host and remedy.
 */
export function networkError(
  thrown: unknown,
  asked: FailedExchange,
  signal?: AbortSignal,
): MirrorError {
  if (thrown instanceof MirrorError) return thrown;
  if (signal?.aborted) return new CancelledError();
  const code = networkCode(thrown);
  const facts = { method: asked.method, url: redactUrl(asked.url), cause: thrown };
  const { host } = asked.url;
  const proxy = asked.proxy === undefined ? undefined : URL.parse(asked.proxy)?.host;
  const isOfProxy = thrown instanceof ProxyFailure || code === 'UND_ERR_PRX_TLS';
  if (proxy !== undefined && isOfProxy) {
    return proxyError(code, { proxy, host, trustAdvice: asked.trustAdvice }, facts);
  }
  const refused = /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(messageOf(thrown));
  if (proxy !== undefined && refused) {
    return proxyRefusal(Number(refused[1]), { proxy, host }, facts);
  }
  const way = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  if (certificateFaults.test(code)) return certificateError(code, asked, facts);
  if (timeouts.test(code)) {
    return new RegistryError(
      'TIMEOUT',
      `${host} did not answer in time${way} (${code}): ${facts.method} ${facts.url}.`,
      {
        ...facts,
        hint: `Check the network and proxy on the way to ${host}, and its load.`,
      },
    );
  }
  if (proxy === undefined && plainAnswers.test(code)) return plainError(code, asked, facts);
  const what = sayFault(code, thrown);
  return new RegistryError(
    'UNREACHABLE',
    `${host} cannot be reached${way} (${what}): ${facts.method} ${facts.url}.`,
    { ...facts, hint: unreachableHint(host, { code, proxy }) },
  );
}

/** The words of other tools for faults, which people search for in logs. */
const faultNames: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  ENOTFOUND: 'no such host',
};

/** Names a fault by its code, and in the words of other tools. */
function sayFault(code: string, thrown: unknown): string {
  if (code === '') return messageOf(thrown);
  const known = faultNames[code];
  return known === undefined ? code : `${code}, ${known}`;
}

/** Gives the remedy; it names a proxy only where one was used, or may be missing. */
function unreachableHint(
  host: string,
  { code, proxy }: { readonly code: string; readonly proxy: string | undefined },
): string {
  if (proxy !== undefined) {
    return `Check that ${host} is right and up, and that HTTPS_PROXY and NO_PROXY suit it.`;
  }
  if (code === 'ECONNREFUSED')
    return `Nothing listens there: check that ${host} is right, its port too, and up.`;
  if (code === 'ENOTFOUND')
    return `No such name is known: check that ${host} is right. If only a proxy knows it, set HTTPS_PROXY.`;
  return `Check that ${host} is right and up.`;
}

/** Makes the error for a server that speaks no TLS. */
function plainError(
  code: string,
  { url: { host }, plainAdvice = 'declare it insecure' }: FailedExchange,
  facts: Facts,
): RegistryError {
  return new RegistryError('UNREACHABLE', `${host} does not speak TLS (${code}).`, {
    ...facts,
    hint: `Check the port. If ${host} is meant to serve plain http, ${plainAdvice}.`,
  });
}

interface ProxiedHosts {
  readonly proxy: string;
  readonly host: string;
  readonly trustAdvice?: string | undefined;
}

interface Facts {
  readonly method: string;
  readonly url: string;
  readonly cause: unknown;
}

/** Says how to trust a host; both entry points know `certs.d`. */
function trustHint(host: string, advice = 'or let the system trust it'): string {
  return `Put the authority of ${host} as ca.crt into certs.d/${host}, ${advice}.`;
}

/** Makes the error for a proxy that cannot be reached. */
function proxyError(
  code: string,
  { proxy, host, trustAdvice }: ProxiedHosts,
  facts: Facts,
): RegistryError {
  if (certificateFaults.test(code) || code === 'UND_ERR_PRX_TLS') {
    const message = `TLS with the proxy ${proxy} on the way to ${host} failed (${code}).`;
    return new RegistryError('CERTIFICATE', message, {
      ...facts,
      hint: trustHint(proxy, trustAdvice),
    });
  }
  const what = sayFault(code, facts.cause);
  const message = `The proxy ${proxy} on the way to ${host} cannot be reached (${what}).`;
  return new RegistryError(timeouts.test(code) ? 'TIMEOUT' : 'UNREACHABLE', message, {
    ...facts,
    hint: `Check HTTPS_PROXY and HTTP_PROXY, and name ${host} in NO_PROXY if it is reached without a proxy.`,
  });
}

/** Makes the error for a proxy that refuses the connection. */
function proxyRefusal(status: number, { proxy, host }: ProxiedHosts, facts: Facts): RegistryError {
  const message = `The proxy ${proxy} does not let requests to ${host} through (${status}).`;
  return new RegistryError('UNREACHABLE', message, {
    ...facts,
    hint:
      status === 407
        ? `Put the name and password for ${proxy} into HTTPS_PROXY and HTTP_PROXY: http://name:password@${proxy}.`
        : `Allow ${host} in the rules of ${proxy}, or name it in NO_PROXY if it is reached without a proxy.`,
  });
}

function certificateError(
  code: string,
  { url: { host }, trustAdvice }: FailedExchange,
  facts: Facts,
): RegistryError {
  const isClientFault = code.startsWith('ERR_SSL_');
  return new RegistryError('CERTIFICATE', `TLS with ${host} failed (${code}).`, {
    ...facts,
    hint: isClientFault
      ? `${host} wants a client certificate: put client.cert and client.key into certs.d/${host}.`
      : trustHint(host, trustAdvice),
  });
}
