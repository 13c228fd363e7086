import type { Group } from '../mutation.ts';

const steps = 'test/common/rollout/next-steps.test.ts';
const upgrades = 'test/UpgradeScaleSetNodes/upgrade-nodes.test.ts';
const faults = 'test/UpgradeScaleSetNodes/faults.test.ts';
const outages = 'test/UpgradeScaleSetNodes/outages.test.ts';

/** What is decided, and how it is carried out. */
export const rolloutGuards: readonly Group[] = [
  {
    file: 'tasks/common/rollout/next-steps.ts',
    tests: steps,
    guards: [
      {
        guard: 'more broken nodes than allowed stop the rollout',
        text: '  if (groups.broken.length > limits.maxFailedNodes) {',
        without: '  if (groups.broken.length > 1_000) {',
        red: 'nextSteps explains a halt by the nodes and the limit',
      },
      {
        guard: 'a rollout without progress stops (progressDeadline)',
        text: ' && idleMs >= limits.progressDeadlineMs)',
        without: ' && idleMs >= 1e12)',
        red: 'nextSteps halts when nothing has become ready for the progress deadline',
      },
      {
        guard: 'a node is drained before it is replaced',
        text: 'if (!choices.drains) return replacements',
        without: 'if (choices.drains || !choices.drains) return replacements',
        red: 'nextSteps drains as many nodes as the limit allows',
      },
      {
        guard: 'a node whose drain failed is not replaced unless that is allowed',
        text: "  if (stuck && choices.onDrainTimeout === 'fail')\n",
        without: '  if (stuck === undefined && situation.nodes.length < 0)\n',
        red: 'nextSteps halts when a drain fails',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/beginnings.ts',
    tests: steps,
    guards: [
      {
        guard: 'nodes that are on their way use up maxUnavailable',
        text: 'situation.limits.maxUnavailable - movingNodes(groups).length - groups.broken.length',
        without: 'situation.limits.maxUnavailable - groups.broken.length',
        red: 'nextSteps waits while the limit is used up',
      },
      {
        guard: 'broken nodes use up maxUnavailable',
        text: '- movingNodes(groups).length - groups.broken.length',
        without: '- movingNodes(groups).length',
        red: 'nextSteps halts when broken nodes leave no room',
      },
      {
        guard: 'nodes that fell sick since we came use up maxUnavailable',
        text: 'Math.max(0, slots - lost.length - lostElsewhere)',
        without: 'slots',
        red: 'nextSteps takes a node that fell sick first, and nobody else',
      },
      {
        guard: 'a stage takes no more nodes than it was asked for',
        text: '.slice(0, stillToStart(groups, situation));',
        without: ';',
        red: 'nextSteps counts nodes on their way towards the number asked for',
      },
      {
        guard: 'nothing new is started while a node that was healthy on the target is not any more',
        text: ' || groups.relapsed.length > 0',
        without: '',
        red: 'nextSteps starts nothing new while a node that was healthy on the target is not any more',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/beginnings.ts',
    tests: steps,
    guards: [
      {
        guard: 'a node whose drain has failed goes last',
        text: 'lastWhenUndrained(inTurn(nodes, situation.nodes), situation)',
        without: 'lastWhenUndrained === undefined ? [] : inTurn(nodes, situation.nodes)',
        red: 'nextSteps takes a node whose drain has failed after all others',
      },
      {
        guard: 'nodes that are left alone use up maxUnavailable when they fall sick',
        text: '[...groups.old, ...groups.unchosen, ...groups.spared]',
        without: '[...groups.old, ...groups.unchosen]',
        red: 'nextSteps waits until what fell sick among the nodes that are left alone serves again',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/remaining.ts',
    tests: steps,
    guards: [
      {
        guard: 'a stage that can not reach its number halts',
        text: 'return isKept ? [] : undrainable;',
        without: 'void isKept;\n  return undrainable.slice(undrainable.length);',
        red: 'nextSteps halts when no other node can take the place of one that can not be drained',
      },
      {
        guard: 'a rollout that can drain no node at all halts',
        text: "(limits.wanted === 'all' ? 1 : limits.wanted)",
        without: "(limits.wanted === 'all' ? 0 : limits.wanted)",
        red: 'nextSteps halts when no node at all can be drained',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/state.ts',
    tests: steps,
    guards: [
      {
        guard: 'a node that asks to be left out is left alone',
        text: "  if (node.leaveOut) return 'leftOut';\n",
        without: '',
        red: 'nextSteps leaves a node alone that asks to be left out',
      },
      {
        guard: 'a node is not drained for ever',
        text: '?.times ?? 0) >= mostDrains',
        without: '?.times ?? 0) >= 100',
        red: 'nextSteps leaves a node alone that could not be drained twice',
      },
      {
        guard: 'a node that was put back uses up maxUnavailable until it serves',
        text: "  if (isReturning(node, entry, limits, now)) return 'returning';\n",
        without: '  void isReturning;\n',
        red: 'nextSteps waits until a node that was put back serves again',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/groups.ts',
    tests: steps,
    guards: [
      {
        guard: 'a new node that is not ready yet uses up maxUnavailable',
        text: '    ...groups.settling,\n',
        without: '',
        red: 'nextSteps counts a new node that is not ready yet',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/invariants.ts',
    tests: 'test/common/rollout/invariants.test.ts',
    guards: [
      {
        guard: 'a decision that would take one node too many is caught',
        text: '  assert(newlyTaken.length === 0 || away <= limit, `${away} nodes would be on their way, the limit is ${limit}`);\n',
        without: '',
        red: 'assertSafe stops a decision that takes one node too many',
      },
      {
        guard: 'a decision that would take a server too many is caught',
        text: '  assert(!takesServer || unavailable <= limit, `${unavailable} nodes would be unavailable, the limit is ${limit}`);\n',
        without: '  void [takesServer, unavailable];\n',
        red: 'assertSafe stops a decision that takes a server while a sick node uses up the limit',
      },
      {
        guard: 'a decision that starts something while a new node fell sick is caught',
        text: "  assert(newlyTaken.length === 0 || relapsed === '', `${relapsed} fell sick on the target: nothing new may be started`);\n",
        without: '  void relapsed;\n',
        red: 'assertSafe stops a decision that takes a node while one that was healthy on the target is not any more',
      },
      {
        guard: 'a decision that takes a node which is to be left alone is caught',
        text: '!groups.spared.includes(node)',
        without: 'groups.spared.length < 1_000',
        red: 'assertSafe stops a decision that takes a protected node',
      },
      {
        guard: 'a decision that takes a node twice is caught',
        text: "  assert.equal(chosen.size, started.length, 'a node was chosen twice in one decision');\n",
        without: '',
        red: 'assertSafe stops a decision that takes a node twice',
      },
      {
        guard: 'a decision that takes a node that has the target image is caught',
        text: ' assert(!isOn(node, situation.target), `${node.name} already runs the target image`);',
        without: ' void node;',
        red: 'assertSafe stops a decision that takes a node that has the target image',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/limits.ts',
    tests: 'test/common/rollout/limits.test.ts',
    guards: [
      {
        guard: 'a share of unavailable nodes is rounded down',
        text: 'const floored = Math.floor(',
        without: 'const floored = Math.ceil(',
        red: 'maxUnavailable is 3 for {"kind":"percent","percent":33} of 10 nodes',
      },
      {
        guard: 'a share below 100% never reaches the whole set',
        text: 'Math.min(ceiled, nodes - 1)',
        without: 'ceiled',
        red: 'wantedNodes is 1 for {"kind":"percent","percent":60} of 2 nodes',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/logbook.ts',
    tests: 'test/common/rollout/logbook.test.ts',
    guards: [
      {
        guard: 'a time of health that Azure tells counts from the look before at the earliest',
        text: 'Math.max(before, healthTime ?? now)',
        without: '(healthTime ?? now)',
        red: 'logbook counts how long a node has been healthy at the earliest from the look before',
      },
      {
        guard: 'a time of health that lies ahead counts from this look',
        text: 'Math.min(now, Math.max(before, healthTime ?? now))',
        without: 'Math.max(before, healthTime ?? now)',
        red: 'logbook counts how long a node has been healthy at the latest from this look',
      },
      {
        guard: 'a new node is not ready before minReadySeconds',
        text: 'entry.ready || now - healthySince >= minReadyMs',
        without: 'entry.ready || now >= healthySince',
        red: 'logbook calls a node ready once it has been healthy for long enough',
      },
      {
        guard: 'a node that was healthy on the target is remembered as such',
        text: 'settlingSince, ready, healthyOnce: true };\n  const',
        without: 'settlingSince, ready };\n  const',
        red: 'logbook remembers that a node was healthy on the target, though not for long enough',
      },
      {
        guard: 'flapping starts minReadySeconds anew',
        text: '  const { healthySince: _h, settlingSince: _s, ...kept } = entry;\n',
        without: '  const kept = entry;\n',
        red: 'logbook starts the time anew when a node flaps',
      },
      {
        guard: 'only a node that becomes ready is progress',
        text: 'if (entry.ready && !before.readyOnce)',
        without: 'if (entry.ready)',
        red: 'logbook notes progress only when a node becomes ready',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/state.ts',
    tests: steps,
    guards: [
      {
        guard: 'a node that is not ready in its time is broken (nodeHealthTimeout)',
        text: "if (now - (entry.settlingSince ?? now) >= limits.nodeHealthTimeoutMs) return 'broken';",
        without: "if (now < 0) return 'broken';",
        red: 'nextSteps halts when more nodes broke than may',
      },
      {
        guard: 'a protected node is left alone',
        text: "  return node.protected ? 'protected' : undefined;\n",
        without: '  return undefined;\n',
        red: 'nextSteps leaves protected nodes alone',
      },
      {
        guard: 'a node that Azure is at work with is left alone',
        text: "  if (node.provisioning === 'working') return 'busy';\n",
        without: '',
        red: 'nextSteps takes no node that Azure is at work with',
      },
      {
        guard: 'a node that is being deleted is on its way out',
        text: "  if (node.provisioning === 'deleting') return 'leaving';\n",
        without: '',
        red: 'nextSteps counts a node that is being deleted',
      },
    ],
  },
  {
    file: 'tasks/common/azure/nodes.ts',
    tests: 'test/common/azure/nodes.test.ts',
    guards: [
      {
        guard: 'health that is not known is not health',
        text: "    default:\n      return 'unknown';",
        without: "    default:\n      return 'healthy';",
        red: 'toNode calls health unknown that Azure does not tell',
      },
      {
        guard: "a node's own image reference tells what it runs, not latestModelApplied",
        text: "image: textIn(vm.storageProfile?.imageReference?.id) ?? '',",
        without: "image: vm.latestModelApplied ? 'the model' : '',",
        red: 'toNode takes the image of the node’s own disk, whatever latestModelApplied says',
      },
      {
        guard: 'a provisioning state that is not known is not success',
        text: "    default:\n      return 'working';",
        without: "    default:\n      return 'succeeded';",
        red: 'toNode takes a state that it does not know for work in progress',
      },
    ],
  },
  {
    file: 'tasks/common/execute/roll.ts',
    tests: 'test/common/execute/roll.test.ts',
    guards: [
      {
        guard: 'each decision is held against the invariants before it is carried out',
        text: '  assertSafe(situation, job.choices, steps);\n',
        without: '  void assertSafe;\n',
        red: 'roll carries out no decision that breaks an invariant',
      },
    ],
  },
  {
    file: 'tasks/common/execute/roll.ts',
    tests: 'test/common/execute/roll.test.ts',
    guards: [
      {
        guard: 'a cancelled run goes no further',
        text: '  if (job.cancelled.aborted) return cancelled;\n',
        without: '',
        red: 'roll looks no more once the run is cancelled',
      },
    ],
  },
  {
    file: 'tasks/common/execute/starts.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'the record is written before the first change, and whose it is is read again before each start',
        text: '    await job.fleet.hold();\n',
        without: '',
        red: 'upgradeNodes stops at once when it finds another owner in the record',
      },
    ],
  },
  {
    file: 'tasks/common/execute/starts.ts',
    tests: outages,
    guards: [
      {
        guard: 'a drain that nobody knows to have begun is no failed drain',
        text: '    if (isPassing(error)) {',
        without: "    if (isPassing(error) && error.code === 'none') {",
        red: 'a rollout through an outage waits until drains are taken',
      },
    ],
  },
  {
    file: 'tasks/common/execute/put-off.ts',
    tests: outages,
    guards: [
      {
        guard: 'a start that meets a passing failure is made again later',
        text: '  if (passes && !isLastTry(turn, job))',
        without: '  if (!passes && !isLastTry(turn, job))',
        red: 'a rollout through an outage waits until upgrades are taken',
      },
      {
        guard: 'a start that never gets through is the reason to halt',
        text: '  if (passes && !isLastTry(turn, job))',
        without: '  if (passes)',
        red: 'a rollout through an outage says what is in the way when it does not end in time, takes nothing back, and leaves all nodes in service',
      },
      {
        guard: 'why a start is refused is told, also where the list cannot be seen just then',
        text: 'if (unseen instanceof Failure) return [];',
        without: 'if (unseen === undefined) return [];',
        red: 'a rollout through an outage says why upgrades are refused, also where the list cannot be seen just then',
      },
      {
        guard: 'an Azure that others keep busy is no reason to go back',
        text: 'replacing.length + settling.length > 0) return;',
        without: 'replacing.length + settling.length >= 0) return;',
        red: 'a rollout through an outage does not blame the image where another tool keeps Azure busy until the progress deadline',
      },
    ],
  },
  {
    file: 'tasks/common/azure/upgrade-calls.ts',
    tests: outages,
    guards: [
      {
        guard: 'a call of ours that hangs is not taken for that of others',
        text: "open.length > 0 ? 'behindOurs'",
        without: "open.length > 1_000 ? 'behindOurs'",
        red: 'a rollout through an outage takes a bad image back whose upgrade hangs and keeps Azure busy',
      },
    ],
  },
  {
    file: 'tasks/common/execute/put-off.ts',
    tests: 'test/scenarios/stories/stories.test.ts',
    guards: [
      {
        guard: 'a node that leaves between the look and its upgrade does not end the rollout',
        text: '  if (left.length === 0) throw error;',
        without: '  if (left.length >= 0) throw error;',
        red: 'a story A node vanishes between the look that chose it and the call that upgrades it.',
      },
    ],
  },
  {
    file: 'tasks/common/execute/follow-drains.ts',
    tests: 'test/common/execute/follow-drains.test.ts',
    guards: [
      {
        guard: 'a drain that is not found once may be that of a node that has left',
        text: 'if (errand.certain && !errand.missed) return',
        without: 'if (errand.certain && errand.missed) return',
        red: 'followDrains looks once more whether a drain is gone, since the node may be',
      },
      {
        guard: 'a drain that perhaps never began is looked for before the node rests again',
        text: 'return now - errand.since >= lookupMs ? undefined : errand;',
        without: 'void [now, lookupMs];\n  return undefined;',
        red: 'followDrains looks for a drain whose start got no answer',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/logbook.ts',
    tests: 'test/common/rollout/logbook.test.ts',
    guards: [
      {
        guard: 'a node whose time ran out unseen is given it again',
        text: '{ settlingSince: entry.settlingSince + blindMs }',
        without: '{ settlingSince: entry.settlingSince }',
        red: 'logbook holds time in which nothing was seen against no node',
      },
    ],
  },
  {
    file: 'tasks/common/azure/run-command.ts',
    tests: outages,
    guards: [
      {
        guard: 'a command that runs on a node is waited for before it is put back',
        text: 'throw isInProgress(error) ? nodeBusy(armFailure(error, what)) : armFailure(error, what);',
        without: 'throw isInProgress(error) && false ? nodeBusy(armFailure(error, what)) : armFailure(error, what);',
        red: 'a rollout through an outage puts a node back into service when a command of somebody else has ended there',
      },
    ],
  },
  {
    file: 'tasks/common/execute/patience.ts',
    tests: outages,
    guards: [
      {
        guard: 'what has to be put back is tried again',
        text: '    : { clock, observer, cancelled, forMs: 600_000, what };',
        without: '    : { clock, observer, cancelled, forMs: 0, what };',
        red: 'a rollout through an outage puts a node back into service after an outage in the same minutes',
      },
    ],
  },
  {
    file: 'tasks/common/execute/patience.ts',
    tests: 'test/common/execute/patience.test.ts',
    guards: [
      {
        guard: 'a cancelled task gives up what takes too long',
        text: '  if (!cancelled.aborted) return work;\n',
        without: '  if (limitMs > 0) return work;\n',
        red: 'patience waits for no call that hangs once the run is cancelled',
      },
    ],
  },
  {
    file: 'tasks/common/azure/retry-policy.ts',
    tests: 'test/common/azure/retry-policy.test.ts',
    guards: [
      {
        guard: 'a cancelled task waits for no service any more',
        text: 'if (!isLast && !cancelled?.aborted) await clock.sleep(retryAfterInMs, cancelled);',
        without: 'if (!isLast) await clock.sleep(retryAfterInMs);',
        red: 'armRetryPolicy neither waits nor sends again once the run is cancelled',
      },
    ],
  },
  {
    file: 'tasks/common/azure/upgrade-calls.ts',
    tests: 'test/common/azure/upgrade-calls.test.ts',
    guards: [
      {
        guard: 'a conflict with an open upgrade is an answer and no failure',
        text: "        if (isBusy(error)) return open.length > 0 ? 'behindOurs' : 'busy';\n",
        without: '        void isBusy;\n',
        red: 'upgradeCalls takes a conflict with an open call for an answer',
      },
      {
        guard: 'a poll without an answer does not make an upgrade fail',
        text: 'return hasEndedBadly(error) ? withReason(nodeIds, by, error) : [];',
        without: 'void hasEndedBadly;\n    return withReason(nodeIds, by, error);',
        red: 'upgradeCalls does not take a poll without an answer for a failed call',
      },
    ],
  },
  {
    file: 'tasks/common/azure/upgrade-calls.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'an upgrade call whose answer is lost is looked up',
        text: "        if (isLostAnswer(error)) return 'unsure';\n",
        without: '        void isLostAnswer;\n',
        red: 'upgradeNodes looks a lost answer up and does not upgrade twice',
      },
    ],
  },
  {
    file: 'tasks/common/azure/busy.ts',
    tests: faults,
    guards: [
      {
        guard: 'a 409 that no waiting ends is no conflict',
        text: "return armCure(answer).code === 'Conflict' && !/reached its limit/i.test(answer.message);",
        without: 'void [armCure, answer];\n  return true;',
        red: 'upgradeNodes when Azure does not do as it should says at once that a lock forbids POST /manualupgrade',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/put-back.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'a node that was drained and stays is put back into service',
        text: '      patiently(() => drain.cancel(id), patience),\n',
        without: '      patiently(async () => void drain, patience),\n',
        red: 'upgradeNodes puts a node back into service when its drain fails',
      },
    ],
  },
  {
    file: 'tasks/common/drain/script-drain.ts',
    tests: faults,
    guards: [
      {
        guard: 'the command of a drain is taken away before the fresh disk',
        text: "      if ((await takeAway(nodeId, name)) === 'emptied') ended.set(nodeId, withEmptied(kept));\n      return { kind: 'running' };",
        without: '      return kept;',
        red: 'upgradeNodes when Azure does not do as it should takes the command of a drain that never answers away before the fresh disk',
      },
    ],
  },
  {
    file: 'tasks/common/azure/take-away.ts',
    tests: 'test/UpgradeScaleSetNodes/switches.test.ts',
    guards: [
      {
        guard: 'a run command that Azure does not remove is emptied',
        text: 'await commands.empty(nodeId, name);\n    isInVain = true;\n',
        without: "if (isRefused) return 'removing';\n",
        red: 'upgradeNodes and what follows it, whichever way Azure behaves ends as if it had not been killed: {"runCommandDelete":"fails"}, then the same stage again',
      },
    ],
  },
  {
    file: 'tasks/common/azure/take-away.ts',
    tests: 'test/UpgradeScaleSetNodes/outages.test.ts',
    guards: [
      {
        guard: 'being asked to slow down is no refusal to remove a run command',
        text: "      if (error.code !== 'Throttled') return true;\n      later();\n      throw error;\n",
        without: '      void later;\n      return true;\n',
        red: 'a rollout through an outage waits until commands are removed',
      },
    ],
  },
  {
    file: 'tasks/common/azure/command-status.ts',
    tests: 'test/UpgradeScaleSetNodes/switches.test.ts',
    guards: [
      {
        guard: 'an emptied run command counts as gone',
        text: "  if (isEmptied(command)) return { kind: provisioningState === 'Updating' ? 'leaving' : 'none' };\n",
        without: '',
        red: 'upgradeNodes and what follows it, whichever way Azure behaves ends as if it had not been killed: {"runCommandDelete":"fails"}, then the same stage again',
      },
    ],
  },
  {
    file: 'tasks/common/azure/command-name.ts',
    tests: 'test/UpgradeScaleSetNodes/left-alone.test.ts',
    guards: [
      {
        guard: 'each execution of a managed run command has a name of its own',
        text: '`${prefix}-${clock.now().toString(36)}`',
        without: 'clock ? prefix : prefix',
        red: 'nodes that are left alone a node whose drain failed serves again, and is tried once more after all others',
      },
    ],
  },
];
