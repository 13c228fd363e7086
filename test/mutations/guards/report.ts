import type { Group } from '../mutation.ts';

const agrees = 'test/UpgradeScaleSetNodes/plan-agrees.test.ts';
const summaries = 'test/common/report/rollout-summary.test.ts';

/** What people see of a rollout. */
export const reportGuards: readonly Group[] = [
  {
    file: 'tasks/common/report/observed.ts',
    tests: 'test/common/report/observed.test.ts',
    guards: [
      {
        guard: 'a node that this run did not replace is not called away because it is watched anew',
        text: "=== 'replacing' ? 'proof' : 'serving'",
        without: "=== 'replacing' ? 'proof' : 'proof'",
        red: 'what is observed counts the most nodes that were away at one look because of us, and no others',
      },
      {
        guard: 'a phase that we began counts from our own clock',
        text: '? errand.since : now',
        without: '? now : now',
        red: 'what is observed is each phase of a node, by our own clock what we began and else by the look',
      },
      {
        guard: 'a time that nobody came through is not usual',
        text: "if (phase === 'drain' && (next.phase === 'idle' || next.phase === 'disk')) drains.push(ms);",
        without: "if (phase === 'drain') drains.push(ms);",
        red: 'what is observed knows nothing of what nobody came through',
      },
    ],
  },
  {
    file: 'tasks/common/report/timeline.ts',
    tests: 'test/common/report/timeline.test.ts',
    guards: [
      {
        guard: 'a large set is drawn by zone',
        text: 'tracks.length <= mostRows ?',
        without: 'tracks.length > 0 ?',
        red: 'timeline draws up to 40 nodes one by one, more by zone with those that failed',
      },
    ],
  },
  {
    file: 'tasks/common/report/timeline-nodes.ts',
    tests: 'test/common/report/timeline.test.ts',
    guards: [
      {
        guard: 'a column shows what took most of its time',
        text: 'if (ms <= 0 || ms < longestMs) continue;',
        without: 'if (ms <= 0) continue;',
        red: 'timeline shows what took most of a column',
      },
    ],
  },
  {
    file: 'tasks/common/report/rollout-summary.ts',
    tests: summaries,
    guards: [
      {
        guard: 'no sentence of Azure becomes markup of the page',
        text: 'cell(cut(report.ending))',
        without: 'cut(report.ending)',
        red: 'rolloutSummary lets no foreign text become markup',
      },
      {
        guard: 'a page stays a page however much happened',
        text: 'if (lines.length <= mostLines) return lines;',
        without: 'if (lines.length >= 0) return lines;',
        red: 'rolloutSummary stays a page with 1,000 nodes that all fail with a long sentence',
      },
    ],
  },
  {
    file: 'tasks/common/report/node-table.ts',
    tests: summaries,
    guards: [
      {
        guard: 'the table has so many rows at most, and says how many it leaves out',
        text: 'const many = lines.length > mostRows;',
        without: 'const many = lines.length < 0;',
        red: 'rolloutSummary stays a page with 1,000 nodes that all fail with a long sentence',
      },
    ],
  },
  {
    file: 'tasks/common/execute/narrator.ts',
    tests: 'test/common/execute/narrator.test.ts',
    guards: [
      {
        guard: 'the same wait is said once',
        text: "if (step.kind !== 'wait' || event.text !== lastWait) tell(event);",
        without: 'tell(event);',
        red: 'narrator says the same wait once, and again after something else',
      },
      {
        guard: 'a way back does not begin with news of nodes to which nothing happened',
        text: 'if (last?.target === situation.target)',
        without: 'if (last)',
        red: 'narrator does not call it news that a rollout is seen from its other end',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/imagined.ts',
    tests: agrees,
    guards: [
      {
        guard: 'an imagined node is healthy since its new disk, not since its old one',
        text: '  ...(node.healthTime !== undefined && { healthTime }),\n',
        without: '',
        red: 'a plan that is printed agrees in every number with the rollout that follows: six nodes in three zones',
      },
    ],
  },
  {
    file: 'tasks/common/execute/foresight/imagined-hold.ts',
    tests: agrees,
    guards: [
      {
        guard: 'a plan knows that a checkpoint reads who holds the rollout',
        text: 'read(calls, 2); // is it still ours',
        without: 'read(calls, 1); // is it still ours',
        red: 'a plan that is printed agrees in every number with the rollout that follows: twenty nodes with two checkpoints',
      },
    ],
  },
  {
    file: 'tasks/common/execute/foresight/imagined-stage.ts',
    tests: agrees,
    guards: [
      {
        guard: 'a plan counts from the first write on, as it says',
        text: '  if (calls.setWrites > 0) calls.reads += many;',
        without: '  calls.reads += many;',
        red: 'a plan that is printed agrees in every number with the rollout that follows: six nodes in three zones',
      },
    ],
  },
  {
    file: 'tasks/common/execute/foresight/look-ahead.ts',
    tests: agrees,
    guards: [
      {
        guard: 'a drain that was seen is not counted a look longer than it was',
        text: 'Math.max(0, drainMs - tickMs(pages))',
        without: 'Math.max(0, drainMs)',
        red: 'a plan that is printed and what the summary says of the next stage and of a rollback agrees with what they then do, by the times of the run before',
      },
      {
        guard: 'a task that was cancelled does not spend its last seconds on imagining',
        text: "if (back || ending.outcome === 'cancelled') return undefined;",
        without: 'if (back) return undefined;',
        red: 'a plan that is printed and what the summary says of the next stage and of a rollback is left out where there is nothing to go on with, and told where it can not be worked out',
      },
    ],
  },
  {
    file: 'tasks/common/execute/foresight/foresee.ts',
    tests: 'test/UpgradeScaleSetNodes/plan.test.ts',
    guards: [
      {
        guard: 'a plan takes no node to be slower than the author lets it be',
        text: 'Math.min(180_000, longestUntilHealthy(plan))',
        without: 'Math.max(180_000, longestUntilHealthy(plan))',
        red: 'a plan takes no node to be slower than the author lets it be, and says what it assumes',
      },
    ],
  },
];
