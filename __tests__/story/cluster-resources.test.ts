import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as run from '../../src/run/index.ts';
import { change, channelConfig, type Lab, makeLab } from '../support/lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const limitMs = 60_000;

/** Applies a plan file as the command line does. */
async function applyFile(lab: Lab, files: ReadonlyMap<string, string>): Promise<run.ApplyResult> {
  const planText = files.get('plan.json') ?? '';
  const request = { planText, files: [both], approval: { require: 'none' } } as const;
  return await run.apply(lab.settings(), request, () => {});
}

function resourcesOf(files: ReadonlyMap<string, string>): Record<string, string> {
  const start = 'cluster-resources/';
  return Object.fromEntries(
    [...files].flatMap(([name, text]) =>
      name.startsWith(start) ? [[name.slice(start.length), text]] : [],
    ),
  );
}

/** Digests of the releases whose signatures a ConfigMap holds, in hex. */
function signedIn(files: Record<string, string>): string[] {
  const text = files['signature-configmap.json'] ?? '{}';
  const names = Object.keys((JSON.parse(text) as { binaryData?: object }).binaryData ?? {});
  return names.map((name) => name.split('-')[1] ?? '').sort();
}

function hexOf(lab: Lab, ...versions: readonly string[]): string[] {
  const tags = lab.target.fake?.store.get('openshift/release-images')?.tags ?? new Map();
  return versions.map((version) => String(tags.get(`${version}-x86_64`)).slice(7)).sort();
}

describe('the cluster resources of an apply', () => {
  it('are those of a direct mirror, whichever door wrote them', { timeout: limitMs }, async () => {
    const lab = await makeLab();
    const { files } = await lab.plan(change(undefined, [both]));
    const applied = resourcesOf((await applyFile(lab, files)).files);
    const mirrored = Object.fromEntries((await lab.mirror([both])).clusterResources);
    expect(applied).toEqual(mirrored);
    expect(signedIn(applied)).toEqual(hexOf(lab, '4.16.5', '4.16.6'));
    const merged = await lab.apply(change([both], [both]));
    expect(resourcesOf(merged.applied?.files ?? new Map())).toEqual(mirrored);
  });

  it('are whole when the plan is applied on another machine', { timeout: limitMs }, async () => {
    const lab = await makeLab();
    const { files } = await lab.plan(change(undefined, [both]));
    await rm(lab.workspace, { recursive: true });
    const applied = resourcesOf((await applyFile(lab, files)).files);
    expect(signedIn(applied)).toEqual(hexOf(lab, '4.16.5', '4.16.6'));
  });

  it('keep the signatures of what stays, and lose those of what goes', {
    timeout: limitMs,
  }, async () => {
    const lab = await makeLab();
    const older = channelConfig('4.16.5', '4.16.5');
    await lab.mirror([older]);
    // The state keeps the older release for nobody: it lies in the target all the same.
    const more = Object.fromEntries((await lab.mirror([newer])).clusterResources);
    expect(signedIn(more)).toEqual(hexOf(lab, '4.16.5', '4.16.6'));
    const [older5] = hexOf(lab, '4.16.5');
    const { applied } = await lab.apply(change([both], [newer]));
    expect(signedIn(resourcesOf(applied?.files ?? new Map()))).toEqual(hexOf(lab, '4.16.6'));
    expect(JSON.stringify(resourcesOf(applied?.files ?? new Map()))).not.toContain(older5);
  });

  it('name a release whose signature cannot be had, and are written all the same', {
    timeout: limitMs,
  }, async () => {
    const lab = await makeLab();
    const { files } = await lab.plan(change(undefined, [both]));
    await rm(lab.workspace, { recursive: true });
    const env = { ...lab.settings().env, OCP_SIGNATURE_URL: 'http://127.0.0.1:9/' };
    const request = { planText: files.get('plan.json') ?? '', files: [both] };
    const { result, files: written } = await run.apply(
      lab.settings({ env, retryTimes: 0 }),
      { ...request, approval: { require: 'none' } },
      () => {},
    );
    expect(result.status).toBe('applied');
    expect(result.notes).toEqual([
      expect.stringContaining('lacks openshift/release-images:4.16.5-x86_64'),
    ]);
    expect(Object.keys(resourcesOf(written))).toContain('idms-oc-mirror.yaml');
  });
});
