import { describe, expect, it, onTestFinished } from 'vitest';
import { CopyError, finalCause, RegistryError } from '../../src/errors.ts';
import { Circuit } from '../../src/registry/circuit.ts';
import { connect } from '../../src/registry/index.ts';
import { isTransient } from '../../src/registry/retry.ts';
import { fakeClock, wired, wireOptions } from '../support/wire.ts';

const refused = () => new RegistryError('UNREACHABLE', 'refused');

function circuitOf(times: number) {
  const clock = fakeClock();
  const circuit = new Circuit({ clock, retry: { times } });
  const failOnce = (error = refused()) => circuit.fail(circuit.begin(), error);
  const isOpen = () => {
    try {
      circuit.begin();
      return false;
    } catch {
      return true;
    }
  };
  return { clock, circuit, failOnce, isOpen };
}

describe('a host that never answered', () => {
  it('is given up after as many rounds as the policy has attempts', () => {
    const { failOnce, isOpen } = circuitOf(2);
    failOnce();
    failOnce();
    expect(isOpen()).toBe(false);
    const end = failOnce();
    expect(end).toMatchObject({ isFinal: true, message: 'refused' });
    expect(isTransient(end)).toBe(false);
    expect(failOnce).toThrow(expect.objectContaining({ isFinal: true }));
  });

  it('counts requests that fail together as one round', () => {
    const { circuit, isOpen } = circuitOf(2);
    const attempts = Array.from({ length: 40 }, () => circuit.begin());
    for (const attempt of attempts) circuit.fail(attempt, refused());
    expect(isOpen()).toBe(false);
  });

  it('is given up after 30 seconds, whatever the policy', () => {
    const { clock, circuit, isOpen } = circuitOf(20);
    const attempt = circuit.begin();
    clock.advance(30_000);
    circuit.fail(attempt, refused());
    expect(isOpen()).toBe(true);
  });

  it('is given up at once by what cannot be another next time', () => {
    const { failOnce, isOpen } = circuitOf(9);
    failOnce(new RegistryError('CERTIFICATE', 'unknown authority'));
    expect(isOpen()).toBe(true);
  });
});

describe('a host that answered before', () => {
  it('is given up only when no answer came for 30 seconds', () => {
    const { clock, circuit, failOnce, isOpen } = circuitOf(1);
    circuit.succeed();
    for (let round = 0; round < 9; round += 1) failOnce();
    expect(isOpen()).toBe(false);
    clock.advance(30_000);
    failOnce();
    expect(isOpen()).toBe(true);
  });

  it('has its count begun anew by any answer', () => {
    const { clock, circuit, failOnce, isOpen } = circuitOf(1);
    circuit.succeed();
    failOnce();
    clock.advance(30_000);
    circuit.succeed();
    failOnce();
    failOnce();
    expect(isOpen()).toBe(false);
  });
});

it('thousands that need a host nobody listens at fail with one error, and soon', async () => {
  const gone = await wired();
  await gone.close();
  const clock = fakeClock();
  const registries = connect(wireOptions({ clock, retry: { times: 2 } }));
  onTestFinished(() => registries.close());
  const failures = await Promise.all(
    Array.from({ length: 4000 }, (_, index) =>
      registries
        .repository(gone.host, `app${index}`)
        .manifests.resolve('v1')
        .catch((error: unknown) => finalCause(error)),
    ),
  );
  expect(new Set(failures).size).toBe(1);
  expect(failures[0]).toMatchObject({ code: 'UNREACHABLE', isFinal: true });
  // At most three rounds, by https and by http.
  expect(registries.traffic().requests).toBeLessThanOrEqual(6);
});

it('the cause of a failure is found beneath what was said of it', () => {
  const cause = new RegistryError('TIMEOUT', 'silent', { isFinal: true });
  const error = new CopyError({ side: 'source', operation: 'resolve', reference: 'a/b:c', cause });
  expect(finalCause(error)).toBe(cause);
  expect(finalCause(refused())).toBeUndefined();
});
