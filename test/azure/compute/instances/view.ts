import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { ProbeState } from '../../machines/machines.ts';
import { computerName, healthSource } from '../scale-sets/machine-spec.ts';
import type { Instance, Machine } from '../state.ts';

/** The instance view of a scale set's machine, under both orchestrations (azure.md §8). */
export function instanceView(world: World, instance: Instance): Json {
  const health = vmHealth(world, instance);
  return {
    ...domains(world, instance),
    computerName: computerName(instance, instance.model.profile),
    vmAgent: vmAgent(world, instance),
    ...(health && { vmHealth: health }),
    statuses: [provisioningStatus(instance), powerStatus(instance)],
  };
}

/** Flexible sets have no update domains, and whether their machines show a fault domain the pages disagree (azure.md §8). */
function domains(world: World, { parts, faultDomain }: Instance): Json {
  if (!parts) return { platformUpdateDomain: 0, platformFaultDomain: faultDomain };
  return world.settings.flexFaultDomainShown ? { platformFaultDomain: faultDomain } : {};
}

export interface Status {
  readonly code: string;
  readonly level: 'Info' | 'Warning' | 'Error';
  readonly displayStatus: string;
  readonly message?: string;
  readonly time?: string;
}

const timeOf = (moment: number) => new Date(moment).toISOString();

/** A failed state carries the error's code behind it and its message beside it. */
export function provisioningStatus({ provisioningState, problem, stateSince }: Machine): Status {
  const state = provisioningState.toLowerCase();
  const time = timeOf(stateSince);
  if (provisioningState !== 'Failed')
    return { code: `ProvisioningState/${state}`, level: 'Info', displayStatus: displayOf(provisioningState), time };
  const code = `ProvisioningState/failed/${problem?.code ?? 'InternalExecutionError'}`;
  return { code, level: 'Error', displayStatus: 'Provisioning failed', message: problem?.message ?? '', time };
}

const displayOf = (state: string) => (state === 'Succeeded' ? 'Provisioning succeeded' : state);

export const powerStatus = ({ power }: Machine): Status => ({
  code: `PowerState/${power}`,
  level: 'Info',
  displayStatus: `VM ${power}`,
});

/** The agent answers while the machine runs; otherwise its last word is `unavailable` (az vm get-instance-view). */
export function vmAgent(world: World, machine: Machine): Json {
  const ready = machine.power === 'running' && machine.provisioningState !== 'Failed';
  const status: Status = ready
    ? { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Ready', message: 'Guest Agent is running' }
    : {
        code: 'ProvisioningState/Unavailable',
        level: 'Warning',
        displayStatus: 'Not Ready',
        message: 'VM status blob is found but not yet populated.',
      };
  return { vmAgentVersion: ready ? '2.9.1.1' : 'Unknown', statuses: [{ ...status, time: timeOf(world.clock.now()) }] };
}

/** Nothing at all without a health source; two states unless the extension is of version 2 (azure.md §8). */
function vmHealth(world: World, instance: Instance): Json | undefined {
  const health = shownHealth(world, instance);
  if (!health) return undefined;
  const { state, since } = health;
  const time = timeOf(world.settings.healthTime === 'ofChange' ? since : world.clock.now());
  return { status: { code: `HealthState/${state}`, level: 'Info', displayStatus: `The VM is ${state}`, time } };
}

/** What the instance's health source says of it; undefined without one. */
export function shownHealth(world: World, instance: Instance): ProbeState | undefined {
  const source = healthSource(world, instance.model.profile);
  const seen = source && world.machines.health(keyOf(instance.id));
  return seen && { ...seen, state: source.rich ? seen.state : binary(seen.state) };
}

const binary = (state: ProbeState['state']) => (state === 'healthy' ? 'healthy' : 'unhealthy');
