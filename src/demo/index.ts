/**
 * The demo: two commits of a configuration in one minute on any machine, from the first mirror to the restore.
 *
 * Only the world is fake: two registries, an update service and signed releases run in this process, and the real use cases run
 * against them over HTTP. The output shows real results.
 *
 * It needs no network beyond this machine, and it leaves only the directory that it names.
 */
export { runDemo } from './demo.ts';
