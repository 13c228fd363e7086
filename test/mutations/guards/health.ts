import type { Group } from '../mutation.ts';

const stories = 'test/UpgradeScaleSetNodes/health.test.ts';
const title = (story: string) => `who says whether a node is healthy ${story}`;

/** Who says whether a node is healthy. */
export const healthGuards: readonly Group[] = [
  {
    file: 'tasks/common/health/http-judge.ts',
    tests: stories,
    guards: [
      {
        guard: 'a status that is not 200 is not healthy',
        text: "status === 200 ? 'healthy' : 'unhealthy'",
        without: "'healthy'",
        red: title('http: a bad image stops at its first node'),
      },
      {
        guard: 'no answer is no health',
        text: "status === undefined ? 'unknown' :",
        without: "status === undefined ? 'healthy' :",
        red: title('http: a node that answers nobody is unknown, and unknown is not serving'),
      },
    ],
  },
  {
    file: 'tasks/common/health/source.ts',
    tests: stories,
    guards: [
      {
        guard: 'where health hides a drain, what a killed run has drained is put back',
        text: "kind === 'azure' || kind === 'http';",
        without: 'kind.length > 0;',
        red: title('none: killed while a node drains, a rollback puts the drained node back into service'),
      },
    ],
  },
  {
    file: 'tasks/common/health/source.ts',
    tests: 'test/common/health/source.test.ts',
    guards: [
      {
        guard: 'a node that does not run is not presumed healthy',
        text: "isUp(node) ? 'healthy' : 'unknown'",
        without: "'healthy'",
        red: 'a node that nobody asks is not when it does not: {"running":false}',
      },
    ],
  },
  {
    file: 'tasks/common/network/ask-status.ts',
    tests: 'test/common/network/ask-status.test.ts',
    guards: [
      {
        guard: 'a node that says nothing is not waited for',
        text: 'clock.sleep(patienceMs, over.signal)',
        without: 'clock.sleep(patienceMs * 10, over.signal)',
        red: 'askStatus knows nothing of who is silent for too long, in the time that it has',
      },
    ],
  },
];
