import type { Listing } from '../run/index.ts';
import { printable } from '../views/index.ts';
import { type Command, defineCommand } from './command.ts';
import type { Console } from './console.ts';
import { genericFailure } from './exit-code.ts';
import { commonFlags, listOperatorsFlags, listReleasesFlags } from './flag-tables.ts';
import { readOperatorsRequest, readReleasesRequest } from './list-route.ts';
import { settingsOfFlags } from './settings.ts';
import { usageError } from './validate.ts';
import { words } from './words.ts';
import { findWorkingDirectory } from './workspace.ts';
import type { World } from './world.ts';

/** Prints a list to the screen alone, and what could not be listed to the log; gives the exit code. */
function print({ lines, failures }: Listing, console: Console, world: World): number {
  for (const line of lines) world.stdout.write(`${printable(line)}\n`);
  if (failures.length === 0) return 0;
  console.log('error', words.executor(failures.map(({ message }) => message).join('\n')));
  for (const hint of new Set(failures.flatMap((one) => one.hint ?? []))) console.log('error', hint);
  return genericFailure;
}

const listOperatorsCommand = defineCommand({
  name: 'operators',
  usage: [
    'list operators --catalog HOST/PATH:TAG [--package NAME [--channel NAME]] [--workspace file://DIR]',
    'list operators --catalogs --version VERSION',
  ],
  summary: 'list operator catalogs, their packages, channels and versions',
  flags: listOperatorsFlags,
  prepare(parsed, world) {
    const workspace = findWorkingDirectory(parsed.values.workspace);
    const request = readOperatorsRequest(parsed);
    return async (console) => {
      console.greet();
      const settings = settingsOfFlags(parsed, { world, log: console, target: '', workspace });
      return print(await world.jobs.listOperators(settings, request), console, world);
    };
  },
});

const listReleasesCommand = defineCommand({
  name: 'releases',
  usage: [
    'list releases',
    'list releases --version VERSION [--channels]',
    'list releases --channel NAME [--filter-by-archs NAME,…]',
  ],
  summary: 'list OpenShift versions, their channels and releases',
  flags: listReleasesFlags,
  prepare(parsed, world) {
    const workspace = findWorkingDirectory(parsed.values.workspace);
    const request = readReleasesRequest(parsed);
    return async (console) => {
      console.greet();
      const settings = settingsOfFlags(parsed, { world, log: console, target: '', workspace });
      return print(await world.jobs.listReleases(settings, request), console, world);
    };
  },
});

const commands: readonly Command[] = [listOperatorsCommand, listReleasesCommand];

/** Lists what can be mirrored. By itself it shows what it can list, as with oc-mirror. */
export const listCommand: Command = {
  ...defineCommand({
    name: 'list',
    usage: ['list operators …', 'list releases …'],
    summary: 'list what can be mirrored: operators, releases',
    flags: commonFlags,
    prepare({ words: [word] }) {
      if (word === undefined) return 'help';
      throw usageError(`unknown command "${word}" for "imageset-mirror list"`);
    },
  }),
  commands,
};
