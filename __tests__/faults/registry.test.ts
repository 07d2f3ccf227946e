import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeRegistry, serve } from '../../src/fake-registry/index.ts';
import { pushTo } from '../support/images.ts';
import { change, channelConfig, imagesConfig } from '../support/lab.ts';
import { testTls } from '../support/tls.ts';
import { fakeClock } from '../support/wire.ts';
import { imageAt, layerOf, makeScene, type Scene } from './scene.ts';

/** Nothing listens there. */
const nowhere = '127.0.0.1:1';

/** Serves a registry with the scene's images behind a certificate that nobody vouches for. */
async function startUnknown({ images }: Scene): Promise<string> {
  const fake = createFakeRegistry();
  pushTo(fake.store, 'team/bad', 'v1', images.bad);
  const served = await serve(fake, { cert: testTls.certificate, key: testTls.key });
  onTestFinished(served.close);
  return served.host.replace('127.0.0.1', '0.0.0.0');
}

/** Runs again without the fault: everything is there then, and nothing else. */
async function expectWholeAgain(scene: Scene): Promise<void> {
  for (const fake of [scene.from, scene.to]) fake.faults.clear();
  expect(await scene.attempt()).toMatchObject({ imageFailures: [], failures: [] });
  expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
}

describe('a source', () => {
  it('that cannot be reached fails its own image, by name', async () => {
    const scene = await makeScene();
    const file = imagesConfig([imageAt(nowhere, 'bad'), imageAt(scene.source.host, 'good')]);
    expect(await scene.attempt({}, file)).toMatchObject({
      imageFailures: [
        {
          origin: imageAt(nowhere, 'bad'),
          side: 'source',
          message: expect.stringMatching(/team\/bad:v1 failed at the source: .*cannot be reached/),
          hint: expect.stringContaining(`check that ${nowhere} is right, its port too, and up`),
        },
      ],
    });
    expect(scene.seen()).toEqual(scene.mirrored('good'));
    await expectWholeAgain(scene);
  });

  it('whose certificate nobody vouches for fails its own image, and says how to trust it', async () => {
    const scene = await makeScene();
    const host = await startUnknown(scene);
    const file = imagesConfig([imageAt(host, 'bad'), imageAt(scene.source.host, 'good')]);
    expect(await scene.attempt({}, file)).toMatchObject({
      imageFailures: [
        {
          origin: imageAt(host, 'bad'),
          side: 'source',
          message: expect.stringMatching(/failed at the source: TLS with 0\.0\.0\.0:\d+ failed/),
          hint: expect.stringMatching(/Put the authority of .* into certs\.d/),
        },
      ],
    });
    expect(scene.seen()).toEqual(scene.mirrored('good'));
    expect(await scene.attempt({ caBundle: testTls.ca }, file)).toMatchObject({
      imageFailures: [],
    });
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good'));
  });

  it.each([
    [401, /^Check the credentials for /],
    [403, /^Give the account that is used for /],
    [404, / has to be pushed there again/],
    [500, /^Look into the log of /],
    [503, /^Look into the log of /],
  ])('that answers %i fails its own image and no other', async (status, hint) => {
    const scene = await makeScene();
    const path = new RegExp(`team/bad/blobs/${layerOf(scene.images.bad)}`);
    scene.from.faults.add({ path, status, times: 99 });
    expect(await scene.attempt()).toMatchObject({
      imageFailures: [
        {
          origin: imageAt(scene.source.host, 'bad'),
          side: 'source',
          message: expect.stringMatching(
            new RegExp(
              `${scene.source.host}/team/bad@sha256:.* failed at the source: .* ${status}`,
            ),
          ),
          hint: expect.stringMatching(hint),
        },
      ],
    });
    expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
    await expectWholeAgain(scene);
  });

  it('that lacks an image fails that image alone', async () => {
    const scene = await makeScene();
    scene.from.store.get('team/bad')?.tags.delete('v1');
    expect(await scene.attempt()).toMatchObject({
      imageFailures: [
        {
          origin: imageAt(scene.source.host, 'bad'),
          side: 'source',
          message: expect.stringContaining('team/bad:v1 is not there'),
          hint: expect.stringContaining('Check the name and tag'),
        },
      ],
    });
    expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
  });

  it('that is overrun is given the time that it asks for', async () => {
    const scene = await makeScene();
    const clock = fakeClock();
    scene.from.faults.add({ path: /blobs/, status: 429, headers: { 'retry-after': '7' } });
    expect(await scene.attempt({ clock })).toMatchObject({ imageFailures: [] });
    expect(Math.max(...clock.slept)).toBe(7_000);
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });

  it('that stays overrun fails its image, and says how long it asked to wait', async () => {
    const scene = await makeScene();
    const headers = { 'retry-after': '7' };
    scene.from.faults.add({ path: /team\/bad\/blobs/, status: 429, headers, times: 99 });
    expect(await scene.attempt()).toMatchObject({
      imageFailures: [
        {
          side: 'source',
          message: expect.stringMatching(/answered 429.*It asks to wait 7 s.*tried 3 times/),
          hint: expect.stringContaining('Lower "parallel"'),
        },
      ],
    });
    await expectWholeAgain(scene);
  });

  it('that answers every fifth request by 503, and once by a page of a proxy, is survived', async () => {
    const scene = await makeScene();
    const headers = { 'content-type': 'text/html' };
    scene.from.faults.add(
      { status: 503, every: 5, times: 99 },
      { path: /blobs/, status: 502, headers, body: '<html>Bad Gateway</html>' },
    );
    const report = await scene.attempt();
    expect(report).toMatchObject({ imageFailures: [], traffic: { retries: expect.any(Number) } });
    expect(scene.from.log.entries.filter(({ status }) => status >= 500).length).toBeGreaterThan(2);
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });
});

