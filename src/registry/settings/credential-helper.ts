import { spawn } from 'node:child_process';
import { RegistryError } from '../../errors.ts';
import type { Credential } from '../options.ts';
import { credentialHost, userCredential } from './auth-file.ts';

/** How a helper is run. */
export interface CredentialHelperOptions {
  /** The environment it gets; `PATH` finds it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which it is killed; 30 s when absent: some helpers ask a cloud service. */
  readonly timeoutMs?: number;
}

/** A helper answers with a few hundred bytes; past this many it is not speaking the protocol. */
const maxAnswerBytes = 1024 * 1024;

/** The one failure that means "none": the text is the protocol here, there is no other sign. */
const notFound = 'credentials not found in native keychain';

/**
 * Asks a docker credential helper for a registry's credential; `undefined` when it keeps none.
 *
 * Effects: runs `docker-credential-<name> get` and writes the server's name to its standard input.
 * @throws RegistryError `CREDENTIALS` when the name is no plain name, or the helper is missing, fails or hangs; what it
 *   printed is not shown, for it may hold a secret.
 * @see docker/docker-credential-helpers, "Development"
 */
export async function askCredentialHelper(
  name: string,
  registry: string,
  options: CredentialHelperOptions,
): Promise<Credential | undefined> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new RegistryError('CREDENTIALS', 'The name of a credential helper is not a plain name.', {
      hint: 'Write "credHelpers" and "credsStore" as names like "ecr-login": letters, digits, dots and dashes, no path.',
    });
  }
  const { code, answer } = await run(`docker-credential-${name}`, serverName(registry), options);
  if (code === 0) return readAnswer(answer, name);
  if (answer.trim() === notFound) return undefined;
  throw failure(
    name,
    `ended with ${code === null ? 'a timeout or a signal' : `exit code ${code}`}`,
  );
}

/** Docker files Docker Hub's credential under this URL, and its helpers know no other name. */
function serverName(registry: string): string {
  const host = credentialHost(registry);
  return host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
}

function failure(name: string, what: string, cause?: unknown): RegistryError {
  return new RegistryError(
    'CREDENTIALS',
    `The credential helper docker-credential-${name} ${what}.`,
    {
      hint: `Run "docker-credential-${name} get" by hand, or name an auth file without helpers.`,
      cause,
    },
  );
}

function readAnswer(answer: string, name: string): Credential | undefined {
  let json: unknown;
  try {
    json = JSON.parse(answer);
  } catch {
    throw failure(name, 'did not answer with JSON');
  }
  const { Username: username, Secret: secret } = (json ?? {}) as Record<string, unknown>;
  if (typeof username !== 'string' || typeof secret !== 'string') {
    throw failure(name, 'answered without "Username" and "Secret"');
  }
  return secret === '' ? undefined : userCredential(username, secret);
}

/** Exit code (`null` for a signal) and standard output of a helper. */
interface Ended {
  readonly code: number | null;
  readonly answer: string;
}

function run(command: string, input: string, options: CredentialHelperOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, ['get'], {
      env: options.env,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: options.timeoutMs ?? 30_000,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > maxAnswerBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.on('error', (cause) => {
      // A program that is missing never ends, so its timer would keep this process alive. This event stops the timer.
      if (child.pid === undefined) child.emit('exit');
      reject(failure(command.replace('docker-credential-', ''), 'could not be run', cause));
    });
    child.on('close', (code) => resolve({ code, answer: Buffer.concat(chunks).toString('utf8') }));
    // A helper that ends without reading its input breaks the pipe; its exit code tells the story.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
