import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeGraphData, serveUpstream } from '../../src/fake-upstream/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import type { ConfigFile, Settings } from '../../src/run/index.ts';
import * as run from '../../src/run/index.ts';
import { writeLayout } from '../support/image-layout.ts';
import { change, channelConfig, type Lab, makeLab } from '../support/lab.ts';

const limitMs = 60_000;
const graphData = { version: '1.2.0\n', 'channels/stable-4.16.yaml': 'name: stable-4.16\n' };
const place = 'openshift/graph-image';

/** One channel, and the graph image. */
const withGraphOf = (file: ConfigFile): ConfigFile => ({
  ...file,
  text: file.text.replace('platform:\n', 'platform:\n    graph: true\n'),
});
const withGraph = withGraphOf(channelConfig('4.16.5', '4.16.5'));
const withoutGraph = channelConfig('4.16.5', '4.16.5');

/** Leads the base of the graph image to the lab's source, as a site without a connection does. */
async function settingsOf(lab: Lab): Promise<Partial<Settings>> {
  const registriesConf = join(dirname(lab.workspace), 'registries.conf');
  await mkdir(dirname(registriesConf), { recursive: true });
  const lines = ['[[registry]]', 'prefix = "registry.access.redhat.com"'];
  const location = [`location = "${lab.source.host}"`, 'insecure = true'];
  await writeFile(registriesConf, [...lines, ...location, ''].join('\n'));
  return { registriesConf };
}

async function graphLab(): Promise<{ readonly lab: Lab; readonly settings: Partial<Settings> }> {
  const lab = await makeLab({ upstream: { graphData } });
  return { lab, settings: await settingsOf(lab) };
}

function tagsOf(lab: Lab): ReadonlyMap<string, string> {
  return lab.target.fake?.store.get(place)?.tags ?? new Map();
}

