import { stringify } from 'yaml';
import { type Command, defineCommand } from './command.ts';
import { commonFlags, versionFlags } from './flag-tables.ts';
import { parseFlags } from './flags.ts';
import { notBuiltError, usageError } from './validate.ts';

/** Prints the version, for people or as `--output yaml|json`. */
export const versionCommand = defineCommand({
  name: 'version',
  usage: ['version [--output yaml|json] [--short]'],
  summary: 'print the version',
  flags: versionFlags,
  prepare({ values }, world) {
    if (!['', 'yaml', 'json'].includes(values.output)) {
      throw usageError("--output must be 'yaml' or 'json'");
    }
    const gitVersion = `v${world.version}`;
    const facts = { clientVersion: { gitVersion, name: 'imageset-mirror' } };
    const texts: Readonly<Record<string, string>> = {
      json: `${JSON.stringify(facts, null, 2)}\n`,
      yaml: stringify(facts),
    };
    return async () => {
      const plain = values.short ? gitVersion : `imageset-mirror version: ${gitVersion}`;
      world.stdout.write(texts[values.output] ?? `${plain}\n`);
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

/** Commands that are not built yet: they fail by name, whatever their flags. */
export const refusedCommands: readonly Command[] = ['archive', 'load'].map((name) => ({
  name,
  usage: [`${name} …`],
  summary: 'not built yet',
  flags: commonFlags,
  usageOnMistake: false,
  start() {
    throw notBuiltError(`"${name}"`);
  },
}));
