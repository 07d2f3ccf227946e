import { type Ability, abilities } from '../mirror/index.ts';
import type { ProbeReport } from '../run/index.ts';
import { alignColumns, visible } from '../views/index.ts';
import { readDataFormat } from './answer.ts';
import { defineCommand } from './command.ts';
import { outputFlags } from './flag-tables.ts';
import { readTargetRun } from './settings.ts';

/** Each ability in words, and the effect of its lack on a mirror. */
const words: Readonly<Record<Ability, readonly [does: string, lack: string]>> = {
  deleteByDigest: ['deletes by digest', 'deletes are held; enable deletion in the registry'],
  deleteTag: [
    'removes one tag',
    'shared images are untagged by a placeholder, which needs deletion',
  ],
  keepOtherTags: ['keeps other tags of the image', 'removing a tag takes the others along'],
  moveTag: ['lets a tag move', 'tags are immutable: a moved tag fails'],
  listAllTags: ['lists all its tags', 'nothing is deleted by digest where the list is incomplete'],
  referrersApi: ['answers the referrers API', 'referrers are found by their tag'],
  sparseIndex: ['takes an index without all children', '`platforms` fails'],
  mountBlobs: ['mounts blobs', 'a layer is sent once for each repository'],
};

function textOf({ registry, product, abilities: found }: ProbeReport): string {
  const rows = abilities.map((ability) => {
    const [does, lack] = words[ability];
    return [does, found[ability], found[ability] === 'no' ? lack : ''];
  });
  const lines = alignColumns(rows, ['left', 'left', 'left']);
  return [
    `${registry}: ${product.name}`,
    ...lines.map((line) => `  ${line}`),
    `garbage collection: ${product.collect}`,
    '',
  ]
    .map(visible)
    .join('\n');
}

/** Finds out what the registry of a target can do. */
export const probeCommand = defineCommand({
  name: 'probe',
  usage: ['probe [--output json|yaml] docker://HOST[:PORT][/PATH]'],
  summary: 'try in a repository of its own what the registry can do',
  flags: outputFlags,
  prepare(parsed, world) {
    const format = readDataFormat(parsed.values.output) ?? textOf;
    const run = readTargetRun(parsed, world);
    return async (console) => {
      const report = await world.jobs.probe(run.settings(console));
      world.stdout.write(format(report));
      return 0;
    };
  },
});
