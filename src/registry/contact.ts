import { RegistryError } from '../errors.ts';
import { sendFollowing } from './redirect.ts';
import type { Answer, Peer, Sender, Transport } from './transport.ts';

/** How a registry is reached, and what it first said. */
export interface Contact {
  readonly origin: URL;
  /** The answer to `GET /v2/` without credentials; its body is gone. */
  readonly answer: Answer;
}

/** Docker Hub's API has another name than the registry. */
const addresses: Readonly<Record<string, string>> = {
  'docker.io': 'registry-1.docker.io',
  'index.docker.io': 'registry-1.docker.io',
};

/**
 * Finds out how a registry is reached: by https, or an insecure one by http when https fails.
 * @throws RegistryError when it cannot be reached.
 * @see distribution-spec v1.1, end-1
 */
export async function contactRegistry(
  transport: Sender & Pick<Transport, 'isInsecure'>,
  peer: Peer,
): Promise<Contact> {
  if (!(await transport.isInsecure(peer))) return greet(transport, peer, 'https');
  try {
    return await greet(transport, peer, 'https');
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const plain = await greet(transport, peer, 'http').catch((failure: unknown) => {
      // A server without TLS that hangs reports that; if both fail to connect, the first error is given.
      const isSlow = failure instanceof RegistryError && failure.code === 'TIMEOUT';
      throw isSlow ? failure : error;
    });
    // A TLS server answers http like this: then the connection failed before, not TLS.
    if (plain.answer.status === 400) throw error;
    return plain;
  }
}

async function greet(sender: Sender, peer: Peer, scheme: string): Promise<Contact> {
  const origin = new URL(`${scheme}://${addresses[peer.name] ?? peer.name}`);
  const url = new URL('/v2/', origin);
  const isGreeting = true as const;
  const answer = await sendFollowing(sender, { method: 'GET', url, headers: {}, peer, isGreeting });
  await answer.drop();
  return { origin, answer };
}
