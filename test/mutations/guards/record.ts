import type { Group } from '../mutation.ts';

const upgrades = 'test/UpgradeScaleSetNodes/upgrade-nodes.test.ts';
const faults = 'test/UpgradeScaleSetNodes/faults.test.ts';

/** The record of a rollout, whose it is, and the model of the set. */
export const recordGuards: readonly Group[] = [
  {
    file: 'tasks/common/azure/change-scale-set.ts',
    tests: faults,
    guards: [
      {
        guard: 'a scale set is written under the etag that was read (If-Match)',
        text: 'update(set.resourceGroup, set.name, update, { ifMatch: model.etag })',
        without: 'update(set.resourceGroup, set.name, update)',
        red: 'upgradeNodes when Azure does not do as it should overwrites no tag that somebody wrote between its look and its write',
      },
      {
        guard: 'a write that another one preempted is looked up',
        text: 'const again = accepted ? taken <= maxTaken :',
        without: 'const again = accepted ? !error :',
        red: 'upgradeNodes when Azure does not do as it should looks whether a write arrived that another one preempted',
      },
    ],
  },
  {
    file: 'tasks/common/record/grip.ts',
    tests: 'test/scenarios/stories/stories.test.ts',
    guards: [
      {
        guard: 'the model is put back also when the record is gone',
        text: 'if (current) assertStillOurs(current, record.owner);',
        without: 'assertStillOurs(current, record.owner);',
        red: 'a story Terraform writes its own tags in mid-rollout: the record is gone, so the run stops, puts back what it can, and says so.',
      },
    ],
  },
  {
    file: 'tasks/common/record/afterwards.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'the model is put back to the proven image when a stage ends',
        text: "  if (state !== 'whole') return { record: { ...record, state }, modelImage: stable };\n",
        without: "  if (state !== 'whole') return { record: { ...record, state }, modelImage: target };\n",
        red: 'upgradeNodes brings a canary and puts the model back, then brings the rest and lets the model go',
      },
    ],
  },
  {
    file: 'tasks/common/record/claim.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'whose the rollout is is read again before each start',
        text: '  if (grip.held) return verify(grip, request);\n',
        without: '  if (grip.held) return;\n  void verify;\n',
        red: 'upgradeNodes takes no further node once another run has the record',
      },
    ],
  },
  {
    file: 'tasks/common/record/claim.ts',
    tests: faults,
    guards: [
      {
        guard: 'a model that another tool moved brings nobody onto its image',
        text: '  if (grip.aimed && !sameImage(model.image, goalOf(grip.record))) throw modelMoved(set, model.image, grip.record);\n',
        without: '  void [model, modelMoved, sameImage, goalOf];\n',
        red: 'upgradeNodes when Azure does not do as it should brings nobody onto an image that somebody else wrote into the model meanwhile',
      },
    ],
  },
  {
    file: 'tasks/common/record/release.ts',
    tests: faults,
    guards: [
      {
        guard: 'an image that somebody else wrote meanwhile is not written over',
        text: 'const mayWrite = isOurs(grip, model) && !sameImage(model.image, goal);',
        without: 'const mayWrite = !sameImage(model.image, goal);',
        red: 'upgradeNodes when Azure does not do as it should brings nobody onto an image that somebody else wrote into the model meanwhile',
      },
    ],
  },
  {
    file: 'tasks/common/record/ownership.ts',
    tests: 'test/common/record/ownership.test.ts',
    guards: [
      {
        guard: 'a rollout that another run holds is not taken',
        text: '  return record.owner.run !== owner.run && record.owner.expires > now;\n',
        without: '  return record.owner.run === undefined && owner.run !== undefined && now > 0;\n',
        red: 'ownership is refused to another run while the owner may be at work',
      },
      {
        guard: 'a run that lost the rollout does not go on',
        text: '  if (record?.owner.token === owner.token) return;\n',
        without: '  if (owner.token !== undefined) return;\n',
        red: 'ownership is lost when another token stands in the record, or none',
      },
    ],
  },
  {
    file: 'tasks/common/record/codec.ts',
    tests: 'test/common/record/codec.test.ts',
    guards: [
      {
        guard: "everybody else's tags stay as they are",
        text: '{ ...others, ...encode(record) }',
        without: '{ ...encode(record) }',
        red: 'the record in tags is read as it was written, with everybody else’s tags beside it',
      },
      {
        guard: 'more tags than Azure takes are refused before the write',
        text: 'if (Object.keys(written).length > maxTags)',
        without: 'if (Object.keys(written).length > 10 * maxTags)',
        red: 'the record in tags is refused where the tags would be more than fifty',
      },
    ],
  },
  {
    file: 'tasks/common/record/tag-fields.ts',
    tests: 'test/common/record/codec.test.ts',
    guards: [
      {
        guard: 'no value of a tag is longer than Azure takes',
        text: 'const valueLength = 256;',
        without: 'const valueLength = 2560;',
        red: 'the record in tags keeps every value within the 256 characters of a tag, whatever the length of the ids',
      },
    ],
  },
  {
    file: 'tasks/common/record/unreadable.ts',
    tests: 'test/common/record/codec.test.ts',
    guards: [
      {
        guard: 'a record of an older schema is read',
        text: "const readable: readonly string[] = ['1', '2'];",
        without: "const readable: readonly string[] = ['2'];",
        red: 'the record in tags reads what was written once: schema 1, the least that there is',
      },
    ],
  },
  {
    file: 'tasks/common/record/unreadable.ts',
    tests: 'test/common/record/codec.test.ts',
    guards: [
      {
        guard: 'a record of a newer schema is not guessed at',
        text: '  if (version !== undefined && readable.includes(version)) return;\n',
        without: '  if (version !== undefined) return;\n',
        red: 'the record in tags is refused of a newer schema, by its number',
      },
    ],
  },
  {
    file: 'tasks/UpgradeScaleSetNodes/prepare-upgrade.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'another image is refused while a rollout is open',
        text: '  if (!back) await check(() => assertSameRollout(set.name, target, basis));\n',
        without: '  void assertSameRollout;\n',
        red: 'upgradeNodes refuses another image while a rollout is open, and changes nothing',
      },
      {
        guard: 'a model that somebody else changed in mid-rollout is refused',
        text: '  await check(() => assertModelIsOurs(set.name, model, basis));\n',
        without: '  void assertModelIsOurs;\n',
        red: 'upgradeNodes refuses a model that somebody else changed in mid-rollout, and changes nothing',
      },
    ],
  },
  {
    file: 'tasks/common/execute/rollout-run.ts',
    tests: 'test/RollbackScaleSet/roll-back.test.ts',
    guards: [
      {
        guard: 'a way back begins with the model',
        text: "    if (plan.record.state === 'rollingBack') await turnBack(plan, drain, means).catch(unlessCancelled(cancelled));\n",
        without: '    void [turnBack, unlessCancelled];\n',
        red: 'rollBack writes the model before it touches a node',
      },
    ],
  },
  {
    file: 'tasks/common/record/claim.ts',
    tests: 'test/RollbackScaleSet/roll-back.test.ts',
    guards: [
      {
        guard: 'a model without an image id is found as it was',
        text: 'if (model.image.toLowerCase() !== found.image.toLowerCase()) throw',
        without: 'if (!sameImage(model.image, found.image)) throw',
        red: 'rollBack goes to the image that it is told also when somebody pointed the model at a marketplace image, which has no id',
      },
    ],
  },
];
