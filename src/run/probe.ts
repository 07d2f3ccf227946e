import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { writeAtomically } from '../base/index.ts';
import { type Abilities, abilities, probeRegistry } from '../mirror/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Product } from '../registry/index.ts';
import { type Session, withSession } from './session.ts';
import type { Settings } from './types.ts';

/** The abilities of a registry, as they were found. */
export interface ProbeReport {
  /** `host[:port]`. */
  readonly registry: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly product: Product;
  readonly abilities: Abilities;
}

const able = v.picklist(['yes', 'no', 'unknown']);

const reportSchema = v.object({
  registry: v.string(),
  at: v.string(),
  product: v.object({ name: v.string(), collect: v.string() }),
  abilities: v.object(v.entriesFromList(abilities, able)),
});

function placeOf(registry: string, { workspace }: Pick<Settings, 'workspace'>): string {
  return join(workspace, 'probe', `${registry.replaceAll(':', '_')}.json`);
}

/** Reads the report of an earlier probe of the target; `undefined`: the workspace has none. */
async function recall({
  target,
  settings,
}: Pick<Session, 'target' | 'settings'>): Promise<ProbeReport | undefined> {
  try {
    const text = await readFile(placeOf(target.registry, settings), 'utf8');
    return v.parse(reportSchema, JSON.parse(text));
  } catch {
    // A probe is a convenience: one that is missing or damaged says nothing.
    return undefined;
  }
}

/** Gives the abilities that the target lacked when it was probed; `undefined`: it was not probed, or has them all. */
export async function recallLacks(
  session: Pick<Session, 'target' | 'settings'>,
): Promise<Plan['lacks'] | undefined> {
  const report = await recall(session);
  const lacking = abilities.filter((ability) => report?.abilities[ability] === 'no');
  return report && lacking.length > 0 ? { at: report.at, abilities: lacking } : undefined;
}

/**
 * Finds out the abilities of the registry of a target, and keeps them in the workspace for later plans.
 * @throws RegistryError when the registry takes no image below the target's prefix
 */
export async function probe(settings: Settings): Promise<ProbeReport> {
  return await withSession(settings, async ({ target, endpoints }) => {
    const { registry, prefix } = target;
    const open = (name: string) =>
      endpoints.target.repository(registry, prefix === '' ? name : `${prefix}/${name}`);
    const found = await probeRegistry(
      open('imageset-mirror/probe'),
      open('imageset-mirror/probe-mount'),
    );
    const report = {
      registry,
      at: new Date(settings.clock.now()).toISOString(),
      product: await endpoints.target.product(registry),
      abilities: found,
    };
    const path = placeOf(registry, settings);
    await mkdir(dirname(path), { recursive: true });
    const text = `${JSON.stringify(report, null, 2)}\n`;
    await writeAtomically(path, text, { durability: 'cached' });
    return report;
  });
}
