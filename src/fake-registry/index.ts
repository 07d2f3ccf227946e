/**
 * A strict registry in memory: the demo and the tests run on it.
 *
 * It believes that a client is proved by the strictest server that the specification allows, so it is stricter than
 * real ones: a blob is visible in its own repository alone; a manifest is refused while anything it names is missing,
 * one error for each digest; a manifest answers only to a request that accepts its type; deleting a digest removes
 * every tag of it; lists come in tiny pages; a location is good for one request; tokens have a scope and an end.
 *
 * Laws: the handler is a function from a request to an answer over a store, without a socket or a clock; what real
 * products differ in is a setting, and what one product is like is a table of settings (`emulations`); what goes wrong on
 * the way is a fault, asked for byte by byte; everything that was asked stands in the access log.
 *
 * It refuses to know the client: it imports the data model and nothing else of this project.
 */
export * from './access-log.ts';
export * from './emulations.ts';
export * from './faults.ts';
export { createFakeRegistry, type FakeRegistry } from './handler.ts';
export * from './message.ts';
export * from './serve.ts';
export * from './settings.ts';
export * from './store.ts';
