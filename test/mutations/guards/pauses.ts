import type { Group } from '../mutation.ts';

const tests = 'test/UpgradeScaleSetNodes/pauses.test.ts';
const repairs = 'automatic repairs during a rollout';
const autoscale = 'autoscale during a rollout';
const policy = 'an upgrade policy that rolls by itself';

/** What is paused for a rollout, and put back. */
export const pauseGuards: readonly Group[] = [
  {
    file: 'tasks/common/pause/pauses.ts',
    tests,
    guards: [
      {
        guard: 'repairs that may still be suspended stay in the record',
        text: 'if (resumed && !suspending) open.repairs = false;',
        without: 'if (resumed) open.repairs = false;',
        red: `${repairs} that were ordered to be suspended when the run was cancelled stay in the record, since nobody saw it`,
      },
      {
        guard: 'a run that is cancelled suspends nothing any more',
        text: 'if (begun || cancelled.aborted) return;',
        without: 'if (begun) return;',
        red: `${repairs} are not suspended any more by a run that is cancelled while it writes its record`,
      },
      {
        guard: 'what an earlier run had to leave paused is put back',
        text: 'repairs: basis?.paused?.repairs === true && repairs === true,',
        without: 'repairs: false,',
        red: `${repairs} that cannot be resumed stay in the record, and the log says it`,
      },
    ],
  },
  {
    file: 'tasks/common/pause/find-pauses.ts',
    tests,
    guards: [
      {
        guard: 'repairs that somebody had suspended stay so',
        text: "return state === 'Running';",
        without: "return state !== 'NotRunning';",
        red: `${repairs} stay suspended when somebody had suspended them before`,
      },
      {
        guard: 'twenty profiles are refused before the first write',
        text: 'if (withoutPin(setting.profiles).length < mostProfiles) return setting.name;',
        without: 'return setting.name;',
        red: `${autoscale} that has twenty profiles is refused before the first write`,
      },
    ],
  },
  {
    file: 'tasks/common/pause/pin.ts',
    tests,
    guards: [
      {
        guard: 'the profile that holds the number of nodes goes before all others',
        text: 'return [pin, ...withoutPin(profiles)];',
        without: 'return [...withoutPin(profiles), pin];',
        red: `${autoscale} keeps profiles, rules and notifications as they are, and puts its own first`,
      },
      {
        guard: 'the pause of a dead agent ends by itself',
        text: 'end: new Date(until).toISOString()',
        without: 'end: new Date(until + 86_400_000).toISOString()',
        red: `${autoscale} goes on by itself a little after the deadline of a run that died`,
      },
    ],
  },
  {
    file: 'tasks/common/pause/policy-look.ts',
    tests,
    guards: [
      {
        guard: 'a policy that would roll nodes of an earlier model is not given back',
        text: 'if (byModel.length === 0) return undefined;',
        without: 'if (byModel.length >= 0) return undefined;',
        red: `${policy} stays Manual when nodes are of an earlier model, until they are brought onto the latest`,
      },
      {
        guard: 'automatic OS upgrades stay off while they would bring another version',
        text: '...(osUpgrades && newer === undefined && { osUpgrades })',
        without: '...(osUpgrades && { osUpgrades })',
        red: `${policy} automatic OS upgrades stay off while the gallery has a newer version, which they might bring: the bad one after a rollback`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/close.ts',
    tests,
    guards: [
      {
        guard: 'the model is put back before repairs may make nodes of it',
        text: '  if (pauses.isOpen && moves) await pointBack(modelImage, hold, until);\n',
        without: '  void [moves, pointBack];\n',
        red: `${repairs} run again when the rollout halts, when the model names the proven image already`,
      },
      {
        guard: 'a policy is given back only when the rollout is finished',
        text: '  if (!isFinished(record)) {\n',
        without: '  if (!isFinished(record) && Object.keys(former).length === 0) {\n',
        red: `${policy} stays Manual while stages are to come, and the last one gives it back`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/means.ts',
    tests,
    guards: [
      {
        guard: 'nothing is begun before it is paused',
        text: '  await pauses.begin();\n',
        without: '  if (hold.image === undefined) await pauses.begin();\n',
        red: `${repairs} are suspended before the first drain and run again after a whole rollout`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/finish.ts',
    tests,
    guards: [
      {
        guard: 'a policy that was left Manual is given back by a later run',
        text: 'owesAPolicy(plan, after) ? givePolicyBack(plan.basis, means) : plan.basis;',
        without: 'owesAPolicy(plan, after) ? plan.basis : plan.basis;',
        red: `${policy} is given back by the next run when one died just before`,
      },
    ],
  },
  {
    file: 'tasks/common/record/claim.ts',
    tests,
    guards: [
      {
        guard: 'the policy is switched by the write of the record',
        text: 'return { ...manualPolicy(model, grip.record.paused), tags };',
        without: 'return { tags };',
        red: `${policy} is switched before the first write of the model and is Automatic again after a whole rollout`,
      },
      {
        guard: 'a policy that somebody switched in mid-rollout is seen before the next start',
        text: '  if (!request.startsNothing) assertManual(set, model);\n',
        without: '',
        red: `${policy} switched back by somebody in mid-rollout stops it before the next start`,
      },
      {
        guard: 'a policy that somebody switched since the plan is seen before the first write',
        text: '  if (record.paused?.upgradeMode === undefined) assertManual(set, model);\n',
        without: '',
        red: `${policy} switched between the plan and the first write stops it before anything is written`,
      },
    ],
  },
  {
    file: 'tasks/common/record/claim.ts',
    tests: 'test/UpgradeScaleSetNodes/faults.test.ts',
    guards: [
      {
        guard: 'an image that somebody wrote since the plan is not overwritten',
        text: '  if (model.image.toLowerCase() !== found.image.toLowerCase()) throw modelMoved(set, model.image, record);\n',
        without: '  void found;\n',
        red: 'upgradeNodes when Azure does not do as it should overwrites no image that somebody wrote into the model between the plan and the first write',
      },
    ],
  },
  {
    file: 'tasks/common/record/claim.ts',
    tests: 'test/common/execute/ending/put-back-left.test.ts',
    guards: [
      {
        guard: 'what only puts back is not kept from it by a policy that somebody switched',
        text: '  if (!request.startsNothing) assertManual(set, model);\n',
        without: '  assertManual(set, model);\n',
        red: 'what a step has left is put back by its post-job step all but the model is put back where somebody switched the upgrade policy, and Azure would roll nodes',
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/finish.ts',
    tests: 'test/UpgradeScaleSetNodes/summary.test.ts',
    guards: [
      {
        guard: 'a stage whose model could not be put back is no quiet success',
        text: '...(isLeft && { modelNames })',
        without: '...(isLeft && {})',
        red: 'the summary of an upgrade of a canary whose model could not be put back says so, and no quiet success',
      },
    ],
  },
  {
    file: 'tasks/common/record/release.ts',
    tests,
    guards: [
      {
        guard: 'the last write names no image where Azure itself would roll the nodes',
        text: '      if (mayWrite) assertManual(request.set, model);\n',
        without: '',
        red: `${policy} switched back by somebody in mid-rollout stops it before the next start`,
      },
    ],
  },
];
