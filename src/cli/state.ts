import { join } from 'node:path';
import type { KeptImageSet } from '../plan/index.ts';
import { formatBytes, printable } from '../views/index.ts';
import { type Command, defineCommand } from './command.ts';
import { commonFlags, stateListFlags, stateRetireFlags } from './flag-tables.ts';
import { showPlan } from './plan.ts';
import { readNesting, readPlanOptions, readState } from './plan-options.ts';
import { createSettings } from './settings.ts';
import { inputError, readTargetArgument } from './validate.ts';
import { findWorkingDirectory } from './workspace.ts';

function describeSet({ name, images, bytes, at, commit }: KeptImageSet): string {
  const when = at === undefined ? 'an older version' : at;
  const where = commit === undefined ? '' : ` at ${commit.slice(0, 7)}`;
  return `${name}: ${images} ${images === 1 ? 'image' : 'images'}, ${formatBytes(bytes)}, last applied ${when}${where}`;
}

const stateListCommand = defineCommand({
  name: 'list',
  usage: ['state list docker://HOST[:PORT][/PATH]'],
  summary: 'list the image sets that the state knows',
  flags: stateListFlags,
  prepare(parsed, world) {
    const target = readTargetArgument(parsed.words);
    const workspace = findWorkingDirectory(parsed.values.workspace);
    const state = readState(parsed.values.state);
    return async (console) => {
      const facts = { world, target, workspace, state, log: console };
      const settings = createSettings(parsed, { ...facts, ...readNesting(parsed.values) });
      const known = await world.jobs.listState(settings);
      const lines = known.map(describeSet);
      for (const line of lines.length > 0 ? lines : ['The state knows no image set.']) {
        world.stdout.write(`${printable(line)}\n`);
      }
      return 0;
    };
  },
});

const stateRetireCommand = defineCommand({
  name: 'retire',
  usage: ['state retire NAME docker://HOST[:PORT][/PATH]'],
  summary: 'plan the end of an image set, change nothing',
  flags: stateRetireFlags,
  prepare(parsed, world) {
    const [name, ...words] = parsed.words;
    if (name === undefined || name.startsWith('docker://')) {
      throw inputError(
        'the name of the image set is missing',
        'See the names with: imageset-mirror state list docker://HOST',
      );
    }
    const target = readTargetArgument(words);
    const workspace = findWorkingDirectory(parsed.values.workspace);
    const options = readPlanOptions({ ...parsed.values, prune: 'removed' });
    const state = readState(parsed.values.state);
    return async (console) => {
      console.openLog(join(workspace, 'logs'));
      const facts = {
        world,
        target,
        workspace,
        options,
        state,
        ...readNesting(parsed.values),
        log: console,
      };
      const planned = await world.jobs.retire(createSettings(parsed, facts), name);
      const code = showPlan(console, workspace, planned);
      console.result(
        `apply it with: imageset-mirror apply --plan ${join(workspace, 'plan', 'plan.json')} …`,
      );
      return code;
    };
  },
});

const commands: readonly Command[] = [stateListCommand, stateRetireCommand];

/** Looks into the state, and ends what it knows. */
export const stateCommand: Command = {
  ...defineCommand({
    name: 'state',
    usage: ['state list …', 'state retire NAME …'],
    summary: 'list the image sets that the state knows, or end one of them',
    flags: commonFlags,
    prepare({ words: [word] }) {
      if (word === undefined) return 'help';
      throw inputError(`unknown command "${word}" for "imageset-mirror state"`);
    },
  }),
  commands,
};
