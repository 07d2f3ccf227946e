import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasRealRegistry, plainSink, startRealRegistry } from '../support/real-registry.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { lookasideFiles, policyOf, pushTrustCases } from '../support/trust-cases.ts';

const run = promisify(execFile);

/** Tells whether skopeo copies an image under a policy. Never waits for it in step: the registry's log has to be read meanwhile. */
async function copies(policy: string, places: string, [from, to]: readonly [string, string]) {
  const flags = ['--policy', policy, '--registries.d', places, 'copy', '--src-tls-verify=false'];
  try {
    await run('skopeo', [...flags, from, to], { timeout: 20_000 });
    return 'accepted';
  } catch (thrown) {
    const { stderr } = thrown as { readonly stderr: string };
    // Debian builds it without sigstore.
    if (stderr.includes('sigstore disabled')) return 'unknown';
    return stderr.includes('Source image rejected') ? 'rejected' : stderr;
  }
}

const hasSkopeo = await run('skopeo', ['--version']).then(
  () => true,
  () => false,
);

describe.skipIf(!hasSkopeo || !hasRealRegistry())('skopeo', () => {
  it('copies exactly the images that a policy accepts here', async () => {
    const directory = tempDirectory();
    const places = join(directory, 'places');
    mkdirSync(places);
    writeFileSync(
      join(places, 'all.yaml'),
      `default-docker: {use-sigstore-attachments: true, lookaside: "file://${directory}/signatures"}\n`,
    );
    const registry = await startRealRegistry(join(directory, 'registry'));
    try {
      const cases = await pushTrustCases(plainSink(registry.host), registry.host);
      for (const [name, bytes] of lookasideFiles(cases)) {
        const path = join(directory, 'signatures', name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, bytes);
      }
      const said: Record<string, string> = {};
      const wanted: Record<string, string> = {};
      for (const one of cases.filter(({ isNew }) => !isNew)) {
        const policy = join(directory, 'policy.json');
        writeFileSync(policy, policyOf(one));
        const end = one.tag === undefined ? `@${one.digest}` : `:${one.tag}`;
        const from = `docker://${one.host}/${one.repository}${end}`;
        const to = `dir:${join(directory, one.repository.replace('/', '-'))}`;
        const verdict = await copies(policy, places, [from, to]);
        if (verdict === 'unknown') continue;
        said[one.title] = verdict;
        wanted[one.title] = one.verdict === 'accepted' ? 'accepted' : 'rejected';
      }
      expect(said).toEqual(wanted);
    } finally {
      registry.stop();
    }
  });
});
