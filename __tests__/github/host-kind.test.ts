import { describe, expect, it } from 'vitest';
import { hostKindOf, runPages, showsSummaries } from '../../src/github/host-kind.ts';

const run = {
  GITHUB_SERVER_URL: 'https://git.example.com',
  GITHUB_REPOSITORY: 'team/mirror',
  GITHUB_RUN_ID: '936',
  GITHUB_RUN_NUMBER: '64',
};

describe('the host of a run', () => {
  it.each([
    [{}, 'github'],
    [{ GITHUB_SERVER_URL: 'https://github.com' }, 'github'],
    [{ GITHUB_SERVER_URL: 'https://team.ghe.com' }, 'github'],
    [{ GITHUB_SERVER_URL: 'https://notgithub.com' }, 'enterprise'],
    [{ GITHUB_SERVER_URL: 'https://github.com', ACT: 'true' }, 'act'],
    [{ ...run, GITEA_ACTIONS: 'true', ACT: 'true' }, 'gitea'],
    [{ ...run, GITHUB_API_URL: 'https://git.example.com/api/v1' }, 'gitea'],
    [{ ...run, GITEA_ACTIONS: 'true', FORGEJO_ACTIONS: 'true' }, 'forgejo'],
  ])('with %j is %s', (env, kind) => {
    expect(hostKindOf(env)).toBe(kind);
  });

  it.each([
    ['job-summary', true],
    ['cancelling, job-summary', true],
    ['cancelling', false],
    ['', false],
  ])('shows summaries on Gitea with the capabilities %j: %s', (capabilities, expected) => {
    const env = { GITEA_ACTIONS: 'true', GITEA_ACTIONS_CAPABILITIES: capabilities };
    expect(showsSummaries(env)).toBe(expected);
  });

  const page = 'https://git.example.com/team/mirror/actions/runs';
  const newer = { GITEA_ACTIONS: 'true', GITEA_ACTIONS_CAPABILITIES: 'job-summary' };
  it.each([
    ['GitHub', run, `${page}/936`, `${page}/936/artifacts/42`],
    ['an older Gitea', { ...run, GITEA_ACTIONS: 'true' }, `${page}/64`, `${page}/64`],
    ['a newer Gitea', { ...run, ...newer }, `${page}/936`, `${page}/936`],
    ['Forgejo', { ...run, FORGEJO_ACTIONS: 'true' }, `${page}/64`, `${page}/64`],
    ['act', { ...run, ACT: 'true' }, undefined, undefined],
    ['no host', {}, undefined, undefined],
  ])('has the pages of a run on %s', (_, env, ofRun, ofArtifact) => {
    const pages = runPages(env);
    expect(pages.run).toBe(ofRun);
    expect(pages.artifact(42)).toBe(ofArtifact);
    expect(pages.artifact(undefined)).toBeUndefined();
  });
});
