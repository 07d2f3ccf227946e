/**
 * The use cases that both doors share: plan, apply, mirror, delete, verify, restore.
 */
export * from './types.ts';