describe('a target', () => {
  it('that cannot be reached ends the run before anything is read or written', async () => {
    const scene = await makeScene();
    expect(await scene.attempt({ target: nowhere })).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining(`checking registry "${nowhere}" access`),
      hint: expect.stringContaining(nowhere),
    });
    expect(scene.seen()).toEqual({});
  });

  it('that cannot be reached gives no plan', async () => {
    const scene = await makeScene();
    const planned = scene.plan(change([], [scene.file]), { target: nowhere });
    await expect(planned).rejects.toMatchObject({
      code: 'UNREACHABLE',
      side: 'target',
      message: expect.stringMatching(/^At the target 127\.0\.0\.1:1: /),
      hint: expect.stringContaining(nowhere),
    });
  });

  it('whose certificate nobody vouches for ends the run, and says how to trust it', async () => {
    const scene = await makeScene();
    const target = await startUnknown(scene);
    expect(await scene.attempt({ target })).toMatchObject({
      code: 'CERTIFICATE',
      message: expect.stringContaining(target),
      hint: expect.stringMatching(/Put the authority of .* into certs\.d/),
    });
  });

  it('that asks for a login which nobody has ends the run before anything is written', async () => {
    const auth = { kind: 'basic', users: { user: { password: 'secret' } } } as const;
    const scene = await makeScene({ target: { auth } });
    expect(await scene.attempt()).toMatchObject({
      code: 'UNAUTHORIZED',
      hint: expect.stringContaining('Check the credentials'),
    });
    expect(scene.to.log.writes()).toEqual([]);
    const destination = { username: 'user', password: 'secret' };
    expect(await scene.attempt({ destination })).toMatchObject({ imageFailures: [] });
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });

  it.each([
    [403, /^Give the account that is used for /],
    [404, /^Check the name of the repository/],
    [500, /^Look into the log of /],
  ])('that answers a push by %i fails that image and no other', async (status, hint) => {
    const scene = await makeScene();
    scene.to.faults.add({ method: 'POST', path: /team\/bad/, status, times: 99 });
    expect(await scene.attempt()).toMatchObject({
      imageFailures: [
        {
          origin: imageAt(scene.source.host, 'bad'),
          side: 'target',
          message: expect.stringMatching(
            new RegExp(
              `${scene.target.host}/team/bad@sha256:.* failed at the target: .* ${status}`,
            ),
          ),
          hint: expect.stringMatching(hint),
        },
      ],
    });
    expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
    await expectWholeAgain(scene);
  });

  it('that loses connections and answers every fifth request by 503 is survived', async () => {
    const scene = await makeScene();
    scene.to.faults.add(
      { method: 'PUT', path: /team\/bad\/manifests/, reset: true },
      { method: 'PUT', path: /team\/good\/blobs/, reset: true },
      { method: 'POST', path: /team\/other/, status: 429, headers: { 'retry-after': '1' } },
      { status: 503, every: 5, times: 99 },
    );
    expect(await scene.attempt({ retryTimes: 5 })).toMatchObject({ imageFailures: [] });
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });
});

describe('an update service', () => {
  it.each([
    ['cannot be reached', { UPDATE_URL_OVERRIDE: `http://${nowhere}/graph` }, 'graph-unavailable'],
    [
      'cannot be asked for signatures',
      { OCP_SIGNATURE_URL: `http://${nowhere}/` },
      'release-unreadable',
    ],
  ])('that %s gives no plan, mirrors nothing and deletes nothing', async (_, changed, code) => {
    const scene = await makeScene();
    const both = channelConfig('4.16.5', '4.16.6');
    const newer = channelConfig('4.16.6', '4.16.6');
    await scene.mirror([both]);
    const before = scene.seen();
    scene.to.log.clear();
    const env = { ...scene.settings().env, ...changed };
    const workspace = `${scene.workspace}-new`;
    const { planned, applied } = await scene.apply(change([both], [newer]), { env, workspace });
    expect(applied).toBeUndefined();
    expect(planned.failures.map(({ diagnostic }) => diagnostic)).toMatchObject([
      { code, at: { line: expect.any(Number) }, detail: expect.stringContaining(nowhere) },
    ]);
    expect(scene.to.log.writes()).toEqual([]);
    expect(scene.seen()).toEqual(before);
  });
});
