import type { Group } from '../mutation.ts';

const drift = 'test/UpgradeScaleSetNodes/drift.test.ts';
const others = 'upgradeNodes and what others write into the model';
const scaleOut = 'upgradeNodes and the image of nodes that scale out';

/** What others write into the model, and what nodes get of it. */
export const driftGuards: readonly Group[] = [
  {
    file: 'tasks/common/preflight/model-drift.ts',
    tests: drift,
    guards: [
      {
        guard: 'a change of the model that nodes have not got yet is refused',
        text: '  if (drifted.length > 0 && !allowModelDrift) throw pending(set.name, list);\n',
        without: '  void [allowModelDrift, pending];\n',
        red: `${others} refuses a size that no node has yet`,
      },
      {
        guard: 'a node whose model was changed on its own is refused',
        text: "  if (node.model === 'own' && !isProtected) return { certain: 'its model was changed on the instance itself' };\n",
        without: '',
        red: `${others} refuses one node that somebody changed on its own`,
      },
      {
        guard: 'a difference that can be seen counts also where another image is pending',
        text: '  if (seen.length > 0)\n',
        without: '  if (seen.length > 0 && sameImage(node.image, model.image))\n',
        red: `${others} refuses a size that came together with another image`,
      },
      {
        guard: 'a write of tags, which may make a model, is not taken for drift',
        text: '  const tagsMayExplain = Object.keys(model.tags).length > 0;\n',
        without: '  const tagsMayExplain = false;\n',
        red: `${others} goes ahead with tags alone, where they make a model`,
      },
      {
        guard: 'protected nodes are not upgraded, so what they lack refuses nothing',
        text: '(node.protected && !lifted.has(node.id)) || node.leaveOut;',
        without: 'node.leaveOut;',
        red: `${others} goes ahead with a size on a protected node, which stays as it is`,
      },
      {
        guard: 'a model that was changed after a rollout was whole is not taken for our own',
        text: '  if (changed.length > 0) return { certain:',
        without: '  if (changed.length > 99) return { certain:',
        red: `${others} refuses the next rollout when the model was changed after the last one was whole`,
      },
      {
        guard: 'a change of the model stops the next stage before anything is written',
        text: '  if (parts.length > 0) throw modelDrifted(set.name, basis, parts);\n',
        without: '  void [parts, modelDrifted];\n',
        red: `${others} stops the next stage when somebody changed its size of the model, and changes nothing`,
      },
    ],
  },
  {
    file: 'tasks/common/record/claim.ts',
    tests: drift,
    guards: [
      {
        guard: 'a change of the model in mid-rollout stops the next start',
        text: '  if (!allowModelDrift) throw modelDrifted(set.name, grip.record, parts);\n',
        without: '  void [allowModelDrift, modelDrifted];\n',
        red: `${others} starts nothing more when somebody changes its size in mid-rollout, and puts the model's image back`,
      },
    ],
  },
  {
    file: 'tasks/common/record/release.ts',
    tests: drift,
    guards: [
      {
        guard: 'a change that was taken in is kept in the record',
        text: '...(model && { model }), ',
        without: '',
        red: `${others} takes a change in mid-rollout in when it is asked to, says so once and keeps it in the record`,
      },
    ],
  },
  {
    file: 'tasks/common/record/afterwards.ts',
    tests: drift,
    guards: [
      {
        guard: 'the model stays on the new image between stages only where that was asked for',
        text: "  if (state === 'waiting' && scaleOutImage === 'new')\n",
        without: "  if (state === 'waiting')\n",
        red: `${scaleOut} puts the model back with the next stage that does not ask for it, even when no node is left to do`,
      },
      {
        guard: 'a halt puts the model back whatever scaleOutImage says',
        text: "  if (state === 'waiting' && scaleOutImage === 'new')\n",
        without: "  if (state !== 'whole' && scaleOutImage === 'new')\n",
        red: `${scaleOut} puts the model back all the same when it halts`,
      },
    ],
  },
  {
    file: 'tasks/common/agent/read-service.ts',
    tests: 'test/common/agent/read-service.test.ts',
    guards: [
      {
        guard: "the job's token is masked before anybody is asked by it",
        text: '  if (accessToken) mask(accessToken);\n',
        without: '  void mask;\n',
        red: 'readService reads the collection, the project and the job’s token, and hides the token',
      },
    ],
  },
  {
    file: 'tasks/common/devops/run-state.ts',
    tests: 'test/common/devops/ask-run.test.ts',
    guards: [
      {
        guard: "the job's token goes to its own collection and project and nowhere else",
        text: '  if (place.toLowerCase() !== own.toLowerCase())',
        without: "  if (place === '')",
        red: "asking Azure DevOps about a run sends the job's token nowhere for another project",
      },
      {
        guard: 'a state of a run that nobody knows is not taken for its end',
        text: "  if (status.toLowerCase() === 'completed')\n",
        without: '  if (!running.includes(status.toLowerCase()))\n',
        red: 'asking Azure DevOps about a run understands a run in a state that nobody knows',
      },
    ],
  },
  {
    file: 'tasks/common/record/ownership.ts',
    tests: 'test/UpgradeScaleSetNodes/owner-asked.test.ts',
    guards: [
      {
        guard: 'a rollout whose owner could not be asked about is not taken',
        text: "|| holder?.kind === 'ended') return;",
        without: "|| (holder && holder.kind !== 'running')) return;",
        red: 'a rollout that another run holds is refused where the job may not see the run, nothing is changed, and at its end it is free',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/record-deeds.ts',
    tests: 'test/RollbackScaleSet/record-action.test.ts',
    guards: [
      {
        guard: 'what the tags of an unreadable record say of pauses and protection is told before they are deleted',
        text: ' : unreadTags(model);',
        without: ' : unreadTags({ ...model, tags: {} });',
        red: 'RollbackScaleSet with recordAction says what the tags of a record that nobody can read had to say of pauses and protection',
      },
      {
        guard: 'a fleet of two images is not adopted',
        text: '  if (away.length > 0) throw mixed(name, model.image, away);\n',
        without: '  void [away, mixed];\n',
        red: 'RollbackScaleSet with recordAction adopts no fleet of two images, and names the nodes',
      },
      {
        guard: 'a rollout that is released leaves the model on the proven image',
        text: '    next: { record, ...(pointsAway && { modelImage: basis.stable }) },\n',
        without: '    next: { record },\n',
        red: 'RollbackScaleSet with recordAction releases what a dead run holds: the model names the proven image, and the next run puts the node back',
      },
    ],
  },
  {
    file: 'tasks/RollbackScaleSet/record-action.ts',
    tests: 'test/RollbackScaleSet/record-action.test.ts',
    guards: [
      {
        guard: 'a record that a run at work holds is not acted on',
        text: "  if (request.action !== 'show') await assertFree(request, basis, tools);\n",
        without: '  void assertFree;\n',
        red: 'RollbackScaleSet with recordAction does not forget what a run at work holds',
      },
      {
        guard: 'a record that changed since it was looked at is not written over',
        text: '      if (text(current) !== text(basis)) throw changedMeanwhile(set);\n',
        without: '',
        red: 'RollbackScaleSet with recordAction does not adopt what changes at the same moment',
      },
      {
        guard: 'a record that changed since it was looked at is not forgotten',
        text: '        if (text(readIfReadable(model)) !== text(basis)) throw changedMeanwhile(set);\n',
        without: '',
        red: 'RollbackScaleSet with recordAction does not forget what changes at the same moment',
      },
      {
        guard: "everybody else's tags are no part of what is forgotten",
        text: '        return { tags: { ...forgetRecord(model.tags) } };\n',
        without: '        void forgetRecord;\n        return { tags: {} };\n',
        red: 'RollbackScaleSet with recordAction forgets a rollout and leaves model, nodes and the tags of others alone',
      },
    ],
  },
  {
    file: 'tasks/common/azure/model-print.ts',
    tests: drift,
    guards: [
      {
        guard: 'what Azure takes from an image of ours is no change of somebody else',
        text: 'const { osType: _itsSystem, diskSizeGB: _itsSize, ...disk } = osDisk ?? {};',
        without: 'const { osType: _itsSystem, ...disk } = osDisk ?? {};',
        red: `${others} takes no size of the disk that came with its own image for a change of somebody else`,
      },
    ],
  },
  {
    file: 'tasks/common/azure/model-print.ts',
    tests: 'test/common/azure/model-print.test.ts',
    guards: [
      {
        guard: 'the print is the same whatever the order of members',
        text: '.sort(([one], [other]) => (one < other ? -1 : 1))',
        without: '',
        red: 'the print of a model is not changed by another order of members',
      },
      {
        guard: 'the image is no part of the print',
        text: '  const { imageReference: _ours, osDisk, ...storage }',
        without: '  const { osDisk, ...storage }',
        red: 'the print of a model is not changed by another image',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/finish.ts',
    tests: drift,
    guards: [
      {
        guard: 'a changed model keeps nobody from ending what a killed run had begun',
        text: "outcome === 'completed' ? undefined : 'ending'",
        without: "outcome === 'completed' ? undefined : undefined",
        red: `${others} ends the rollout of a run that was killed, also when the model is changed while it halts`,
      },
    ],
  },
];
