import { readDataFormat } from './answer.ts';
import { type Command, defineCommand } from './command.ts';
import { commonFlags, versionFlags } from './flag-tables.ts';
import { parseFlags, usageError } from './flags.ts';

/** Prints the version, for people or as `--output yaml|json`. */
export const versionCommand = defineCommand({
  name: 'version',
  usage: ['version [--output yaml|json] [--short]'],
  summary: 'print the version',
  flags: versionFlags,
  prepare({ values }, world) {
    const format = readDataFormat(values.output);
    const gitVersion = `v${world.version}`;
    const facts = { clientVersion: { gitVersion, name: 'imageset-mirror' } };
    return async () => {
      const plain = values.short ? gitVersion : `imageset-mirror version: ${gitVersion}`;
      world.stdout.write(format?.(facts) ?? `${plain}\n`);
      return 0;
    };
  },
});

/** Runs the demo on registries of its own. */
export const demoCommand = defineCommand({
  name: 'demo',
  usage: ['demo'],
  summary: 'show the whole story on registries of its own',
  flags: commonFlags,
  prepare(_parsed, world) {
    return () => world.jobs.demo((text) => world.stdout.write(text));
  },
});

/** Explains the program, or the command that is named. */
export const helpCommand: Command = {
  name: 'help',
  usage: ['help [COMMAND]'],
  summary: 'explain the program or a command',
  flags: commonFlags,
  usageOnMistake: false,
  start: (argv) => ({ asks: 'help', words: parseFlags(commonFlags, argv).words }),
};

const archiveForms: Readonly<Record<string, string>> = {
  archive: '-c FILE file://DIR',
  load: '-c FILE --from file://DIR docker://HOST[:PORT][/PATH]',
};

/** Commands of the action that are forms of the mirror command here. Each of them only names its form. */
export const archiveCommands: readonly Command[] = Object.entries(archiveForms).map(
  ([name, form]) => ({
    name,
    usage: [form],
    summary: `a command of the action; here: ${form}`,
    flags: commonFlags,
    usageOnMistake: false,
    start() {
      throw usageError(
        `"${name}" is a command of the action only`,
        `Here it is: imageset-mirror ${form}`,
      );
    },
  }),
);
