import { describe, expect, it } from 'vitest';
import { referrersTag } from '../../src/oci/index.ts';
import { type ApprovalSource, restore } from '../../src/run/index.ts';
import { cosignTags } from '../../src/signature/index.ts';
import { type Emulation, emulatedAccount, emulations } from '../support/emulations.ts';
import { makeImage, makeIndex } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { brokenTags, tagsOf } from '../support/whole.ts';
import { digestOfImage, makeImageLab, publish } from './image-lab.ts';

const limit = 120_000;
const approve: ApprovalSource = async () => ({ require: 'none' });

/** Sets up a mirror of an index, an image with two tags, and one with which the first shares a layer. */
async function scene({ settings }: Emulation) {
  const lab = await makeImageLab(settings);
  const children = ['amd64', 'arm64'].map((seed) => makeImage({ seed, layers: [900] }));
  const [app, tool] = [makeIndex(children), makeImage({ seed: 'tool', layers: [900, 300] })];
  const first = await publish(lab, 'team/app', app, 'v1');
  await publish(lab, 'team/app', tool, 'v1-tool');
  await publish(lab, 'team/app', tool, 'v1-tool-old');
  const second = await publish(lab, 'other/app', makeIndex([...children, tool]), 'v1');
  const names = [`${first}:v1`, `${first}:v1-tool`, `${first}:v1-tool-old`, `${second}:v1`];
  const after = imagesConfig([`${first}:v1-tool`, `${second}:v1`]);
  const account = { destination: { anonymous: false, ...emulatedAccount } };
  return { lab, account, app, tool, before: imagesConfig(names), after };
}

const withoutDigests = (result: { readonly outcomes: readonly object[] } | undefined) =>
  (result?.outcomes ?? []).map((one) => {
    const { change: done, result: came } = one as {
      readonly change: {
        readonly action: string;
        readonly repository: string;
        readonly tag: string;
      };
      readonly result: string;
    };
    return `${done.action} ${done.repository}:${done.tag} ${came}`;
  });

describe.each(Object.entries<Emulation>(emulations))('on %s', (_, emulation) => {
  const cannot = new Set(emulation.cannot);
  // A placeholder takes a tag over and is deleted: that needs tags that move, and deletes.
  const deletes = !cannot.has('delete by digest');
  const untags = !cannot.has('remove one tag') || (deletes && !cannot.has('move a tag'));
  const isListed = !cannot.has('list all tags');

  it(
    'the whole story is told: mirror, nothing to do, plan, remove, nothing to do, restore',
    async () => {
      const { lab, account, app, tool, before, after } = await scene(emulation);
      const { to } = lab;

      const mirrored = await lab.apply(change(undefined, [before]), account, approve);
      expect(mirrored.applied?.result.status).toBe('applied');
      const all = tagsOf(to);
      expect(Object.keys(all)).toHaveLength(4);
      expect(brokenTags(to.store)).toEqual([]);

      to.log.clear();
      await lab.apply(change([before], [before]), account, approve);
      expect(to.log.writes()).toEqual([]);

      to.log.clear();
      const { plan } = await lab.plan(change([before], [after]), account);
      expect(to.log.writes()).toEqual([]);
      expect(plan?.totals).toMatchObject({ mirror: 0, keep: 2 });

      const removed = await lab.apply(change([before], [after]), account, approve);
      const came = (can: boolean) => (can ? 'done' : 'held');
      expect(withoutDigests(removed.applied?.result)).toEqual([
        isListed ? `delete team/app:v1 ${came(deletes)}` : `untag team/app:v1 ${came(untags)}`,
        `untag team/app:v1-tool-old ${came(untags)}`,
      ]);
      const left = tagsOf(to);
      expect(left['team/app:v1-tool']).toBe(digestOfImage(tool));
      expect('team/app:v1' in left).toBe(!(isListed ? deletes : untags));
      expect('team/app:v1-tool-old' in left).toBe(!untags);
      expect(brokenTags(to.store)).toEqual([]);
      expect(to.store.get('team/app')?.manifests.has(digestOfImage(app))).toBe(
        !(deletes && isListed),
      );

      const lastly = tagsOf(to);
      await lab.apply(change([after], [after]), account, approve);
      expect(tagsOf(to)).toEqual(lastly);

      if (!deletes && !untags) return;
      const report = await restore(lab.settings(account), { undo: 'last' }, () => {});
      expect(report.imageFailures).toEqual([]);
      expect(tagsOf(to)).toEqual(all);
      expect(brokenTags(to.store)).toEqual([]);
    },
    limit,
  );

  it(
    'signatures and referrers come with their image, and go with it where it can go',
    async () => {
      const lab = await makeImageLab(emulation.settings);
      const account = { destination: { anonymous: false, ...emulatedAccount } };
      const [app, tool] = [makeImage({ seed: 'app' }), makeImage({ seed: 'tool' })];
      const first = await publish(lab, 'team/app', app, 'v1');
      await publish(lab, 'team/app', tool, 'v1-tool');
      const signatures = [app, tool].map((one) => cosignTags(digestOfImage(one))[0] ?? '');
      for (const tag of signatures) await publish(lab, 'team/app', makeImage({ seed: tag }), tag);
      const subject = app.manifest.descriptor;
      const artifactType = 'application/spdx+json';
      await publish(lab, 'team/app', makeImage({ seed: 'sbom', subject, artifactType }), 'sbom');
      const before = imagesConfig([`${first}:v1`, `${first}:v1-tool`]);
      const after = imagesConfig([`${first}:v1-tool`]);

      const mirrored = await lab.apply(change(undefined, [before]), account, approve);
      expect(mirrored.applied?.result.status).toBe('applied');
      const tags = () => Object.keys(tagsOf(lab.to)).map((key) => key.slice('team/app:'.length));
      const list = referrersTag(digestOfImage(app));
      expect(tags().sort()).toEqual(['v1', 'v1-tool', list, ...signatures].sort());
      lab.to.log.clear();
      await lab.apply(change([before], [before]), account, approve);
      expect(lab.to.log.writes()).toEqual([]);

      await lab.apply(change([before], [after]), account, approve);
      expect(brokenTags(lab.to.store)).toEqual([]);
      const gone = deletes && isListed ? ['v1', list, signatures[0]] : [];
      expect(tags()).toEqual(expect.arrayContaining(['v1-tool', signatures[1]]));
      expect(tags().filter((tag) => gone.includes(tag))).toEqual([]);
      if (tags().includes('v1')) expect(tags()).toContain(signatures[0]);
    },
    limit,
  );
});
