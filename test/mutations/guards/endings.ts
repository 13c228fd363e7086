import type { Group } from '../mutation.ts';

const steps = 'test/common/rollout/next-steps.test.ts';
const states = 'test/common/rollout/state.test.ts';
const thisRun = 'test/RollbackScaleSet/this-run.test.ts';
const upgrades = 'test/UpgradeScaleSetNodes/upgrade-nodes.test.ts';

/** How a rollout chooses, pauses and ends. */
export const endingGuards: readonly Group[] = [
  {
    file: 'tasks/common/clock.ts',
    tests: 'test/common/clock.test.ts',
    guards: [
      {
        guard: 'a clock that is set in mid-rollout moves no deadline',
        text: 'Math.floor(performance.timeOrigin + performance.now())',
        without: 'Date.now()',
        red: 'systemClock goes on by what has passed when the time of day is set by 3 hours',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/finish.ts',
    tests: 'test/scenarios/stories/stories.test.ts',
    guards: [
      {
        guard: 'a node that fails within the limit and stays on its image serves again',
        text: "const own = outcome === 'cancelled' ?",
        without: "const own = outcome === 'completed' ? [] : outcome === 'cancelled' ?",
        red: 'a story A node that does not get its new image, within the number that may fail, serves again on its old one when the stage is done.',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/choose.ts',
    tests: 'test/common/rollout/choose.test.ts',
    guards: [
      {
        guard: 'what is gone of a zone counts for its turn',
        text: 'const gone = size - inOrder.length;',
        without: 'const gone = 0;',
        red: 'the order in which nodes are taken is the same one by one as all at once',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/choose.ts',
    tests: 'test/common/rollout/choose.test.ts',
    guards: [
      {
        guard: 'fault domains of a zone take turns',
        text: ', ({ faultDomain }) => faultDomain]',
        without: ']',
        red: 'the order in which nodes are taken is one of each fault domain in turn within a zone',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/next-steps.ts',
    tests: steps,
    guards: [
      {
        guard: 'a rollout that no later run could go on with halts, also when time is up',
        text: 'if (isOver(situation) && hasRoom)',
        without: 'if (isOver(situation))',
        red: 'nextSteps halts though time is up where broken nodes leave no room for a later run',
      },
      {
        guard: 'a node that was added and boots does not stop the rollout',
        text: '=== 0 || hasRoom)',
        without: '=== 0)',
        red: 'nextSteps waits until what fell sick beside the chosen, or was added to them, serves',
      },
      {
        guard: 'time at a checkpoint is no time without progress',
        text: 'bakes(situation) || situation.alerts?.unread !== undefined;',
        without: 'situation.alerts?.unread !== undefined;',
        red: 'nextSteps counts no time at a checkpoint as time without progress',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/beginnings.ts',
    tests: steps,
    guards: [
      {
        guard: 'no node is begun with when the time of the job is over',
        text: '  if (isOver(situation) || ',
        without: '  if (',
        red: 'nextSteps begins with nobody once time is up',
      },
      {
        guard: 'no node is taken beyond the next checkpoint',
        text: 'Math.min(many, Math.max(0, mark - takenNodes(groups)))',
        without: 'many',
        red: 'nextSteps takes no node beyond the next checkpoint',
      },
      {
        guard: 'what fell sick beside the chosen nodes uses up the limit',
        text: 'slots - lost.length - lostElsewhere',
        without: 'slots - lost.length',
        red: 'nextSteps waits until what fell sick beside the chosen, or was added to them, serves',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/logbook.ts',
    tests: 'test/common/rollout/logbook.test.ts',
    guards: [
      {
        guard: 'a node that comes and goes is no progress',
        text: '!before.readyOnce',
        without: '!before.ready',
        red: 'logbook takes a node that falls sick and comes back for no progress',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/state.ts',
    tests: states,
    guards: [
      {
        guard: 'a node that was asked for in vain serves again',
        text: '(isAskedFor(node, logbook) && stays(node))',
        without: 'false',
        red: 'where a node is once its upgrade was asked for must serve again when it stays on its old image after all',
      },
      {
        guard: 'an upgrade that may not have arrived is asked for again, also of a node that had failed',
        text: "lookedUp && !errand.certain && node.provisioning !== 'working'",
        without: "lookedUp && !errand.certain && node.provisioning === 'succeeded'",
        red: 'where a node is once its upgrade was asked for is asked again also when it had failed before',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/put-back.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'the record is written when there is no room for another model',
        text: '    if (!(error instanceof Failure && mayNotPoint.has(error.code))) throw error;\n',
        without: '    throw error;\n',
        red: 'upgradeNodes goes on through more stages than models are allowed, and says when the model could not be put back',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/turns-back.ts',
    tests: 'test/UpgradeScaleSetNodes/taken-back.test.ts',
    guards: [
      {
        guard: 'a rollout that Azure or another tool stopped is not taken back',
        text: '  failure === undefined &&\n',
        without: '',
        red: 'upgradeNodes with onFailure rollback leaves a rollout as it is that Azure or another tool stopped',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/take-back.ts',
    tests: 'test/UpgradeScaleSetNodes/taken-back.test.ts',
    guards: [
      {
        guard: 'why a rollout halted is told also when the way back is refused',
        text: '    if (!(error instanceof Failure)) throw error;\n',
        without: '    if (error) throw error;\n',
        red: 'upgradeNodes with onFailure rollback tells why it halted also when the way back is refused: GET /virtualMachines',
      },
      {
        guard: 'the way back begins once the set can be seen again',
        text: 'await patiently(() => lookAround(plan, tools), patience)',
        without: 'await lookAround(plan, tools)',
        red: 'upgradeNodes with onFailure rollback waits until the set can be seen again before it begins the way back',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/finish.ts',
    tests: 'test/UpgradeScaleSetNodes/taken-back.test.ts',
    guards: [
      {
        guard: 'why a rollout halted is told also when its end cannot be written',
        text: '    if (!mustTell) throw error;\n',
        without: '    if (mustTell || error) throw error;\n',
        red: 'upgradeNodes with onFailure rollback tells why it halted also when the way back is refused: GET /shop',
      },
      {
        guard: 'a rollout that is to be taken back says so from its halt on',
        text: '  const after = turnsBack(plan, ending)\n',
        without: '  const after = turnsBack(plan, ending) && plan.pages < 0\n',
        red: 'upgradeNodes with onFailure rollback is not brought forward again when it is killed between its halt and the way back',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/finish.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'a node that was sick before serves again too, when a run drained it that was killed',
        text: 'perhapsLeftOut(situation, hidesDrains(plan))',
        without: 'perhapsLeftOut(situation, hidesDrains(plan)).filter((id) => !plan.record.sick.includes(id))',
        red: 'upgradeNodes puts back into service what a run drained that was killed, also a node that was sick before',
      },
    ],
  },
  {
    file: 'tasks/common/preflight/open-rollout.ts',
    tests: 'test/UpgradeScaleSetNodes/taken-back.test.ts',
    guards: [
      {
        guard: 'nothing is brought forward while a way back is not at its end',
        text: '  if (isGoingBack(basis)) throw goingBack(name, basis);\n',
        without: '  void [isGoingBack, goingBack];\n',
        red: 'upgradeNodes with onFailure rollback brings no image forward while a way back is not at its end, and says what to do',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/roll-back.ts',
    tests: 'test/RollbackScaleSet/roll-back.test.ts',
    guards: [
      {
        guard: 'a way back by an eleventh model is refused',
        text: '  assertRoomForModel(request.set.name, model, fleet.nodes, goal);\n',
        without: '  void assertRoomForModel;\n',
        red: 'rollBack refuses an image that would make an eleventh model, and changes nothing',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/this-run.ts',
    tests: thisRun,
    guards: [
      {
        guard: 'a failed run takes back no rollout of another',
        text: 'if (owner.run !== run.id)',
        without: "if (owner.run === '')",
        red: 'rollBack to thisRun leaves a healthy fleet alone when a later run fails before it began anything',
      },
      {
        guard: 'what a run has taken back already is not taken back again',
        text: "if (state === 'rolledBack')",
        without: "if (state === 'none')",
        red: 'rollBack to thisRun goes no further back when it is run again',
      },
      {
        guard: 'a renewal of this run is nothing to take back, and no failure',
        text: 'if (renewsProven(record))',
        without: 'void renewsProven;\n  if (record === undefined)',
        red: 'rollBack to thisRun brings nobody to an older image because the proven one was being renewed',
      },
      {
        guard: 'a finished rollout that found no other image is nothing to take back, and no failure',
        text: "if (state === 'whole' && !knowsWayBack(record))",
        without: "void knowsWayBack;\n  if (state === 'none')",
        red: 'rollBack to thisRun has no image to go to where its rollout found no other',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/roll-back.ts',
    tests: thisRun,
    guards: [
      {
        guard: 'the record by which it is known whose rollout it is is the one that is acted on',
        text: 'seen ?? (await readScaleSet(azure, request.set));',
        without: 'await readScaleSet(azure, request.set);',
        red: 'rollBack to thisRun acts on the record that it has judged: one that another run writes meanwhile is not taken',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/conclude-rollback.ts',
    tests: thisRun,
    guards: [
      {
        guard: 'a later step can see that nothing was taken back',
        text: "  agent.output('outcome', 'nothing');\n",
        without: '',
        red: 'rollBack to thisRun says so in log, summary and outcome, and succeeds',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/inputs.ts',
    tests: 'test/bad-input/bad-input.test.ts',
    guards: [
      {
        guard: 'an action on the record is none on a rollout of this run',
        text: "if (action !== 'none' && !isWord(to, 'previous')) {",
        without: "if (action !== 'none' && !isWord(to, 'previous') && !isWord(to, 'thisRun')) {",
        red: 'bad input: numbers, times and scripts of a rollout RollbackScaleSet: a way back of this run, and only the record is ContradictoryInputs',
      },
    ],
  },
  {
    file: 'examples/pipelines/canary-increments.yml',
    tests: 'test/examples/pipelines/listed.test.ts',
    guards: [
      {
        guard: 'a pipeline to copy takes back only what its own run has brought',
        text: 'to: thisRun',
        without: 'to: previous',
        red: 'examples/README.md takes back in pipelines/canary-increments.yml only what its own run has brought',
      },
    ],
  },
  {
    file: 'tasks/common/preflight/model-image.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'an image that nodes run already makes no further model',
        text: ' || images.has(goal.toLowerCase())',
        without: '',
        red: 'upgradeNodes goes on with its second stage where the first brought a tenth image',
      },
    ],
  },
  {
    file: 'tasks/common/record/record.ts',
    tests: 'test/RollbackScaleSet/roll-back.test.ts',
    guards: [
      {
        guard: 'the way back from an image that was proven before leads to the one before it',
        text: ' || stable.toLowerCase() === target.toLowerCase()',
        without: '',
        red: 'rollBack goes to the image before when one that was proven is brought once more and fails',
      },
    ],
  },
];
