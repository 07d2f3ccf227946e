/**
 * The story in one minute, on any machine: two commits of a configuration, from the first mirror to the report.
 *
 * Nothing is staged but the world: two registries, an update service and signed releases run in this process, and the use
 * cases that both doors have run against them over HTTP. What is printed is what really happened there.
 *
 * It refuses to know a network beyond this machine, and it leaves nothing behind but the directory that it names.
 */
export { type DemoWorld, runDemo } from './demo.ts';