describe('the graph image', () => {
  it('is mirrored with the releases, and an update service is set up with it', {
    timeout: limitMs,
  }, async () => {
    const { lab, settings } = await graphLab();
    const report = await lab.mirror([withGraph], settings);
    expect(report.failures).toEqual([]);
    expect(report.counts).toEqual([{ kind: 'release', collected: 9, copied: 9 }]);
    expect([...tagsOf(lab).keys()]).toEqual(['latest']);
    const text = report.clusterResources.get('updateService.yaml') ?? '';
    expect(text).toContain(`graphDataImage: ${lab.target.host}/${place}:latest`);
    expect(text).toContain(`releases: ${lab.target.host}/openshift/release-images`);
    const graph = `docker://${lab.target.host}/${place}:latest`;
    expect(report.mapping).toContainEqual({ source: graph, destination: graph });
  });

  it('is the same image again, from whichever workspace', { timeout: limitMs }, async () => {
    const { lab, settings } = await graphLab();
    await lab.mirror([withGraph], settings);
    const before = tagsOf(lab).get('latest');
    await rm(lab.workspace, { recursive: true });
    const { plan } = await lab.plan(change([withGraph], [withGraph]), settings);
    expect(plan?.changes.find(({ kind }) => kind === 'cincinnatiGraph')).toMatchObject({
      action: 'keep',
      digest: before,
    });
  });

  it('of the day is what was reviewed the day before, and its forerunner goes with the next review', {
    timeout: limitMs,
  }, async () => {
    const { lab, settings } = await graphLab();
    await lab.apply(change(undefined, [withGraph]), settings);
    const before = tagsOf(lab).get('latest') as Digest;
    const reviewed = await lab.plan(change([withGraph], [withGraph]), settings);
    const { archive } = await makeGraphData({ ...graphData, 'channels/fast-4.16.yaml': '' });
    const { answer } = lab.upstream;
    const served = await serveUpstream({
      answer: (url) =>
        url.pathname === '/graph-data' ? { ...answer(url), body: archive } : answer(url),
    });
    onTestFinished(served.close);
    const later = { ...settings, env: served.env };
    const approve: run.ApprovalSource = async () => ({
      require: 'all',
      reviewed: reviewed.plan ? [{ digest: reviewed.plan.digest, plan: reviewed.plan }] : [],
    });
    const { applied, refusals } = await lab.apply(change([withGraph], [withGraph]), later, approve);
    expect(refusals).toEqual([]);
    expect(applied?.result.status).toBe('applied');
    expect(tagsOf(lab).get('latest')).not.toBe(before);
    await lab.apply(change([withGraph], [withGraph]), later);
    expect(lab.target.fake?.store.get(place)?.manifests.has(before)).toBe(false);
    expect(lab.target.fake?.store.get(place)?.manifests.size).toBe(3);
  });

  it('goes with its entry, and the releases stay', { timeout: limitMs }, async () => {
    const { lab, settings } = await graphLab();
    await lab.apply(change(undefined, [withGraph]), settings);
    const { planned } = await lab.apply(change([withGraph], [withoutGraph]), settings);
    expect(tagsOf(lab).size).toBe(0);
    expect(planned.plan?.totals).toMatchObject({ delete: 1, keep: 8 });
    expect(planned.files.get('delete-imageset-config.yaml')).toContain('graph: true');
  });

  it('that cannot be made fails alone: what was there stays, and everything else is mirrored', {
    timeout: limitMs,
  }, async () => {
    const lab = await makeLab();
    const settings = await settingsOf(lab);
    const { plan, failures } = await lab.plan(change(undefined, [withGraph]), settings);
    expect(failures.map(({ diagnostic }) => [diagnostic.code, diagnostic.at?.line])).toEqual([
      ['graph-image', 5],
    ]);
    expect(plan?.changes.map(({ kind }) => kind)).not.toContain('cincinnatiGraph');
    expect(plan?.totals.mirror).toBe(8);
  });

  it('that cannot be made any more stays, and holds up nothing but itself', {
    timeout: limitMs,
  }, async () => {
    const { lab, settings } = await graphLab();
    const both = withGraphOf(channelConfig('4.16.5', '4.16.6'));
    await lab.apply(change(undefined, [both]), settings);
    const before = tagsOf(lab).get('latest');
    const served = await serveUpstream({
      answer: (url) =>
        url.pathname === '/graph-data'
          ? { status: 404, contentType: '', body: new Uint8Array() }
          : lab.upstream.answer(url),
    });
    onTestFinished(served.close);
    const newer = withGraphOf(channelConfig('4.16.6', '4.16.6'));
    const { applied } = await lab.apply(change([both], [newer]), { ...settings, env: served.env });
    const done = applied?.result.outcomes.map(({ change: { release, action } }) => [
      release?.version,
      action,
    ]);
    expect(done).toContainEqual(['4.16.5', 'delete']);
    expect(tagsOf(lab).get('latest')).toBe(before);
  });

  it('that does not arrive is named to no cluster', { timeout: limitMs }, async () => {
    const { lab, settings } = await graphLab();
    const base = (await makeGraphData(graphData)).base.children.flatMap(({ manifest }) =>
      manifest.kind === 'image' ? manifest.layers : [],
    );
    for (const { digest } of base) lab.source.fake?.store.get('ubi9/ubi')?.blobs.delete(digest);
    const report = await lab.mirror([withGraph], settings);
    expect(report.imageFailures.map(({ origin }) => origin)).toEqual([
      'openshift/graph-image:latest',
    ]);
    expect([...report.clusterResources.keys()]).not.toContain('updateService.yaml');
  });

  it('that was prepared for a site without graph data is mirrored, also from a plan file', {
    timeout: limitMs,
  }, async () => {
    const lab = await makeLab();
    const settings = await settingsOf(lab);
    const [prepared] = (await makeGraphData(graphData)).base.children;
    if (!prepared) throw new Error('a base has images');
    writeLayout([prepared], join(lab.workspace, 'graph-preparation'));
    const { files, failures } = await lab.plan(change(undefined, [withGraph]), settings);
    expect(failures).toEqual([]);
    const planText = files.get('plan.json') ?? '';
    const request = { planText, files: [withGraph], approval: { require: 'none' } } as const;
    const { result } = await run.apply(lab.settings(settings), request, () => {});
    expect(result.status).toBe('applied');
    expect(tagsOf(lab).get('latest')).toBe(prepared.manifest.descriptor.digest);
  });

  it('is applied from a plan file with the workspace in which it was made', {
    timeout: limitMs,
  }, async () => {
    const { lab, settings } = await graphLab();
    const { files } = await lab.plan(change(undefined, [withGraph]), settings);
    const planText = files.get('plan.json') ?? '';
    const request = { planText, files: [withGraph], approval: { require: 'none' } } as const;
    const { result } = await run.apply(lab.settings(settings), request, () => {});
    expect(result.status).toBe('applied');
    expect([...tagsOf(lab).keys()]).toEqual(['latest']);
    const kept = await lab.plan(change([withGraph], [withGraph]), settings);
    lab.target.fake?.store.delete(place);
    const again = { ...request, planText: kept.files.get('plan.json') ?? '' };
    await run.apply(lab.settings(settings), again, () => {});
    expect([...tagsOf(lab).keys()]).toEqual(['latest']);
  });

  it('is deleted by a file for deleting, which makes none', { timeout: limitMs }, async () => {
    const { lab, settings } = await graphLab();
    await lab.mirror([withGraph], settings);
    const asked = lab.asked.length;
    const text = withGraph.text
      .replace('ImageSetConfiguration', 'DeleteImageSetConfiguration')
      .replace('mirror:', 'delete:');
    const file = { name: 'delete.yaml', text };
    const report = await run.deleteGenerate(lab.settings(settings), { file, signatures: 'keep' });
    expect(report.deleteImages).toContain(`${place}:latest`);
    expect(report.deleteImages).toContain('type: cincinnatiGraph');
    expect(lab.asked.slice(asked).join()).not.toContain('graph-data');
  });
});
