import { type Env, inputText } from './inputs.ts';

/**
 * Gives the texts that must never be shown: the secret inputs, and the credentials inside the pull secret.
 * Does not validate, so it can run before anything fails.
 */
export function secretsOf(env: Env): readonly string[] {
  const pullSecret = inputText(env, 'pull-secret');
  const whole = [pullSecret, inputText(env, 'password'), inputText(env, 'github-token')];
  const lines = pullSecret.split(/\r?\n/).map((line) => line.trim());
  // A line such as "{" would mask every brace of the log.
  const long = lines.filter((line) => line.length > 16);
  return [...new Set([...whole, ...long, ...credentialsIn(pullSecret)])].filter(Boolean);
}

function credentialsIn(pullSecret: string): string[] {
  const found: string[] = [];
  try {
    JSON.parse(pullSecret, (key, value: unknown) => {
      if (typeof value !== 'string' || !credentialKeys.has(key)) return value;
      found.push(value);
      // The auth of a login is base64 of `name:password`.
      if (key === 'auth') found.push(...passwordIn(Buffer.from(value, 'base64').toString('utf8')));
      return value;
    });
  } catch {
    // The text is not JSON: readInputs reports it, and the whole text is masked already.
  }
  return found;
}

const credentialKeys = new Set(['auth', 'password', 'identitytoken', 'registrytoken']);

function passwordIn(login: string): string[] {
  const password = login.slice(login.indexOf(':') + 1);
  return login.includes(':') && password !== '' ? [password] : [];
}
