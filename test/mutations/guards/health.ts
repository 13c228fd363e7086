import type { Group } from '../mutation.ts';

const stories = 'test/UpgradeScaleSetNodes/health.test.ts';
const title = (story: string) => `who says whether a node is healthy ${story}`;

const alarms = 'test/UpgradeScaleSetNodes/alerts.test.ts';
const planned = 'test/common/rollout/alerts.test.ts';

/** Who says whether a node is healthy, and what alerts say. */
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
  {
    file: 'tasks/common/rollout/alerts.ts',
    tests: planned,
    guards: [
      {
        guard: 'an alert that has fired ends the rollout',
        text: 'if (alerts.fired.length > 0) return',
        without: 'if (alerts.fired.length > 1) return',
        red: 'nextSteps with alerts halts when one has fired, before the first start',
      },
      {
        guard: 'alerts that cannot be read are not waited for without end',
        text: 'if (now - since < limits.progressDeadlineMs)',
        without: 'if (now - since >= 0)',
        red: 'nextSteps with alerts halts when that lasts too long',
      },
      {
        guard: 'alerts that cannot be read are not quiet',
        text: 'if (!alerts.unread) return undefined;',
        without: 'if (alerts.fired.length === 0) return undefined;',
        red: 'nextSteps with alerts begins nothing while they cannot be read',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/checkpoints.ts',
    tests: planned,
    guards: [
      {
        guard: 'a checkpoint bakes from when alerts could be read again',
        text: ', alerts?.readSince ?? 0)',
        without: ')',
        red: 'nextSteps with alerts bakes anew from when they could be read again',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/next-steps.ts',
    tests: planned,
    guards: [
      {
        guard: 'the time in which alerts cannot be read is no time without progress',
        text: 'bakes(situation) || situation.alerts?.unread !== undefined;',
        without: 'bakes(situation);',
        red: 'nextSteps with alerts does not count that time as time without progress',
      },
      {
        guard: 'nothing is done while alerts cannot be read, though time is up',
        text: 'movingNodes(groups).length === 0 && stillMissing(groups, situation, choices) > 0;',
        without: 'movingNodes(groups).length === 0;',
        red: 'nextSteps with alerts is not done at the end of its time',
      },
    ],
  },
  {
    file: 'tasks/common/azure/alert-rules.ts',
    tests: alarms,
    guards: [
      {
        guard: 'an alert that names its rule by name alone counts',
        text: '[id, name].some(',
        without: '[id].some(',
        red: 'alerts of Azure Monitor bring a canary back whose alert fires while it bakes, named by its name',
      },
      {
        guard: 'a rule that is switched off is refused',
        text: "if (objectIn(rule['properties'])['enabled'] === false)",
        without: "if (objectIn(rule['properties'])['enabled'] === undefined)",
        red: 'alerts of Azure Monitor of rules that are not there or switched off are refused',
      },
      {
        guard: 'an alert that was closed is dealt with',
        text: " &&\n  textIn(essentials['alertState'])?.toLowerCase() !== 'closed'",
        without: '',
        red: 'alerts of Azure Monitor of others, resolved ones and closed ones do not count',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/logbook.ts',
    tests: alarms,
    guards: [
      {
        guard: 'alerts that can be read only now and then hold nothing up for ever',
        text: 'Math.min(ms, mostMs - logbook.unreadMs)',
        without: 'Math.min(ms, mostMs)',
        red: 'alerts of Azure Monitor that can be read only now and then hold nothing up for ever',
      },
    ],
  },
  {
    file: 'tasks/common/execute/until-done.ts',
    tests: 'test/UpgradeScaleSetNodes/left-alone.test.ts',
    guards: [
      {
        guard: 'a node whose script was not waited for, since the run was cancelled, is not put back',
        text: 'if (!isOver) throw',
        without: 'if (!isOver && !around.cancelled.aborted) throw',
        red: 'nodes that are left alone where health does not show whether a node that is put back serves a node whose script was not waited for, since the run was cancelled, is not taken for put back',
      },
    ],
  },
  {
    file: 'tasks/common/execute/turn.ts',
    tests: 'test/UpgradeScaleSetNodes/upgrade-nodes.test.ts',
    guards: [
      {
        guard: 'time that was waited on purpose is no time without progress once the waiting ends',
        text: 'if (known && bakes(known)) return noteWaited(logbook, ms);',
        without: 'if (known && bakes(known)) return noteWaited(logbook, 0 * ms);',
        red: 'upgradeNodes lets a node fall sick for a moment of a bake that is longer than the progress deadline',
      },
      {
        guard: 'a node that goes on falling sick while it bakes does not hold the rollout for ever',
        text: 'if (known && bakes(known)) return noteWaited(logbook, ms);',
        without: 'if (known ?? bakes) return noteWaited(logbook, ms);',
        red: 'upgradeNodes halts where a node goes on falling sick while it bakes',
      },
    ],
  },
  {
    file: 'tasks/common/execute/roll.ts',
    tests: alarms,
    guards: [
      {
        guard: 'alerts that nobody could read are no reason to go back',
        text: '...(step.unseen && { failure: unread(step.reason) })',
        without: '...(step.unseen && unread(step.reason) && {})',
        red: 'alerts of Azure Monitor that cannot be read stall the rollout and then halt it, with onFailure rollback as well',
      },
    ],
  },
  {
    file: 'tasks/common/execute/rollout-run.ts',
    tests: alarms,
    guards: [
      {
        guard: 'a way back is not stopped by the alert that it answers',
        text: "const alerts = plan.record.state === 'rollingBack' ? undefined : means.alerts;",
        without: 'const { alerts } = means;',
        red: 'alerts of Azure Monitor bring a canary back whose alert fires while it bakes, named by its id',
      },
    ],
  },
  {
    file: 'tasks/common/execute/serve-again.ts',
    tests: 'test/UpgradeScaleSetNodes/health.test.ts',
    guards: [
      {
        guard: 'where health does not show who is drained, nodes that a killed run may have drained serve again first',
        text: '  await restore(nodeIds, plan.before, drain, means);\n',
        without: '  void restore;\n',
        red: 'who says whether a node is healthy none: a drained node that the next run leaves alone serves again before another is drained',
      },
    ],
  },
  {
    file: 'tasks/common/execute/rollout-run.ts',
    tests: 'test/UpgradeScaleSetNodes/left-alone.test.ts',
    guards: [
      {
        guard: 'where health does not show who serves, the script that puts a node back is waited for',
        text: 'showsDrains(health) ? drain : untilDone(',
        without: 'showsDrains(health) || drain ? drain : untilDone(',
        red: 'nodes that are left alone where health does not show whether a node that is put back serves its script is waited for before another node is drained',
      },
    ],
  },
  {
    file: 'tasks/common/execute/roll-to-the-end.ts',
    tests: 'test/UpgradeScaleSetNodes/left-alone.test.ts',
    guards: [
      {
        guard: 'a node that comes before the model names the image is looked for at the end',
        text: '  if (isWhole({ ...ending.situation, nodes: look.nodes })) return ending;',
        without: '  if (look) return ending;',
        red: 'nodes that are left alone when nobody else is there, a node that comes while the end is written is brought along',
      },
    ],
  },
  {
    file: 'tasks/common/drain/drain-names.ts',
    tests: 'test/common/drain/script-drain.test.ts',
    guards: [
      {
        guard: 'a drain that a run before has begun is not started again',
        text: '      if (found.has(nodeId)) return undefined;\n',
        without: '',
        red: 'scriptDrain does not start again what a run before has begun, whose removal is put off',
      },
    ],
  },
  {
    file: 'tasks/common/preflight/quiet-alerts.ts',
    tests: alarms,
    guards: [
      {
        guard: 'an alert that had fired before is refused',
        text: 'if (fired.length === 0 || isOpen)',
        without: 'if (fired.length >= 0 || isOpen)',
        red: 'alerts of Azure Monitor that had fired before are refused by name before anything is written',
      },
    ],
  },
  {
    file: 'tasks/common/health/script-judge.ts',
    tests: stories,
    guards: [
      {
        guard: 'a script that fails says that its node is sick',
        text: "status.kind === 'ended' && status.state === 'Succeeded' && status.exitCode === 0;",
        without: "status.kind === 'ended';",
        red: 'a health script stops a rollout at its first node by its exit code, and leaves nothing behind',
      },
      {
        guard: 'a check that shows on its node takes nothing from it',
        text: "return isOurs ? { ...node, provisioning: 'succeeded' } : node;",
        without: 'void isOurs;\n    return node;',
        red: 'a health script may show on its node for as long as Azure takes to deliver it: the node serves all the same',
      },
      {
        guard: 'work of Azure that lasts is no delivery of a check',
        text: 'Math.min(chart.writtenAt, chart.workingSince)',
        without: 'chart.writtenAt',
        red: 'a health script hides no work of Azure with a node that lasts',
      },
      {
        guard: 'a check is not repeated at each look',
        text: "check.kind === 'none' && clock.now() >= check.nextAt;",
        without: "check.kind === 'none';",
        red: 'a health script asks each instance for four writes a minute at most',
      },
      {
        guard: 'what a killed run has left on nodes of another image is taken away',
        text: 'let swept = !bench.sweeps;',
        without: 'let swept = true;',
        red: "a health script killed as a check begins, what it left says nothing of the node's next disk (replayed: true)",
      },
    ],
  },
  {
    file: 'tasks/common/health/script-judge.ts',
    tests: 'test/common/health/script-judge.test.ts',
    guards: [
      {
        guard: 'what a killed run has left is taken away before the first check',
        text: 'if (await sweep(id)) chart.check',
        without: 'if ((await sweep(id)) || true) chart.check',
        red: 'scriptJudge takes nothing for an answer that it has not asked for',
      },
      {
        guard: 'a check that goes on when the rollout ends is taken away',
        text: "'name' in check ?",
        without: "check.kind === 'unknown' && 'name' in check ?",
        red: 'scriptJudge takes away what still runs when it is closed',
      },
      {
        guard: 'no more checks begin than a subscription has room for',
        text: 'due.slice(0, takeTokens(due.length))',
        without: 'due',
        red: 'scriptJudge begins so many checks as a subscription has room for, the nodes first that are not well',
      },
    ],
  },
];
