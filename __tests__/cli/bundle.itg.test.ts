import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Lab, makeLab } from '../support/lab.ts';
import { publishCatalog } from '../support/operators.ts';

const execute = promisify(execFile);
const bundle = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));
const hasBundle = existsSync(bundle);
if (!hasBundle) process.stdout.write('dist/ is not built: no command of it is run.\n');

/** Everything that a bundle could lack is in it: releases with signatures, operators, additional images. */
function configOf(lab: Lab, version: string, packages: string): string {
  return `apiVersion: mirror.openshift.io/v2alpha1
kind: ImageSetConfiguration
mirror:
  platform: {channels: [{name: stable-4.16, minVersion: ${version}, maxVersion: 4.16.6}]}
  operators: [{catalog: "${lab.source.host}/acme/index:v1", packages: [${packages}]}]
  additionalImages: [{name: "${lab.source.host}/acme/index:v1", targetRepo: mine}]
`;
}

/** Writes the files of two commits; gives a way to run the bundle beside them. */
async function makeDesk(lab: Lab) {
  const directory = dirname(lab.workspace);
  mkdirSync(directory, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  write('key.asc', lab.upstream.key.publicKey);
  write('old.yaml', configOf(lab, '4.16.5', '{name: acm}, {name: kiali}'));
  write('new.yaml', configOf(lab, '4.16.6', '{name: kiali}'));
  const env = { ...process.env, ...lab.settings().env, OCP_SIGNATURE_VERIFICATION_PK: 'key.asc' };
  const common = ['--workspace', 'file://.', '--src-tls-verify=false', '--dest-tls-verify=false'];
  return async (...words: string[]) => {
    const found = await execute(process.execPath, [bundle, ...words, ...common], {
      cwd: directory,
      env,
    });
    return found.stdout + found.stderr;
  };
}

describe.skipIf(!hasBundle)('the bundle of the command line', { timeout: 60_000 }, () => {
  it('mirrors, plans, applies what was planned, verifies, restores, lists and checks', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [
      { name: 'acm', versions: ['1.0.0'] },
      { name: 'kiali', versions: ['1.0.0'] },
    ]);
    const say = await makeDesk(lab);
    const target = `docker://${lab.target.host}`;
    expect(await say('-c', 'old.yaml', target)).toContain('operator images mirrored successfully');
    expect(await say('plan', '-c', 'new.yaml', '--before', 'old.yaml', target)).toMatch(
      /delete [1-9]\d*/,
    );
    const plan = join('working-dir', 'plan', 'plan.json');
    expect(await say('apply', '--plan', plan, target)).toContain('undo with');
    expect(await say('verify', target)).toContain('verified');
    expect(await say('restore', '--undo', 'last', target)).toContain('restored');
    const catalog = `${lab.source.host}/acme/index:v1`;
    expect(await say('list', 'operators', '--catalog', catalog)).toMatch(/^acm .*stable$/m);
    expect(await say('lint', 'new.yaml')).not.toContain('error');
  });
});
