import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  makeUpstream,
  type ServedUpstream,
  serveUpstream,
  type Upstream,
} from '../../src/fake-upstream/index.ts';
import { addWorkflow, missingForAct, runAct } from '../support/act.ts';
import {
  hasRealRegistry,
  plainSink,
  type RealRegistry,
  startRealRegistry,
  writesOf,
} from '../support/real-registry.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { TempRepository } from '../support/temp-repository.ts';

const missing =
  missingForAct() ?? (hasRealRegistry() ? undefined : 'docker-registry is not on PATH');
if (missing) process.stderr.write(`act.itg: skipped, ${missing}\n`);

const shape = { components: 6, shared: 3 };

function imageSet(minVersion: string): string {
  return [
    'kind: ImageSetConfiguration',
    'apiVersion: mirror.openshift.io/v2alpha1',
    'mirror:',
    '  platform:',
    '    channels:',
    '      - name: stable-4.16',
    `        minVersion: ${minVersion}`,
    '        maxVersion: 4.16.6',
    '',
  ].join('\n');
}

describe.skipIf(missing !== undefined)('the action under act, without any service', () => {
  let source: RealRegistry;
  let target: RealRegistry;
  let upstream: Upstream;
  let served: ServedUpstream;
  let directory: string;

  beforeEach(async () => {
    directory = tempDirectory();
    source = await startRealRegistry(join(directory, 'source'));
    target = await startRealRegistry(join(directory, 'target'));
    const channels = { 'stable-4.16': ['4.16.5', '4.16.6'] };
    upstream = await makeUpstream({ ...shape, registry: source.host, channels });
    await upstream.fill(plainSink(source.host));
    served = await serveUpstream(upstream);
    writeFileSync(join(directory, 'release.asc'), upstream.key.publicKey);
  });

  afterEach(async () => {
    await served.close();
    source.stop();
    target.stop();
  });

  function createRepository(): TempRepository {
    const repository = new TempRepository();
    repository.write('imageset-config.yaml', imageSet('4.16.5'));
    addWorkflow(repository, {
      target: `docker://${target.host}`,
      'insecure-registries': JSON.stringify(`${source.host}\n${target.host}`),
      'signature-keys': join(directory, 'release.asc'),
      workspace: join(directory, 'workspace'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the runner
      approve: '${{ github.event.approve }}',
    });
    repository.commit('first');
    return repository;
  }

  const start = (repository: TempRepository, event: string, payload: unknown) =>
    runAct(repository, directory, {
      event,
      payload,
      env: served.env,
      words: ['--no-cache-server'],
    });
  const push = (repository: TempRepository, payload: unknown = {}) =>
    start(repository, 'push', payload);

  async function tags(): Promise<string[]> {
    const answer = await fetch(`http://${target.host}/v2/openshift/release/tags/list`);
    return ((await answer.json()) as { tags: string[] | null }).tags ?? [];
  }

  /** Answers whether a tag's manifest and all its blobs can be pulled. */
  async function pulls(tag: string): Promise<boolean> {
    const root = `http://${target.host}/v2/openshift/release`;
    const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' };
    const answer = await fetch(`${root}/manifests/${tag}`, { headers });
    if (!answer.ok) return false;
    const { config, layers } = (await answer.json()) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    const heads = [config, ...layers].map(({ digest }) =>
      fetch(`${root}/blobs/${digest}`, { method: 'HEAD' }),
    );
    return (await Promise.all(heads)).every((head) => head.ok);
  }

  it('mirrors on push, plans on a pull request without a write, deletes after the merge what is not shared', async () => {
    using repository = createRepository();
    const first = await push(repository);
    expect(first.outputs, first.log).toMatchObject({ outcome: 'applied', 'failed-count': '0' });
    expect(await tags()).toHaveLength(2 * shape.components);

    const before = repository.git('rev-parse', 'HEAD');
    repository.write('imageset-config.yaml', imageSet('4.16.6'));
    const head = repository.commit('raise minVersion');
    const written = writesOf(target.requests).length;
    const pull = { number: 1, base: { sha: before }, head: { sha: head } };
    const planned = await start(repository, 'pull_request', { number: 1, pull_request: pull });
    expect(planned.warnings.toSorted()).toEqual(['no-artifact', 'no-cache', 'no-comment']);
    expect(planned.outputs, planned.log).toMatchObject({
      outcome: 'planned',
      'has-changes': 'true',
      'mirror-count': '0',
    });
    expect(writesOf(target.requests).slice(written)).toEqual([]);
    const list = readFileSync(planned.outputs['delete-list-path'] ?? '', 'utf8');
    expect(list).toContain('kind: DeleteImageList');
    const digest = planned.outputs['plan-digest'];

    const waiting = await push(repository, { before });
    expect(waiting.outputs, waiting.log).toMatchObject({
      outcome: 'partial',
      'plan-digest': digest,
    });
    expect(waiting.warnings.toSorted()).toEqual(['no-artifact', 'no-cache', 'no-review']);
    expect(await tags()).toHaveLength(2 * shape.components);

    const merged = await push(repository, { before, approve: digest });
    expect(merged.outputs, merged.log).toMatchObject({ outcome: 'applied', 'failed-count': '0' });
    const left = await tags();
    expect(left.filter((tag) => tag.startsWith('4.16.5'))).toEqual([]);
    expect(left).toHaveLength(shape.components);
    expect(await Promise.all(left.map(pulls))).toEqual(left.map(() => true));

    const settled = writesOf(target.requests).length;
    const again = await push(repository, { before });
    expect(again.outputs, again.log).toMatchObject({ outcome: 'nothing', 'has-changes': 'false' });
    expect(writesOf(target.requests).slice(settled)).toEqual([]);
  }, 300_000);
});
