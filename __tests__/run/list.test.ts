import { describe, expect, it } from 'vitest';
import type { Repository } from '../../src/registry/index.ts';
import { listReleases } from '../../src/run/index.ts';
import { listMinors } from '../../src/run/list.ts';
import { makeLab } from '../support/lab.ts';
import { memoryRegistry } from '../support/memory-registry.ts';

const channels = {
  'stable-4.16': ['4.16.10', '4.16.9', '4.16.2-rc.1'],
  'fast-4.16': ['4.16.10', '4.16.11'],
  'eus-4.16': ['4.16.9'],
};

async function makeReleaseLab(architectures: readonly string[] = ['amd64']) {
  const lab = await makeLab({ upstream: { channels, architectures } });
  return { lab, settings: lab.settings({ retryTimes: 0 }) };
}

describe('a list of releases', () => {
  it('is of one channel, by architecture and in the order of versions', async () => {
    const { settings } = await makeReleaseLab(['amd64', 'arm64']);
    const request = { what: 'releases', version: '', channel: 'fast-4.16' } as const;
    const architectures = ['arm64', 'amd64'];
    expect(await listReleases(settings, { ...request, architectures })).toEqual({
      lines: [
        ...['Channel: fast-4.16', 'Architecture: arm64', '4.16.10', '4.16.11'],
        ...['Channel: fast-4.16', 'Architecture: amd64', '4.16.10', '4.16.11'],
      ],
      failures: [],
    });
  });

  it('of a stable channel begins with where to find others', async () => {
    const { settings } = await makeReleaseLab();
    const { lines } = await listReleases(settings, {
      ...{ what: 'releases', version: '4.16', channel: 'stable-4.16', architectures: ['amd64'] },
    });
    expect(lines).toEqual([
      'Listing stable channels. Use --channel=<name> to filter.',
      'Use oc-mirror --v2 list releases --channels --version=4.16 to discover other channels.',
      '',
      'Channel: stable-4.16',
      'Architecture: amd64',
      ...['4.16.2-rc.1', '4.16.9', '4.16.10'],
    ]);
  });

  it('has the architectures that there are, and tells of the others', async () => {
    const { settings } = await makeReleaseLab();
    const { lines, failures } = await listReleases(settings, {
      ...{ what: 'releases', version: '', channel: 'eus-4.16' },
      architectures: ['s390x', 'amd64'],
    });
    expect(lines).toEqual(['Channel: eus-4.16', 'Architecture: amd64', '4.16.9']);
    expect(failures).toEqual([{ message: 'channel "eus-4.16": no versions found' }]);
  });

  it('says why a graph cannot be had', async () => {
    const { settings } = await makeReleaseLab();
    const env = { UPDATE_URL_OVERRIDE: 'http://127.0.0.1:1/graph' };
    const request = { what: 'channels', version: '4.16', channel: 'stable-4.16' } as const;
    const { lines, failures } = await listReleases({ ...settings, env }, request);
    expect(lines).toEqual([]);
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^channel "stable-4\.16": failed to get graph data: 127\.0\.0\.1:1 cannot be reached/,
      ),
    ]);
  });
});

describe('a list of channels', () => {
  it('has all that a release of the stable channel is in', async () => {
    const { settings } = await makeReleaseLab();
    const request = { what: 'channels', version: '4.16', channel: 'stable-4.16' } as const;
    expect((await listReleases(settings, request)).lines).toEqual([
      'Listing channels for version 4.16:',
      '',
      ...['eus-4.16', 'fast-4.16', 'stable-4.16'],
    ]);
  });
});

const published = 'quay.io/openshift-release-dev/ocp-release';

describe('a list of OpenShift versions', () => {
  /** A world in which one repository has tags. */
  const tagged = (place: string, tags: readonly string[]) => ({
    repository(registry: string, name: string): Repository {
      const list = async () => (`${registry}/${name}` === place ? tags : undefined);
      const plain = memoryRegistry().repository(registry, name);
      return { ...plain, tags: { ...plain.tags, list } };
    },
  });

  it('is what the tags of the published releases begin with', async () => {
    const tags = ['4.16.9-x86_64', '4.9.1-x86_64', '4.10.0-rc.2-aarch64', '4.9.0-multi'];
    const others = ['sha256-aa.sig', '5.0-nine.sig', 'latest'];
    expect(await listMinors(tagged(published, [...tags, ...others]))).toEqual({
      lines: [
        'Available OpenShift Container Platform release versions:',
        ...['  4.9', '  4.10', '  4.16'],
      ],
      failures: [],
    });
  });

  it('fails where there is no such repository', async () => {
    const { lines, failures } = await listMinors(tagged('elsewhere.test/releases', []));
    expect(lines).toEqual([]);
    expect(failures[0]?.message).toBe(
      'failed get release tags: quay.io has no repository openshift-release-dev/ocp-release',
    );
  });
});
