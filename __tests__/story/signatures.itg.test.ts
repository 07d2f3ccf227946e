import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cosignTags } from '../../src/signature/index.ts';
import { hasDockerRegistry } from '../support/docker-registry.ts';
import { makeImage, makeIndex, type TestImage } from '../support/images.ts';
import { change, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { makeSigstoreKey } from '../support/sigstore.ts';
import { put, repositoryOf } from './hands.ts';

const registries = [
  ['Distribution 2.8', 'docker', 'docker-registry'],
  ['Distribution 3', 'distribution-3', 'registry'],
] as const;
const present = registries.filter(([, , program]) => hasDockerRegistry(program));

/** Tells whether a program is on the path. */
function has(program: string, ...words: readonly string[]): boolean {
  return spawnSync(program, words).status === 0;
}

async function tempDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'imageset-mirror-signatures-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const images = ['signed', 'unsigned'] as const;
const imageOf = (name: string) => makeImage({ seed: name });
const digestOf = (name: string) => imageOf(name).manifest.descriptor.digest;

/** A lab with a signed image, one that nobody signed, and an index of which each image is signed. */
async function start(kind: 'docker' | 'distribution-3') {
  const lab = await makeLab({ kind, upstream: { components: 1, channels: {} } });
  const source = repositoryOf(lab, lab.source, 'team/app');
  for (const name of images) await put(source, imageOf(name), name);
  const files = (...names: readonly string[]) => [
    imagesConfig(names.map((name) => `${lab.source.host}/team/app:${name}`)),
  ];
  return { lab, source, files, target: repositoryOf(lab, lab.target, 'team/app') };
}

/** Prepares to copy tags of a mirror under a policy that asks for signatures by a key; an image that is taken gives no text. */
async function judgeBy(publicKey: string, { source, target }: Lab) {
  const directory = await tempDirectory();
  const file = (path: string) => join(directory, path);
  await writeFile(file('key.pub'), publicKey);
  const identity = { type: 'exactRepository', dockerRepository: `${source.host}/team/app` };
  const rule = { type: 'sigstoreSigned', keyPath: file('key.pub'), signedIdentity: identity };
  await writeFile(file('policy.json'), JSON.stringify({ default: [rule] }));
  await writeFile(file('default.yaml'), 'default-docker:\n  use-sigstore-attachments: true\n');
  // Clusters pull by digest; a signature of a digest names no tag.
  return ({ manifest: { descriptor } }: TestImage): string => {
    const words = [
      ...['--policy', file('policy.json'), '--registries.d', directory],
      ...['copy', '--all', '--remove-signatures', '--src-tls-verify=false', '--quiet'],
      ...[`docker://${target.host}/team/app@${descriptor.digest}`, `oci:${file('taken')}`],
    ];
    return spawnSync('skopeo', words, { encoding: 'utf8' }).stderr;
  };
}

/** Prepares cosign, of version 2 or 3, in a directory of its own. It signs with a key, and without a log. */
async function openCosign() {
  const directory = await tempDirectory();
  const env = { ...process.env, COSIGN_PASSWORD: '', HOME: directory };
  const run = (...words: readonly string[]) => {
    const ran = spawnSync('cosign', words, { cwd: directory, env, encoding: 'utf8' });
    return { ok: ran.status === 0, text: ran.stderr, said: ran.stdout };
  };
  await writeFile(join(directory, 'predicate.json'), '{"built":"by hand"}');
  const isThird = /GitVersion:\s+v3/.test(run('version').said);
  const offline = ['--tlog-upload=false', ...(isThird ? ['--use-signing-config=false'] : [])];
  return {
    run,
    isThird,
    bundle: '--new-bundle-format',
    signing: ['--key', 'cosign.key', ...offline, '--yes'],
    attested: ['--predicate', 'predicate.json', '--type', 'custom'],
  };
}

describe.each(present)('on %s', { timeout: 120_000 }, (_name, kind) => {
  it.skipIf(!has('skopeo', '--version'))(
    'skopeo takes from the mirror exactly the images that were signed at their source',
    async ({ skip }) => {
      const { lab, source, files } = await start(kind);
      const key = makeSigstoreKey();
      const name = `${lab.source.host}/team/app`;
      const children = ['amd64', 'arm64'].map((seed) => makeImage({ seed, architecture: seed }));
      const index = makeIndex(children);
      await put(source, index, 'multi');
      const all = [imageOf('signed'), index, ...children];
      for (const { manifest } of all) {
        const { digest } = manifest.descriptor;
        await put(source, key.sign(digest, name), cosignTags(digest)[0]);
      }
      const { applied } = await lab.apply(change([], files('signed', 'unsigned', 'multi')));
      expect(applied?.result.status).toBe('applied');

      const judge = await judgeBy(key.publicKey, lab);
      const verdicts = [imageOf('signed'), index, imageOf('unsigned')].map(judge);
      // Debian builds skopeo without the verification of these signatures.
      if (verdicts.some((text) => text.includes('sigstore disabled'))) return skip();
      expect(verdicts).toEqual([
        '',
        '',
        expect.stringContaining('A signature was required, but no signature exists'),
      ]);
    },
  );

  it.skipIf(!has('cosign', 'version'))(
    'cosign verifies in the mirror what it signed and attested at the source, until the image goes',
    async () => {
      const { lab, files, target } = await start(kind);
      const cosign = await openCosign();
      const at = (host: string) => `${host}/team/app@${digestOf('signed')}`;
      const own = at(lab.source.host);
      for (const words of [
        ['generate-key-pair'],
        ['trusted-root', 'create', '--out', 'root.json'],
        ['sign', ...cosign.signing, own],
        ['attest', ...cosign.signing, ...cosign.attested, own],
        ['attest', ...cosign.signing, ...cosign.attested, cosign.bundle, own],
      ]) {
        expect(cosign.run(...words)).toMatchObject({ ok: true });
      }
      const both = files('signed', 'unsigned');
      const { planned } = await lab.apply(change([], both));
      // From version 3 on all of them are bundles, which one list of referrers names.
      expect(planned.plan?.totals.signatures).toMatchObject({ mirror: cosign.isThird ? 1 : 3 });
      const mirrored = at(lab.target.host);
      const checked = ['--key', 'cosign.pub', '--insecure-ignore-tlog'];
      const root = ['--trusted-root', 'root.json'];
      const verify = () =>
        cosign.run('verify', ...checked, ...(cosign.isThird ? root : []), mirrored);
      expect(verify()).toMatchObject({ ok: true });
      const attestation = ['verify-attestation', ...checked, '--type', 'custom'];
      if (!cosign.isThird) expect(cosign.run(...attestation, mirrored)).toMatchObject({ ok: true });
      const bundled = cosign.run(...attestation, cosign.bundle, ...root, mirrored);
      expect(bundled).toMatchObject({ ok: true });

      const { applied } = await lab.apply(change(both, files('unsigned')));
      expect(applied?.result.status).toBe('applied');
      expect(verify()).toMatchObject({ ok: false });
      expect(await target.tags.list()).toEqual(['unsigned']);
    },
  );
});
