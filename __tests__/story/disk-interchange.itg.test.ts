import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConfigFile } from '../../src/run/index.ts';
import * as run from '../../src/run/index.ts';
import { hasDockerRegistry } from '../support/docker-registry.ts';
import { makeImage } from '../support/images.ts';
import { type Lab, makeLab } from '../support/lab.ts';
import { hasOcMirror, runOcMirror } from '../support/oc-mirror.ts';
import { publishCatalog, type TestPackage } from '../support/operators.ts';
import { sourceOf } from '../support/wire.ts';

const isThere = hasOcMirror() && hasDockerRegistry('registry');
if (!isThere)
  process.stdout.write('oc-mirror or Distribution 3 is missing: no exchange of archives.\n');

const packages: readonly TestPackage[] = [
  { name: 'acm', versions: ['1.0.0', '1.1.0'], shares: ['proxy'] },
  { name: 'kiali', versions: ['2.0.0'] },
];

/** Where one tool works on one side of the gap. */
interface Side {
  readonly directory: string;
  readonly home: string;
  readonly cache: string;
}

function sideOf(lab: Lab, name: string): Side {
  const directory = join(dirname(lab.workspace), name, 'archive');
  const home = join(dirname(lab.workspace), name, 'home');
  for (const path of [directory, home]) mkdirSync(path, { recursive: true });
  return { directory, home, cache: join(home, '.oc-mirror/.cache') };
}

function carry(from: Side, to: Side): void {
  for (const name of readdirSync(from.directory)) {
    if (name.endsWith('.tar')) renameSync(join(from.directory, name), join(to.directory, name));
  }
}

/** Runs oc-mirror on one side, without signatures. */
async function ocMirror(lab: Lab, { home }: Side, words: readonly string[]): Promise<string> {
  return await runOcMirror(lab, home, [...words, '--remove-signatures=true']);
}

async function toDisk(lab: Lab, file: ConfigFile, side: Side) {
  const { directory, cache } = side;
  return await run.mirror(
    lab.settings({ target: 'localhost:55000', workspace: join(directory, 'working-dir') }),
    {
      files: [file],
      dryRun: 'no',
      destination: 'disk',
      toDisk: { directory, cache, stream: 'team-a', large: 'alone' },
    },
    () => {},
  );
}

async function fromDisk(lab: Lab, file: ConfigFile, { directory, cache }: Side) {
  const workspace = join(directory, 'working-dir');
  return await run.mirror(
    lab.settings({ target: `${lab.target.host}/inside`, workspace }),
    { files: [file], dryRun: 'no', destination: 'registry', fromDisk: { directory, cache } },
    () => {},
  );
}

async function setUp() {
  const lab = await makeLab({ kind: 'distribution-3' });
  await publishCatalog(lab, 'acme/index:v1', packages);
  const app = makeImage({ seed: 'app' });
  const repository = lab.wire.repository(lab.source.host, 'team/app');
  for (const { descriptor, bytes } of app.blobs) {
    await repository.blobs.push(descriptor, sourceOf(bytes));
  }
  await repository.manifests.push(app.manifest, 'latest');
  const { host } = lab.source;
  const file: ConfigFile = {
    name: 'isc.yaml',
    text: `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
mirror:
  platform:
    channels: [{name: stable-4.16, minVersion: 4.16.5, maxVersion: 4.16.5}]
  operators:
    - {catalog: "${host}/acme/index:v1", packages: [{name: acm}]}
  additionalImages:
    - {name: "${host}/team/app:latest", targetRepo: else/where, targetTag: stable}
`,
  };
  const config = join(dirname(lab.workspace), file.name);
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, file.text);
  return { lab, file, config };
}

/** Counts the requests that the source got. */
function requestsOf({ source }: Lab): number {
  return readFileSync(source.accessLog ?? '', 'utf8').split('\n').length;
}

/** The tags of everything that was mirrored. */
async function mirrored(lab: Lab) {
  const open = (name: string) => lab.wire.repository(lab.target.host, `inside/${name}`);
  const tagsOf = async (name: string) => [...((await open(name).tags.list()) ?? [])].sort();
  return {
    releases: await tagsOf('openshift/release-images'),
    components: (await tagsOf('openshift/release')).length,
    app: await tagsOf('else/where'),
    index: await tagsOf('acme/index'),
    bundle: await tagsOf('acme/acm-bundle'),
    operands: await tagsOf('acme/operand'),
  };
}

describe.runIf(isThere)('archives', () => {
  it('of this tool are loaded by oc-mirror', { timeout: 240_000 }, async () => {
    const { lab, file, config } = await setUp();
    const [outside, inside] = [sideOf(lab, 'outside'), sideOf(lab, 'inside')];
    const written = await toDisk(lab, file, outside);
    expect([written.failures, written.imageFailures]).toEqual([[], []]);
    carry(outside, inside);
    const asked = requestsOf(lab);
    const from = `file://${inside.directory}`;
    const out = await ocMirror(lab, inside, [
      '-c',
      config,
      '--from',
      from,
      `docker://${lab.target.host}/inside`,
    ]);
    expect(out).toContain('operator images mirrored successfully');
    expect(requestsOf(lab)).toBe(asked);
    const found = await mirrored(lab);
    expect(found).toMatchObject({
      releases: ['4.16.5-x86_64'],
      components: 7,
      app: ['stable'],
      index: ['v1'],
    });
    expect(found.bundle).toHaveLength(1);
    expect(found.operands).toHaveLength(2);
  });

  it('of oc-mirror are loaded here', { timeout: 240_000 }, async () => {
    const { lab, file, config } = await setUp();
    const [outside, inside] = [sideOf(lab, 'outside'), sideOf(lab, 'inside')];
    await ocMirror(lab, outside, ['-c', config, `file://${outside.directory}`]);
    carry(outside, inside);
    const asked = requestsOf(lab);
    const loaded = await fromDisk(lab, file, inside);
    expect([loaded.failures, loaded.imageFailures]).toEqual([[], []]);
    expect(requestsOf(lab)).toBe(asked);
    const found = await mirrored(lab);
    expect(found).toMatchObject({
      releases: ['4.16.5-x86_64'],
      components: 7,
      app: ['stable'],
      index: ['v1'],
    });
    expect(found.bundle).toHaveLength(1);
    expect(found.operands).toHaveLength(2);
  });

  it('go on from the cache and the history that oc-mirror left', { timeout: 240_000 }, async () => {
    const { lab, file, config } = await setUp();
    const outside = sideOf(lab, 'outside');
    await ocMirror(lab, outside, ['-c', config, `file://${outside.directory}`]);
    const again = await toDisk(lab, file, outside);
    expect([again.failures, again.imageFailures]).toEqual([[], []]);
    // All but the filtered catalog, which differs from oc-mirror's, was archived by oc-mirror.
    expect(again.archive?.generation).toBe(2);
    expect(again.archive?.blobs).toBeLessThan(8);
  });
});
