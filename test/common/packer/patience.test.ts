import assert from 'node:assert/strict';
import { agentPatienceMs } from '../../../tasks/common/packer/patience.ts';

describe('agentPatienceMs', () => {
  const cases = [
    { name: 'the agent’s own ten seconds, less one for us', environment: {}, ms: 9_000 },
    { name: 'what the pipeline sets', environment: { PROCESS_SIGINT_TIMEOUT: '300000' }, ms: 301_500 },
    {
      name: 'both waits',
      environment: { PROCESS_SIGINT_TIMEOUT: '60000', PROCESS_SIGTERM_TIMEOUT: '1000' },
      ms: 60_000,
    },
    {
      name: 'a second at least',
      environment: { PROCESS_SIGINT_TIMEOUT: '0', PROCESS_SIGTERM_TIMEOUT: '0' },
      ms: 1_000,
    },
    { name: 'the default for nonsense', environment: { PROCESS_SIGINT_TIMEOUT: 'soon' }, ms: 9_000 },
  ];
  for (const { name, environment, ms } of cases) it(`is ${name}`, () => assert.equal(agentPatienceMs(environment), ms));
});
