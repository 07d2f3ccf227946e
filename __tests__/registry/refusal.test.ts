import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../src/log.ts';
import { createCredentialSource } from '../../src/registry/index.ts';
import { wired } from '../support/wire.ts';

const users = { alice: { password: 'secret' } };
const entry = (pair: string) => ({ auth: Buffer.from(pair).toString('base64') });

/** Asks a registry that wants credentials, and gives the hint of its refusal. */
async function hintOf(kind: 'basic' | 'bearer', auths: (host: string) => object | undefined) {
  let text: string | undefined;
  const lazy = () => createCredentialSource({ env: {}, authText: text, log: silentLogger });
  const wire = await wired(
    { auth: { kind, users } },
    {
      credentials: {
        lookup: (...words) => lazy().lookup(...words),
        explain: async (...words) => (await lazy().explain?.(...words)) ?? { looked: [] },
      },
    },
  );
  onTestFinished(wire.close);
  const found = auths(wire.host);
  text = found && JSON.stringify({ auths: found });
  const failure = await wire.registries
    .repository(wire.host, 'team/app')
    .manifests.resolve('v1')
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return { host: wire.host, hint: failure instanceof Error && Reflect.get(failure, 'hint') };
}

describe.each(['basic', 'bearer'] as const)('a refusal by %s says', (kind) => {
  it('which entry of which file was sent', async () => {
    const { host, hint } = await hintOf(kind, (name) => ({
      'quay.io': entry('alice:secret'),
      [`${name}/team`]: entry('alice:old'),
    }));
    expect(hint).toBe(
      `Renew the credentials for ${host}, which are wrong or expired: this run sent the entry "${host}/team" of the pull secret.`,
    );
    expect(hint).not.toMatch(/alice|old/);
  });

  it('that nothing was sent, and which files were looked at', async () => {
    const { host, hint } = await hintOf(kind, () => ({ 'quay.io': entry('alice:secret') }));
    expect(hint).toBe(
      `Add credentials for ${host} to the pull secret or auth file: none were sent, because the pull secret has no entry for ${host}.`,
    );
  });

  it('that there is no file to look at', async () => {
    const { hint } = await hintOf(kind, () => undefined);
    expect(hint).toMatch(/none were sent, because no auth file was found\.$/);
  });
});
