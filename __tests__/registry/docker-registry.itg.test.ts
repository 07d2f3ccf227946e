import { describe, it } from 'vitest';
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { describeRegistryBehaviour } from './behaviour.ts';

if (hasDockerRegistry()) {
  describeRegistryBehaviour("Distribution, Debian's docker-registry", startDockerRegistry);
} else {
  describe.skip("Distribution: docker-registry is not on the path, so it isn't tested", () => {
    it('is installed by: apt-get install docker-registry');
  });
}
