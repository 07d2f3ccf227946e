import { createFakeRegistry, serve } from '../../src/fake-registry/index.ts';
import { describeRegistryBehaviour } from './behaviour.ts';

describeRegistryBehaviour('the strict registry in memory', async () => {
  const { host, close } = await serve(createFakeRegistry());
  return { host, stop: close };
});
