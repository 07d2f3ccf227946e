import { expect, it } from 'vitest';
import { renderPlanText } from '../../src/views/index.ts';
import { change, channelConfig, makeLab } from '../support/lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const older = channelConfig('4.16.5', '4.16.5');

it('an update that is not recommended is mirrored as ever; a plan says why, and new words for it need no new review', async () => {
  let message = 'Nodes may panic.';
  const risk = {
    name: 'Panics',
    get message() {
      return message;
    },
    url: 'https://issues.test/1',
    matchingRules: [{ type: 'Always' }],
  };
  const conditionalEdges = [{ edges: [{ from: '4.16.5', to: '4.16.6' }], risks: [risk] }];
  const lab = await makeLab({ upstream: { conditionalEdges } });
  await lab.mirror([older]);
  const planned = async () => {
    const { plan } = await lab.plan(change([older], [both]));
    const text = plan && renderPlanText(plan).replace(/\s+/g, ' ');
    return { digest: plan?.digest, added: plan?.releases.added, text };
  };
  const first = await planned();
  expect(first.added).toMatchObject([{ version: '4.16.6' }]);
  expect(first.text).toContain(
    'For clusters at 4.16.5, the update to 4.16.6 is recommended to no cluster (risk Panics).',
  );
  expect(first.text).toContain('Panics (“Nodes may panic.” https://issues.test/1)');
  message = 'Nodes panic sometimes.';
  const second = await planned();
  expect(second.text).toContain('“Nodes panic sometimes.”');
  expect(second.digest).toBe(first.digest);
});
