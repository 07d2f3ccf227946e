/**
 * The files with which people have set up registries already: credentials, certificates, `registries.conf`.
 *
 * They are read as containers and docker read them: the same places in the same order, the longest name first, credential
 * helpers included. A file that is absent says nothing; one that cannot be read is an error that names it.
 *
 * The folder refuses to know when a registry is asked, and it never logs a secret.
 */
export { type CredentialOptions, createCredentialSource } from './credentials.ts';
export { loadRegistryRules, type RegistriesConfOptions } from './registries-conf.ts';
export type { HostRules } from './registry-rule.ts';
export { createTrustSource, type TrustOptions } from './trust.ts';
