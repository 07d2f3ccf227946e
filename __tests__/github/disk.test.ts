import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAction } from '../../src/github/door.ts';
import type { ArtifactService } from '../../src/github/host.ts';
import * as run from '../../src/run/index.ts';
import { fakeHost } from '../support/fake-host.ts';
import { fakeViews } from '../support/fake-views.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { type Lab, makeLab } from '../support/lab.ts';
import { TempRepository } from '../support/temp-repository.ts';

/** One run of the action in a repository with one image set, on registries of this process. */
async function play(
  repository: TempRepository,
  lab: Lab,
  scene: {
    readonly inputs: Readonly<Record<string, string>>;
    readonly artifacts?: ArtifactService;
  },
) {
  repository.write(
    'imageset-config.yaml',
    `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
mirror:
  additionalImages:
    - name: ${lab.source.host}/app:one
`,
  );
  repository.commit();
  const { host, recorded } = fakeHost({
    ...scene,
    inputs: {
      target: `${lab.target.host}/team`,
      'insecure-registries': `${lab.source.host}\n${lab.target.host}`,
      workspace: join(repository.root, '.ws'),
      ...scene.inputs,
    },
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: repository.root,
      GITHUB_WORKSPACE: repository.root,
      RUNNER_TEMP: join(repository.root, '.tmp'),
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      GITHUB_REPOSITORY: 'team/mirror',
    },
  });
  const exitCode = await runAction(host, { jobs: run, views: fakeViews });
  return { ...recorded, exitCode, outputs: Object.fromEntries(recorded.outputs) };
}

function uploads() {
  const names: string[] = [];
  const artifacts: ArtifactService = {
    async upload(name, _root, files) {
      names.push(`${name}: ${files.length}`);
      return names.length;
    },
    download: () => Promise.reject(new Error('nothing is downloaded')),
  };
  return { names, artifacts };
}

describe('the action', () => {
  it('archives for a target that it does not contact, and loads into it without sources', async () => {
    using repository = new TempRepository();
    const lab = await makeLab();
    const store = lab.source.fake?.store;
    if (store) pushTo(store, 'app', 'one', makeImage({ seed: 'one' }));
    const { names, artifacts } = uploads();
    const archived = await play(repository, lab, { inputs: { command: 'archive' }, artifacts });
    expect(archived.exitCode).toBe(0);
    expect(lab.target.fake?.log.entries).toEqual([]);
    const stream = `${lab.target.host}-team`.replace(':', '-');
    expect(names).toEqual([`${stream}-g0001-mirror_000001: 1`]);
    expect(archived.lines.join('\n')).toContain(`see       artifact ${stream}-g0001-mirror_000001`);
    expect(archived.outputs).toMatchObject({ outcome: 'applied', 'mirror-count': '1' });
    expect(archived.summary).toContain(`Generation 1 of ${stream}: 4 blobs`);

    const carried = join(repository.root, 'carried');
    renameSync(archived.outputs['archive-path'] ?? '', carried);
    rmSync(join(repository.root, '.tmp'), { recursive: true });
    rmSync(join(repository.root, '.ws'), { recursive: true });
    const asked = lab.source.fake?.log.entries.length;
    const inputs = { command: 'load', archive: 'carried' };
    const loaded = await play(repository, lab, { inputs });
    expect(loaded.exitCode).toBe(0);
    expect(lab.source.fake?.log.entries).toHaveLength(asked ?? -1);
    expect(loaded.outputs).toMatchObject({ outcome: 'applied', 'mirror-count': '1' });
    expect(lab.target.fake?.store.get('team/app')?.tags.has('one')).toBe(true);
    const resources = loaded.outputs['cluster-resources-path'] ?? '';
    expect(readFileSync(join(resources, 'itms-oc-mirror.yaml'), 'utf8')).toContain('/team');
  });

  it('fails and mirrors nothing when there is no archive to load', async () => {
    using repository = new TempRepository();
    const lab = await makeLab();
    const loaded = await play(repository, lab, { inputs: { command: 'load' } });
    expect(loaded.exitCode).toBe(1);
    expect(loaded.annotations[0]).toMatchObject({ severity: 'error', title: 'archive-missing' });
    expect(loaded.outputs['outcome']).toBe('failed');
    expect(lab.target.fake?.log.entries).toEqual([]);
  });

  it('leaves the files where they are when nothing is to be uploaded', async () => {
    using repository = new TempRepository();
    const lab = await makeLab();
    const store = lab.source.fake?.store;
    if (store) pushTo(store, 'app', 'one', makeImage({ seed: 'one' }));
    const { names, artifacts } = uploads();
    const inputs = { command: 'archive', upload: 'off', archive: 'out', name: 'team-a' };
    const { outputs, exitCode, lines } = await play(repository, lab, { inputs, artifacts });
    expect([exitCode, names]).toEqual([0, []]);
    expect(outputs['archive-path']).toBe(join(repository.root, 'out'));
    expect(lines.join('\n')).toContain(`see       files in ${join(repository.root, 'out')}`);
    expect(readdirSync(join(repository.root, 'out'))).toEqual(['team-a-g0001-mirror_000001.tar']);
  });
});
