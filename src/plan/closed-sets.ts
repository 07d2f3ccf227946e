/** The actions on one place of the target. */
export const actions = ['mirror', 'retag', 'keep', 'delete', 'untag', 'hold'] as const;

/** Reasons of the actions but `untag` and `hold`; `replaced` is the reason to delete a digest that had a place before. */
export const reasonsOf = {
  mirror: [
    'wanted', // an image set wants it and the target lacks it
    'missing', // the state says it was mirrored, the target lacks it
  ],
  retag: ['moved'], // the tag names other content now
  keep: [
    'mirrored', // it is there
    'adopted', // it is there, put by another tool, and is what upstream names
  ],
  delete: [
    'removed', // the change of the configuration removes it
    'stale', // no image set wants it any more (prune: stale)
  ],
  replaced: ['replaced'], // its place names other content from then on, and nothing else names it
} as const;

/** Reasons for which a digest stays although its place is not wanted: `untag` removes the tag alone, `hold` nothing. */
export const stayReasons = [
  'shared', // other kept places need the same digest
  'foreign-tag', // a tag that this tool did not put there names the digest, or an index above it
  'in-kept-index', // a kept index has it as a child
  'list-incomplete', // the registry's list leaves tags out, and any of them may name the digest
  'wanted-elsewhere', // another image set of the target wants this place
  'subject-stays', // it is attached to an image that stays
  'kept-subject', // something kept refers to it as its subject
  'protected', // `protect` names it
  'unreviewed', // its removal was not reviewed, or `max-delete` allows fewer
  'not-ours', // nothing says that this tool mirrored it, and it is not what upstream names
  'unreadable', // the manifest could not be read, so what it shares is unknown
] as const;

/** Kinds of what holds a digest back. */
export const holderKinds = [
  'placement',
  'image-set',
  'tag',
  'index',
  'subject',
  'pattern',
] as const;

/** Where a revision came from. */
export const revisionSources = ['input', 'state', 'event', 'files', 'none'] as const;

/** The images that a plan may remove: those that the change removes, also those that no image set wants any more, or none. */
export const prunes = ['removed', 'stale', 'none'] as const;

/** Formats of plan files that can be read; the last one is written. */
export const formatVersions = ['1.0', '1.1'] as const;
