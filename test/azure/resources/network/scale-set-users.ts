import { networkOf } from '../../compute/instances/body.ts';
import type { ScaleSet } from '../../compute/state.ts';
import { ArmError } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { Child, NetworkResource } from '../state.ts';
import { idAt, partsOf } from './parts.ts';

/** The pools of a balancer or gateway that scale sets use, by their models or by an instance that is not up to date. */
function usersOf(world: World, pools: readonly Child[]): readonly (readonly [Child, ScaleSet])[] {
  return [...world.compute.scaleSets.values()].flatMap((set) => {
    const networks = JSON.stringify(networksOf(world, set)).toLowerCase();
    return pools.filter(({ id }) => networks.includes(`"${keyOf(id)}"`)).map((pool) => [pool, set] as const);
  });
}

const networksOf = (world: World, set: ScaleSet): readonly unknown[] => [
  at(set.model.profile, 'networkProfile', 'networkInterfaceConfigurations'),
  ...[...world.compute.instances.values()].filter(({ setKey }) => setKey === keyOf(set.id)).map(networkOf),
];

/** Code and sentence: cluster-api-provider-azure#3163. */
export const balancerInUse = (world: World, { id, properties }: NetworkResource) =>
  wholeInUse(world, properties, 'LoadBalancerInUseByVirtualMachineScaleSet', `load balancer ${id}`);

/** A gateway is looked after in the same way; the code is ours. */
export const gatewayInUse = (world: World, { id, properties }: NetworkResource) =>
  wholeInUse(world, properties, 'ApplicationGatewayInUseByVirtualMachineScaleSet', `application gateway ${id}`);

function wholeInUse(world: World, properties: Json, code: string, what: string): ArmError | undefined {
  const users = usersOf(world, partsOf(properties, 'backendAddressPools'));
  const [first] = users;
  if (!first) return undefined;
  const [, set] = first;
  const pools = users.filter(([, user]) => user === set).map(([pool]) => pool.name);
  return new ArmError(
    400,
    code,
    `Cannot delete ${what} since its child resources ${pools.join(', ')} are in use by virtual machine scale set ${set.id}.`,
  );
}

/** Sentence: vm-scale-sets#53; the code is ours. */
export function poolInUse(world: World, pool: Child): ArmError | undefined {
  const [first] = usersOf(world, [pool]);
  if (!first) return undefined;
  return new ArmError(
    400,
    'BackendAddressPoolInUseByVirtualMachineScaleSet',
    `Cannot remove backend address pool ${pool.name} from load balancer since it is in use by virtual machine scale set ${first[1].id}.`,
  );
}

/** A rule stays while a scale set has its probe as health source: terraform-provider-azurerm#4398, azure-cli#14167. */
export function requireProbeRules(world: World, before: readonly Child[], after: readonly Child[]): void {
  for (const rule of before) {
    const probeId = idAt(rule.properties, 'probe');
    const gone = !after.some(
      ({ id, properties }) => keyOf(id) === keyOf(rule.id) && idAt(properties, 'probe') === probeId,
    );
    const set = gone && probeId !== undefined && setWithProbe(world, probeId);
    if (set)
      throw new ArmError(
        400,
        'CannotRemoveRuleUsedByProbeUsedByVMSS',
        `Load balancer rule ${rule.id} cannot be removed because the rule references the load balancer probe ${probeId} that used as health probe by VM scale set ${set.id}. To remove this rule, please update VM scale set to remove the reference to the probe.`,
      );
  }
}

const setWithProbe = (world: World, probeId: string): ScaleSet | undefined =>
  [...world.compute.scaleSets.values()].find(
    ({ model }) => keyOf(text(at(model.profile, 'networkProfile', 'healthProbe', 'id')) ?? '') === keyOf(probeId),
  );
