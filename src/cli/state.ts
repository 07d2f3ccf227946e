import type { KeptImageSet } from '../plan/index.ts';
import { formatBytes, visible } from '../views/index.ts';
import { type Command, defineCommand } from './command.ts';
import { commonFlags, stateRetireFlags, targetFlags } from './flag-tables.ts';
import { usageError } from './flags.ts';
import { showPlan } from './plan.ts';
import { readTargetRun } from './settings.ts';

function describeSet({ name, images, bytes, at, commit }: KeptImageSet): string {
  const when = at === undefined ? 'an older version' : at;
  const where = commit === undefined ? '' : ` at ${commit.slice(0, 7)}`;
  return `${name}: ${images} ${images === 1 ? 'image' : 'images'}, ${formatBytes(bytes)}, last applied ${when}${where}`;
}

const stateListCommand = defineCommand({
  name: 'list',
  parent: 'state',
  usage: ['state list docker://HOST[:PORT][/PATH]'],
  summary: 'list the image sets that the state knows',
  flags: targetFlags,
  prepare(parsed, world) {
    const run = readTargetRun(parsed, world);
    return async (console) => {
      const known = await world.jobs.listState(run.settings(console));
      const lines = known.map(describeSet);
      for (const line of lines.length > 0 ? lines : ['The state knows no image set.']) {
        world.stdout.write(`${visible(line)}\n`);
      }
      return 0;
    };
  },
});

const stateRetireCommand = defineCommand({
  name: 'retire',
  parent: 'state',
  usage: ['state retire NAME docker://HOST[:PORT][/PATH]'],
  summary: 'plan the end of an image set, change nothing',
  flags: stateRetireFlags,
  prepare(parsed, world) {
    const [name, ...words] = parsed.words;
    if (name === undefined || name.startsWith('docker://')) {
      throw usageError(
        'the name of the image set is missing',
        'See the names with: imageset-mirror state list docker://HOST',
      );
    }
    const run = readTargetRun(parsed, world, words);
    return async (console) => {
      run.open(console, 'retire');
      const planned = await world.jobs.retire(run.settings(console), name);
      world.signal?.throwIfAborted();
      return showPlan(console, planned, { ...run, parsed });
    };
  },
});

const commands: readonly Command[] = [stateListCommand, stateRetireCommand];

/** Lists the image sets of the state, or ends one. */
export const stateCommand: Command = {
  ...defineCommand({
    name: 'state',
    usage: ['state list …', 'state retire NAME …'],
    summary: 'list the image sets that the state knows, or end one of them',
    flags: commonFlags,
    prepare({ words: [word] }) {
      if (word === undefined) return 'help';
      throw usageError(`unknown command "${word}" for "imageset-mirror state"`);
    },
  }),
  commands,
};
