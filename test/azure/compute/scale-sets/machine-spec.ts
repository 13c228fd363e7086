import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, number, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { DiskContent, MachineSpec, ProbeSpec } from '../../machines/machines.ts';
import type { Instance } from '../state.ts';

/** The machine behind an instance, with this disk: credentials and health source from the model that it gets. */
export function machineSpec(world: World, instance: Instance, disk: DiskContent, model = instance.model): MachineSpec {
  const { profile } = model;
  const admin = adminOf(object(profile['osProfile']));
  const probe = healthSource(world, profile)?.probe;
  const name = computerName(instance, profile);
  return { id: keyOf(instance.id), name, disk, ...(admin && { admin }), ...(probe && { probe }) };
}

/** The prefix and six characters (azure.md §3): the id in base 36, under Flexible of the machine's unique id. */
export function computerName({ ordinal, vmId, parts }: Instance, profile: Json): string {
  const own = text(at(profile, 'osProfile', 'computerName'));
  if (own !== undefined) return own;
  const prefix = text(at(profile, 'osProfile', 'computerNamePrefix')) ?? '';
  return `${prefix}${parts ? vmId.slice(0, 6) : ordinal.toString(36).padStart(6, '0')}`;
}

function adminOf(osProfile: Json): MachineSpec['admin'] {
  const user = text(osProfile['adminUsername']);
  if (user === undefined) return undefined;
  const password = text(osProfile['adminPassword']);
  const [key] = list(at(osProfile, 'linuxConfiguration', 'ssh', 'publicKeys'));
  const publicKey = text(object(key)['keyData']);
  return { user, ...(password !== undefined && { password }), ...(publicKey !== undefined && { publicKey }) };
}

/** Where a set's health comes from: the Application Health extension, or the model's load balancer probe. */
export interface HealthSource {
  readonly probe: ProbeSpec;
  /** Rich states (Initializing, Unknown) come with version 2 of the extension (azure.md §8). */
  readonly rich: boolean;
}

export function healthSource(world: World, profile: Json): HealthSource | undefined {
  const extension = list(at(profile, 'extensionProfile', 'extensions'))
    .map(object)
    .find(isHealthExtension);
  if (extension) return fromExtension(object(extension['properties']));
  const probeId = text(at(profile, 'networkProfile', 'healthProbe', 'id'));
  return probeId === undefined ? undefined : fromBalancer(world, probeId);
}

const isHealthExtension = (extension: Json) =>
  at(extension, 'properties', 'publisher') === 'Microsoft.ManagedServices' &&
  /^ApplicationHealth(Linux|Windows)$/.test(text(at(extension, 'properties', 'type')) ?? '');

/** Defaults as on the extension's page: every 5 seconds, one probe (azure.md §8). */
function fromExtension(properties: Json): HealthSource {
  const settings = object(properties['settings']);
  const probe = {
    protocol: protocolOf(settings['protocol']),
    port: number(settings['port']) ?? 80,
    path: text(settings['requestPath']) ?? '/',
    intervalS: number(settings['intervalInSeconds']) ?? 5,
    numberOfProbes: number(settings['numberOfProbes']) ?? 1,
  };
  return { probe, rich: text(properties['typeHandlerVersion'])?.startsWith('2') === true };
}

function fromBalancer(world: World, probeId: string): HealthSource | undefined {
  const balancer = world.resources.loadBalancers.get(keyOf(probeId.replace(/\/probes\/[^/]+$/i, '')));
  const probes = list(object(balancer?.properties)['probes']).map(object);
  const found = probes.find((probe) => keyOf(text(probe['id']) ?? '') === keyOf(probeId));
  return found && { probe: balancerProbe(object(found['properties'])), rich: false };
}

/** Defaults as on the Network REST page: every 15 seconds, one probe. */
export const balancerProbe = (probe: Json): ProbeSpec => ({
  protocol: protocolOf(probe['protocol']),
  port: number(probe['port']) ?? 80,
  path: text(probe['requestPath']) ?? '/',
  intervalS: number(probe['intervalInSeconds']) ?? 15,
  numberOfProbes: number(probe['numberOfProbes']) ?? 1,
});

function protocolOf(value: unknown): ProbeSpec['protocol'] {
  const name = String(value).toLowerCase();
  return name === 'https' || name === 'tcp' ? name : 'http';
}
