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

if (hasDockerRegistry('registry')) {
  describeRegistryBehaviour('Distribution 3, registry', () =>
    startDockerRegistry({ program: 'registry' }),
  );
} else {
  describe.skip("Distribution 3: registry is not on the path, so it isn't tested", () => {
    it('is built by: go install github.com/distribution/distribution/v3/cmd/registry@latest');
  });
}
