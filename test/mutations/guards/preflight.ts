import type { Group } from '../mutation.ts';

const upgrades = 'test/UpgradeScaleSetNodes/upgrade-nodes.test.ts';
const rights = 'test/common/preflight/rollout-rights.test.ts';

/** What is found out before the first write. */
export const preflightGuards: readonly Group[] = [
  {
    file: 'tasks/common/preflight/set-fit.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'an upgrade policy that rolls by itself is refused',
        text: "  if (upgradeMode === 'Manual') return;\n",
        without: "  if (upgradeMode !== '') return;\n",
        red: 'upgradeNodes refuses an upgrade policy that rolls by itself, and changes nothing',
      },
      {
        guard: 'a set that Azure gives new OS images by itself is refused',
        text: '  if (!automaticOsUpgrade) return;\n',
        without: '  if (automaticOsUpgrade !== undefined) return;\n',
        red: 'upgradeNodes refuses automatic OS upgrades, and changes nothing',
      },
      {
        guard: 'a set that tells nothing of health is refused',
        text: "  if (hasHealthSource || health.kind !== 'azure') return;\n",
        without: '  if (hasHealthSource !== undefined || health) return;\n',
        red: 'upgradeNodes refuses a set without a health source, and changes nothing',
      },
      {
        guard: 'a set that another service owns is refused',
        text: "  if (managedBy === '') return;\n",
        without: '  if (managedBy !== undefined) return;\n',
        red: 'upgradeNodes refuses a set of AKS, and changes nothing',
      },
    ],
  },
  {
    file: 'tasks/common/azure/target-image.ts',
    tests: upgrades,
    guards: [
      {
        guard: "an image that is not in the set's region is refused",
        text: "  if (status?.state !== 'Completed') throw notReplicated(name, model.location, status?.state);\n",
        without: '  void [status, notReplicated];\n',
        red: 'upgradeNodes refuses an image that is not in the region, and changes nothing',
      },
      {
        guard: 'an image of another system is refused',
        text: '  if (definition.osType !== undefined && definition.osType !== model.osType)\n    throw otherSystem(name, definition.osType, model.osType);\n',
        without: '  void [definition, otherSystem];\n',
        red: 'upgradeNodes refuses an image of another system, and changes nothing',
      },
    ],
  },
  {
    file: 'tasks/common/azure/resource-id.ts',
    tests: 'test/common/azure/resource-id.test.ts',
    guards: [
      {
        guard: 'only one concrete version may be named',
        text: 'if (parts === undefined || !isVersion(version)) return undefined;',
        without: 'if (parts === undefined) return undefined;',
        red: 'imageVersionId refuses "/subscriptions/s-1/resourceGroups/shop/providers/Microsoft.Compute/galleries/shopGallery/images/web/versions/latest"',
      },
    ],
  },
  {
    file: 'tasks/common/preflight/model-image.ts',
    tests: upgrades,
    guards: [
      {
        guard: 'the way back is a concrete version too',
        text: '  if (imageVersionIn(stable)) return;\n',
        without: '  if (imageVersionIn(stable) || stable !== undefined) return;\n',
        red: 'upgradeNodes refuses a set whose image is whatever version is the latest, and changes nothing',
      },
    ],
  },
  {
    file: 'tasks/common/preflight/rights.ts',
    tests: rights,
    guards: [
      {
        guard: 'missing rights are found before the first write',
        text: '    if (actions.length > 0) found.push({ scope, actions });\n',
        without: '    void actions;\n',
        red: 'the rights of a rollout are all named at once, with the connection and each scope',
      },
      {
        guard: 'a lock is found before the first write',
        text: '  if (inTheWay.length === 0) return;\n',
        without: '  if (inTheWay.length >= 0) return;\n',
        red: 'the rights of a rollout locks refuse before the first write: ReadOnly on the group',
      },
      {
        guard: 'rights that nobody may look up are said aloud, and not held against anybody',
        text: '    if (armAnswer(error).status === undefined && !senseless.has(failure.code)) throw failure;\n',
        without: '    void senseless;\n    if (failure) throw failure;\n',
        red: 'the rights of a rollout may lack Microsoft.Authorization/permissions/read on the set: it is said aloud, and the rollout goes on',
      },
    ],
  },
  {
    file: 'tasks/common/preflight/rollout-rights.ts',
    tests: rights,
    guards: [
      {
        guard: 'a lock against deletion stops a rollout that drains',
        text: "const removes = rollout.drain !== undefined || rollout.health.kind === 'script';",
        without: "const removes = rollout.health.kind === 'script';",
        red: 'the rights of a rollout locks refuse before the first write: CanNotDelete on the set',
      },
    ],
  },
  {
    file: 'tasks/common/execute/rollout-options.ts',
    tests: 'test/common/execute/rollout-options.test.ts',
    guards: [
      {
        guard: 'limits that allow no node to be away are refused',
        text: '  if (number > 0) return amount;\n',
        without: '  if (number >= 0) return amount;\n',
        red: 'inputs of an upgrade are refused with no node that may be away',
      },
      {
        guard: 'times that contradict each other are refused',
        text: '  if (progressDeadline.ms < nodeHealthTimeout.ms) {',
        without: '  if (progressDeadline.ms < 0) {',
        red: 'inputs of an upgrade are refused with a deadline before the first node may be ready',
      },
    ],
  },
];
