import { describe, expect, it } from 'vitest';
import { decideCommand, readEvent } from '../../src/github/event.ts';

const sha = 'a'.repeat(40);
const other = 'b'.repeat(40);

function event(name: string, payload: unknown = {}) {
  return readEvent({ GITHUB_EVENT_NAME: name, GITHUB_SHA: sha }, payload);
}

describe('decideCommand', () => {
  it.each([
    ['pull_request', 'plan'],
    ['pull_request_target', 'plan'],
    ['merge_group', 'plan'],
    ['push', 'apply'],
    ['schedule', 'verify'],
    ['workflow_dispatch', 'plan'],
    ['', 'plan'],
    ['__proto__', 'plan'],
  ])('turns auto on %s into %s', (name, command) => {
    expect(decideCommand('auto', event(name))).toBe(command);
  });

  it('does what is asked for, whatever the event', () => {
    expect(decideCommand('apply', event('workflow_dispatch'))).toBe('apply');
  });
});

describe('readEvent', () => {
  it('takes a zero commit for none, as a new branch has it', () => {
    expect(event('push', { before: '0'.repeat(40) }).before).toBeUndefined();
    expect(event('push', { before: other }).before).toBe(other);
  });

  it('reads the pull request', () => {
    const payload = { pull_request: { number: 7, base: { sha }, head: { sha: other } } };
    expect(event('pull_request', payload).pullRequest).toEqual({
      number: 7,
      baseSha: sha,
      isMerged: false,
      headSha: other,
    });
  });

  it('takes the base of a merge group for the commit before', () => {
    expect(event('merge_group', { merge_group: { base_sha: other } }).before).toBe(other);
  });

  it.each([undefined, null, 'text', [], { pull_request: null, commits: [null, { id: 1 }] }])(
    'reads nothing out of the malformed payload %j',
    (payload) => {
      expect(event('push', payload)).toMatchObject({
        pullRequest: undefined,
        before: undefined,
        commits: [],
      });
    },
  );

  it('does not take an option for a commit', () => {
    expect(event('push', { before: '--upload-pack=evil' }).before).toBeUndefined();
  });
});
