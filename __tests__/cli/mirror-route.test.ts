import { describe, expect, it } from 'vitest';
import { mirrorFlags } from '../../src/cli/flag-tables.ts';
import { parseFlags } from '../../src/cli/flags.ts';
import { readMirrorRoute } from '../../src/cli/mirror-route.ts';

const route = (line: string) =>
  readMirrorRoute(parseFlags(mirrorFlags, line.split(' ').filter(Boolean)));

const m2m = '-c isc.yaml --workspace file:///ws docker://reg:5000';

describe('a mirror command line', () => {
  it.each([
    ['', 'requires at least 1 arg(s), only received 0'],
    ['docker://reg', 'use the --config flag it is mandatory'],
    [
      '-c i --from file://x file://d',
      'mirrorToDisk workflow is assumed, and the --from argument is not needed',
    ],
    ['-c i --from x docker://reg', 'when --from is used, it must have file:// prefix'],
    ['-c i --since 2026-1-1 file://d', '--since flag needs to be in format yyyy-MM-dd'],
    ['-c i --since 2026-02-31 file://d', '--since flag needs to be in format yyyy-MM-dd'],
    [`--parallel-images 0 ${m2m}`, 'the flag parallel-images must be between the range 1 to 10'],
    [`--parallel-layers 11 ${m2m}`, 'the flag parallel-layers must be between the range 1 to 10'],
    [
      `--dry-run --dry-run-manifest-lists ${m2m}`,
      '--dry-run and --dry-run-manifest-lists cannot be used together',
    ],
    [
      '-c i --workspace file://w file://d',
      'mirrorToDisk workflow is assumed, and the --workspace argument is not needed',
    ],
    [
      '-c i --workspace file://w --from file://f docker://reg',
      '--from (assumes disk to mirror workflow) and --workspace (assumes mirror to mirror workflow) cannot be used together',
    ],
    [
      '-c i docker://reg',
      'either --from (assumes disk to mirror workflow) or --workspace (assumes mirror to mirror workflow) need to be provided',
    ],
    [
      '-c i reg:5000',
      'destination must have either file:// (mirror to disk) or docker:// (diskToMirror) protocol prefixes',
    ],
    ['-c i --workspace ws docker://reg', 'when --workspace is used, it must have file:// prefix'],
    ['-c i --workspace file://w docker://reg/a:1', 'checking registry "reg/a:1" access'],
    ['-c i --workspace file://w docker://reg/a/', 'checking registry "reg/a/" access'],
    ['-c i --workspace file://w docker://reg@sha256:0', 'checking registry "reg@sha256:0" access'],
    ['-c i --workspace file://w docker://', 'checking registry "" access'],
  ])('%j is refused', (line, message) => {
    expect(() => route(line)).toThrow(message);
  });

  it('is told what is wrong with it', () => {
    expect(() => route('-c i --since never file://d')).toThrow('yyyy-MM-dd');
  });

  it.each([
    ['-c i', 'docker://host[:port][/path]'],
    ['-c i https://reg:5000/a', 'docker://reg:5000/a'],
    ['-c i docker:/reg:5000/a', 'Write docker://reg:5000/a'],
    ['-c i false', 'after "="'],
    ['-c i docker://reg', '--workspace file://DIR'],
    ['-c i --workspace file://w docker://reg/Team', 'lower case'],
  ])('%j is refused with what to write', (line, remedy) => {
    expect(() => route(line)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(remedy) }),
    );
  });

  it('leads from registry to registry', () => {
    expect(route('-c i --workspace file:///ws docker://reg:5000/ns/a')).toEqual({
      mode: 'mirrorToMirror',
      target: 'reg:5000/ns/a',
      workingDirectory: '/ws/working-dir',
      dryRun: 'no',
    });
  });

  it('does not append working-dir twice', () => {
    expect(route('-c i --workspace file:///ws/working-dir docker://reg').workingDirectory).toBe(
      '/ws/working-dir',
    );
  });

  it('takes a workspace and a destination whose path has one of oc-mirror’s own words', () => {
    expect(route('-c i --dry-run file:///home/u/helm-mirror/logs').workingDirectory).toBe(
      '/home/u/helm-mirror/logs/working-dir',
    );
  });

  it('leads from a directory that has an archive, and works beside it', () => {
    expect(route('-c i --from file:///a docker://reg:5000/ns')).toEqual({
      mode: 'diskToMirror',
      target: 'reg:5000/ns',
      archive: '/a',
      workingDirectory: '/a/working-dir',
      dryRun: 'no',
    });
  });

  it('to disk speaks, in a dry run, of oc-mirror’s local cache', () => {
    expect(route('-c i --dry-run-manifest-lists -p 5005 file:///d')).toEqual({
      mode: 'mirrorToDisk',
      target: 'localhost:5005',
      archive: '/d',
      workingDirectory: '/d/working-dir',
      dryRun: 'manifest-lists',
    });
  });
});
