import type { Group } from '../mutation.ts';

const stories = 'test/UpgradeScaleSetNodes/force.test.ts';
const renames = 'upgradeNodes with force where Azure is {"reimageRenamesDisk":true}';
const keeps = 'upgradeNodes with force where Azure is {"reimageRenamesDisk":false}';
const allOnce = 'renews all nodes that run the image, one after the other, each once';
const thenOthers = 'renews one, then with the next stage the others';

/** Nodes that run the image already and get a fresh disk of it. */
export const forceGuards: readonly Group[] = [
  {
    file: 'tasks/common/rollout/node.ts',
    tests: 'test/common/rollout/next-steps.test.ts',
    guards: [
      {
        guard: 'with force a node whose disk is to be renewed counts as old',
        text: 'sameImage(node.image, target) && !node.stale;',
        without: 'sameImage(node.image, target);',
        red: 'nextSteps takes a node whose disk is to be renewed',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/next-steps.ts',
    tests: 'test/common/rollout/next-steps.test.ts',
    guards: [
      {
        guard: 'with force nodes that run the image and others go by calls of their own',
        text: '[nodes.filter(({ stale }) => !stale), nodes.filter(({ stale }) => stale)]',
        without: '[nodes, nodes.filter(() => false)]',
        red: 'nextSteps renews by a call of its own those that run the image already',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/invariants.ts',
    tests: 'test/common/rollout/invariants.test.ts',
    guards: [
      {
        guard: 'with force no node is replaced by the call that does nothing for it',
        text: 'assert.equal(node.stale ?? false, step.renews ?? false,',
        without: 'assert.ok(true,',
        red: 'assertSafe stops a decision that upgrades a node that is to be renewed',
      },
    ],
  },
  {
    file: 'tasks/common/execute/starts.ts',
    tests: stories,
    guards: [
      {
        guard: 'with force a node is reimaged: an upgrade of one that has the latest model does nothing',
        text: "step.kind === 'replace' && step.renews ? 'reimage' : 'upgrade'",
        without: "step.kind === 'drain' ? 'reimage' : 'upgrade'",
        red: `${renames} ${allOnce}`,
      },
    ],
  },
  {
    file: 'tasks/common/record/renewal.ts',
    tests: 'test/common/record/renewal.test.ts',
    guards: [
      {
        guard: 'with force only another disk proves that a node is renewed',
        text: '(print === unknown || disk === undefined || disk === print)',
        without: 'disk === print',
        red: 'what a rollout renews is not told by a disk that Azure does not show, then or now',
      },
      {
        guard: 'with force the list of disks stays as long as it was when its room was checked',
        text: 'isOut(id) ? done : print',
        without: "isOut(id) ? '' : print",
        red: 'what a rollout renews is crossed out when it is done, and stays so for a disk that keeps its name',
      },
    ],
  },
  {
    file: 'tasks/common/azure/uniform-fleet.ts',
    tests: stories,
    guards: [
      {
        guard: 'with force a reimage that has ended well counts where the disk keeps its name',
        text: '(all) => seeing(all, calls.renewed)',
        without: '(all) => seeing(all)',
        red: `${keeps} ${allOnce}`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/finish.ts',
    tests: stories,
    guards: [
      {
        guard: 'with force the end of a stage says who is renewed',
        text: ': withoutTheRenewed(afterwards(plan.record, ended, plan.scaleOutImage), situation.nodes);',
        without: ': afterwards(plan.record, ended, plan.scaleOutImage);',
        red: `${keeps} ${thenOthers}`,
      },
      {
        guard: 'with force a rollout is not whole while disks are to be renewed',
        text: 'const isDone = (node: Node) => isOn(node, target) ||',
        without: 'const isDone = (node: Node) => sameImage(node.image, target) ||',
        red: `${renames} ${thenOthers}`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/left-nodes.ts',
    tests: 'test/common/execute/ending/put-back-left.test.ts',
    guards: [
      {
        guard: 'with force a drained node that runs the image is put back by the post-job step',
        text: '(nodes) => seenBy(record, nodes)',
        without: '(nodes) => nodes',
        red: 'what a step has left is put back by its post-job step a node serves again that runs the image already and was to be renewed',
      },
    ],
  },
  {
    file: 'tasks/common/preflight/open-rollout.ts',
    tests: stories,
    guards: [
      {
        guard: 'force does not change in the middle of a rollout',
        text: ' || force === (basis.renew !== undefined)) return;',
        without: ' || force !== undefined) return;',
        red: 'upgradeNodes with force refuses force: true in the middle of a rollout that began with false',
      },
    ],
  },
  {
    file: 'tasks/UpgradeScaleSetNodes/plan-upgrade.ts',
    tests: stories,
    guards: [
      {
        guard: 'with force the list of disks is that of the beginning of the rollout, in every stage',
        text: '(known?.renew ?? renewalOf(seen, request.target))',
        without: 'renewalOf(seen, request.target)',
        red: `${renames} ${thenOthers}`,
      },
      {
        guard: 'with force a step that is tried again does not renew everything once more',
        text: 'const known = open ?? renewedByThisRun(request, basis, tools);',
        without: 'const known = open;',
        red: 'upgradeNodes with force is not done once more by a step of the same pipeline run, and by another run it is',
      },
      {
        guard: 'with force another pipeline run renews all nodes again',
        text: ' && basis.owner.run === run.id',
        without: '',
        red: 'upgradeNodes with force is not done once more by a step of the same pipeline run, and by another run it is',
      },
    ],
  },
  {
    file: 'tasks/UpgradeScaleSetNodes/prepare-upgrade.ts',
    tests: 'test/common/preflight/rollout-rights.test.ts',
    guards: [
      {
        guard: 'with force the right to reimage is looked for before the first write',
        text: '  ...(request.force ? [reimageAsk(azure, request)] : []),\n',
        without: '',
        red: 'the rights of a rollout include reimage with force, and only then',
      },
    ],
  },
  {
    file: 'tasks/common/report/rollout-story.ts',
    tests: 'test/common/report/rollout-summary.test.ts',
    guards: [
      {
        guard: 'the log takes no replacement of its own for a deed of others',
        text: 'const replaced = [before, situation].some(',
        without: 'const replaced = [before].some(',
        red: 'the story of a rollout tells of no deed of others where this run began with the node after the look before',
      },
    ],
  },
  {
    file: 'tasks/common/azure/upgrade-calls.ts',
    tests: 'test/common/azure/upgrade-calls.test.ts',
    guards: [
      {
        guard: 'a reimage of several that has failed says nothing of the single node',
        text: 'more.length > 0 || !problems.has(id)',
        without: '!problems.has(id) && more.length >= 0',
        red: 'upgradeCalls does not know of which node a reimage of several has failed',
      },
    ],
  },
  {
    file: 'tasks/common/execute/renewal-notes.ts',
    tests: stories,
    guards: [
      {
        guard: 'nodes that are left alone are not said to be renewed',
        text: 'node.stale && !isLeft(node)',
        without: 'node.stale',
        red: 'upgradeNodes with force counts those that it may renew, and apart those that it leaves alone',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/destination.ts',
    tests: stories,
    guards: [
      {
        guard: 'a renewal of the proven image that is open is not taken for a reason to go to the image before',
        text: '  if (renewsProven(basis)) throw onlyRenewed(set.name, basis);\n',
        without: '  void [renewsProven, onlyRenewed];\n',
        red: 'upgradeNodes with force of the proven image is not taken back by a rollback: the fleet keeps its image, and the renewal is finished',
      },
    ],
  },
  {
    file: 'tasks/common/record/record.ts',
    tests: stories,
    guards: [
      {
        guard: 'no way back is named while the proven image is only renewed',
        text: '  if (renewsProven(record)) return stable;\n',
        without: '',
        red: 'upgradeNodes with force of the proven image has no way back while it is open, and no hint names one',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/record-deeds.ts',
    tests: stories,
    guards: [
      {
        guard: 'a renewal that is closed by adopting keeps the image before',
        text: ', basis?.previous].find',
        without: '].find',
        red: 'upgradeNodes with force of the proven image is closed by adopting the fleet: then a rollback leads to the image before',
      },
    ],
  },
  {
    file: 'tasks/common/execute/turn.ts',
    tests: 'test/UpgradeScaleSetNodes/force.test.ts',
    guards: [
      {
        guard: 'a reimage of which nobody could be asked is asked for again',
        text: '  for (const id of look.unsure ?? []) logbook = noteUnsure(logbook, id);\n',
        without: '  void noteUnsure;\n',
        red: 'upgradeNodes with force renews a node once more when nobody could be asked what became of it, and its disk does not tell',
      },
    ],
  },
];
