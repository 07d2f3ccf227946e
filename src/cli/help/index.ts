/**
 * Help of the command line: the usage of a command, and completion for shells.
 *
 * Both are made from the tables of flags, so that no flag is missing in them. The folder refuses to know what a command does.
 */
export { defineCompletion } from './completion.ts';
export { formatUsage } from './usage.ts';
