/**
 * A strict registry in memory: the demo and the tests run on it.
 *
 * A client that works with the strictest server works with all, so this one is stricter than real ones: a blob is visible in
 * its own repository only; a manifest is refused while any of its content is missing, with one error for each digest; a
 * manifest is sent only if the request accepts its type; deleting a digest removes all its tags; lists have tiny pages; a
 * location is valid for one request; tokens have a scope and an end.
 *
 * Laws: the handler is a function from a request to an answer over a store, without a socket or a clock. Differences of real
 * products are settings, and each product is a table of settings (`__tests__/support/emulations.ts`). Errors on the way are `faults`. The access
 * log has every request.
 *
 * It does not know the client: it imports the data model and nothing else of this project.
 */
export * from './access-log.ts';
export * from './faults.ts';
export { createFakeRegistry, type FakeRegistry } from './handler.ts';
export * from './message.ts';
export * from './serve.ts';
export * from './settings.ts';
export * from './store.ts';
