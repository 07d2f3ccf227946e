import { describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/registry/auth.ts';
import { mergeScopes, scopesFor } from '../../src/registry/scope.ts';
import type { Answer, WireRequest } from '../../src/registry/transport.ts';
import { fakeClock, loginAs } from '../support/wire.ts';

function answer(url: URL, header: Record<string, string>, body: string): Answer {
  return {
    asked: { method: 'GET', url },
    status: 200,
    body: (async function* () {
      yield new TextEncoder().encode(body);
    })(),
    header: (name) => header[name],
    drop: async () => {},
  };
}

/** Asks for a token as a registry at `registry` demands, whose challenge names `realm`; gives what was sent. */
async function askFor(registry: string, realm: string, body = '{"token":"t"}') {
  const sent: WireRequest[] = [];
  const auth = new Authenticator({
    registry: 'registry.test',
    ...loginAs({ kind: 'basic', username: 'alice', password: 'secret' }),
    clock: fakeClock(),
    sender: {
      async send(request) {
        sent.push(request);
        return answer(request.url, {}, body);
      },
    },
  });
  const header = { 'www-authenticate': `Bearer realm="${realm}",service="s"` };
  const access = { repository: 'app', verb: 'pull' } as const;
  await auth.learn(answer(new URL(registry), header, ''), access);
  const authorization = await auth.authorize(access);
  return { authorization, to: sent[0]?.url.href, headers: sent[0]?.headers };
}

describe('a token service', () => {
  const registry = 'https://registry.test/v2/';

  it('is asked for the repository, by name and password', async () => {
    const { authorization, to, headers } = await askFor(
      registry,
      'https://auth.registry.test/token',
    );
    expect(authorization).toBe('Bearer t');
    expect(to).toBe(
      'https://auth.registry.test/token?service=s&scope=repository%3Aapp%3Apull&account=alice',
    );
    expect(headers?.['authorization']).toBe('Basic YWxpY2U6c2VjcmV0');
  });

  it('gets no password over http from a registry that has TLS', async () => {
    const asked = askFor(registry, 'http://auth.registry.test/token');
    await expect(asked).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('is reached with TLS where the registry names itself by http', async () => {
    const { to } = await askFor(registry, 'http://registry.test/token');
    expect(to).toMatch(/^https:\/\/registry\.test\/token\?/);
  });

  it('may be without TLS like its registry', async () => {
    const { to } = await askFor('http://registry.test/v2/', 'http://auth.registry.test/token');
    expect(to).toMatch(/^http:\/\/auth\.registry\.test\/token\?/);
  });

  it('may call the token an access token, and has to give one', async () => {
    const realm = 'https://auth.registry.test/token';
    const { authorization } = await askFor(registry, realm, '{"access_token":"a"}');
    expect(authorization).toBe('Bearer a');
    await expect(askFor(registry, realm, '{}')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('has to be named', async () => {
    await expect(askFor(registry, 'file:///token')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});

describe('the scopes of a token', () => {
  it('cover reading, writing, and the source of a mount', () => {
    expect(scopesFor({ verb: 'pull' })).toEqual([[]]);
    expect(scopesFor({ verb: 'pull', repository: 'a/b' })).toEqual([['repository:a/b:pull']]);
    expect(scopesFor({ verb: 'push', repository: 'a', from: 'b' })).toEqual([
      ['repository:a:pull,push', 'repository:b:pull'],
    ]);
  });

  it('have, for a delete, other forms for services that know no "*" or no "delete"', () => {
    expect(scopesFor({ verb: 'delete', repository: 'a' })).toEqual([
      ['repository:a:*'],
      ['repository:a:pull,push,delete'],
      ['repository:a:pull,push'],
    ]);
  });

  it('are joined with those that the registry names', () => {
    const named = ['repository:a:push', 'repository:a:delete', 'registry:catalog:*'];
    expect(mergeScopes(['repository:a:pull', ...named])).toEqual([
      'repository:a:pull,push,delete',
      'registry:catalog:*',
    ]);
  });
});
