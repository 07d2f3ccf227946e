import { realpathSync } from 'node:fs';
import { type ConfigSource, openCheckout, readGlobs } from '../../src/door/index.ts';

/** Opens a directory as doors do, without the environment of a runner. */
export async function openConfigSource(
  root: string,
  {
    globs = [],
    name,
    env = {},
  }: {
    readonly globs?: readonly string[];
    readonly name?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<ConfigSource> {
  const checkout = await openCheckout(root, { PATH: process.env['PATH'], ...env });
  return { checkout, root: realpathSync(root), globs: readGlobs(globs, root), name };
}
