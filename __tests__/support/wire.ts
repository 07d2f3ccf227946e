import {
  createFakeRegistry,
  type FakeRegistry,
  type FakeSettings,
  type ServedRegistry,
  serve,
} from '../../src/fake-registry/index.ts';
import type { Clock } from '../../src/log.ts';
import {
  type Credential,
  connect,
  type Registries,
  type RegistriesOptions,
} from '../../src/registry/index.ts';

/** A clock that stands still until something sleeps, and remembers how long. */
export interface FakeClock extends Clock {
  readonly slept: number[];
  advance(ms: number): void;
}

/** Makes a clock at a fixed time; nothing that sleeps on it waits. */
export function fakeClock(start = Date.parse('2026-01-01T00:00:00Z')): FakeClock {
  let time = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    random: () => 0.5,
    advance(ms) {
      time += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      time += ms;
    },
  };
}

/** A clock whose sleeper sleeps until it is woken. */
export function patientClock(): FakeClock {
  return {
    ...fakeClock(),
    sleep: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
  };
}

/** Options of a connection that knows nobody, trusts the system and does not wait. */
export function wireOptions(options: Partial<RegistriesOptions> = {}): RegistriesOptions {
  return {
    credentials: { lookup: async () => undefined },
    trust: { lookup: async () => ({}) },
    retry: { times: 3 },
    parallel: 8,
    userAgent: 'imageset-mirror/test',
    clock: fakeClock(),
    log: { log() {} },
    env: {},
    ...options,
  };
}

/** Gives the same credential to whoever asks. */
export function loginAs(credential: Credential): Pick<RegistriesOptions, 'credentials'> {
  return { credentials: { lookup: async () => credential } };
}

/** A served registry and a connection to it. */
export interface Wired extends ServedRegistry {
  readonly fake: FakeRegistry;
  readonly registries: Registries;
}

/** Starts a registry and connects to it; `close` ends both. */
export async function wired(
  settings: Partial<FakeSettings> = {},
  options: Partial<RegistriesOptions> = {},
): Promise<Wired> {
  const fake = createFakeRegistry(settings);
  const served = await serve(fake);
  const registries = connect(wireOptions(options));
  return {
    ...served,
    fake,
    registries,
    async close() {
      await registries.close();
      await served.close();
    },
  };
}

/** Reads a stream to its end. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Makes a source of bytes that can be opened again, in pieces of a given length. */
export function sourceOf(bytes: Uint8Array, piece = 16_384) {
  return async () =>
    (async function* () {
      for (let at = 0; at < bytes.byteLength; at += piece) yield bytes.subarray(at, at + piece);
    })();
}
