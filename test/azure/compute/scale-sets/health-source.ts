import { ArmError, badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { MachineProblem } from '../../machines/machines.ts';
import type { ScaleSet } from '../state.ts';
import { healthSource } from './machine-spec.ts';

const probeIdOf = (profile: unknown): string | undefined => text(at(profile, 'networkProfile', 'healthProbe', 'id'));

/** One source of health a set, and of probes only a load balancer's (azure.md §8). */
export function requireHealthSource(world: World, properties: Json): void {
  const profile = object(properties['virtualMachineProfile']);
  const probeId = probeIdOf(profile);
  if (probeId === undefined) return;
  if (!/\/loadBalancers\/[^/]+\/probes\/[^/]+$/i.test(probeId)) throw wrongType(probeId);
  if (properties['orchestrationMode'] === 'Flexible')
    throw badRequest('A Flexible scale set has its health from the Application Health extension only.', 'healthProbe');
  if (hasExtension(world, profile))
    throw badRequest('A scale set has one source of health: the extension or a load balancer probe.', 'healthProbe');
  if (!healthSource(world, profile)) throw notFound(probeId);
}

/** The extension comes first where a model has both. */
const hasExtension = (world: World, profile: Json): boolean =>
  healthSource(world, { extensionProfile: profile['extensionProfile'] }) !== undefined;

/** Quoted from terraform-provider-azurerm#3190, where somebody gave the probe of an application gateway. */
const wrongType = (id: string) =>
  new ArmError(400, 'InvalidRequestFormat', 'Cannot parse the request.', {
    details: [
      {
        code: 'InvalidJsonReferenceWrongType',
        message: `Reference Id ${id} is referencing resource of a wrong type. The Id is expected to reference resources of type loadBalancers/probes. Path Properties.UpdateGroups[0].NetworkProfile.healthProbe.`,
      },
    ],
  });

const notFound = (id: string) =>
  new ArmError(400, 'InvalidResourceReference', `Resource ${id} referenced by the scale set was not found.`);

/** In the operation: the primary configuration must be behind the balancer whose probe it is. */
export function balancingProblem({ id, model }: ScaleSet): MachineProblem | undefined {
  const probeId = probeIdOf(model.profile);
  const primary = primaryConfiguration(model.profile);
  if (probeId === undefined || isBehind(primary, probeId)) return undefined;
  return {
    code: 'CannotUseHealthProbeWithoutLoadBalancing',
    message: `VM scale set ${id} cannot use probe ${probeId} as a HealthProbe because primary IP configuration ${primary['name']} of the scale set does not use load balancing. LoadBalancerBackendAddressPools property of the IP configuration must reference backend address pool of the load balancer that contains the probe.`,
  };
}

function isBehind(configuration: Json, probeId: string): boolean {
  const balancer = `${keyOf(probeId.replace(/\/probes\/[^/]+$/i, ''))}/`;
  const pools = list(at(configuration, 'properties', 'loadBalancerBackendAddressPools'));
  return pools.some((pool) => keyOf(String(at(pool, 'id'))).startsWith(balancer));
}

/** The first, unless another one says that it is the primary one. */
function primaryConfiguration(profile: Json): Json {
  const primary = (all: readonly Json[]) => all.find((each) => at(each, 'properties', 'primary') === true) ?? all[0];
  const nic = primary(list(at(profile, 'networkProfile', 'networkInterfaceConfigurations')).map(object));
  return primary(list(at(nic, 'properties', 'ipConfigurations')).map(object)) ?? {};
}
