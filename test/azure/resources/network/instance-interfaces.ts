import { networkOf } from '../../compute/instances/body.ts';
import { findScaleSet, instancesOf } from '../../compute/lookup.ts';
import type { Instance } from '../../compute/state.ts';
import { ArmError } from '../../core/arm-errors.ts';
import { type Answer, type Json, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, object, text } from '../../core/json.ts';
import { group, type Route } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import { addressOf } from './addresses.ts';
import { partsOf } from './parts.ts';

const page = 'https://learn.microsoft.com/rest/api/virtualnetwork/network-interface-in-vm-ss';
const set = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/:set`;
const all = `${set}/virtualMachines/:instance/networkInterfaces`;
const one = `${all}/:nic`;
const configurations = `${one}/ipConfigurations`;

/** Interfaces of Uniform instances: read through Microsoft.Network, changed only through the instance (azure.md §15). */
export const routes: readonly Route[] = [
  ['GET', `${set}/networkInterfaces`, listOfSet, `${page}/list-virtual-machine-scale-set-network-interfaces`],
  ['GET', all, listOfInstance, `${page}/list-virtual-machine-scale-set-vm-network-interfaces`],
  ['GET', one, (...call) => ok(find(...call)), `${page}/get-virtual-machine-scale-set-network-interface`],
  ['GET', configurations, listConfigurations, `${page}/list-virtual-machine-scale-set-ip-configurations`],
  ['GET', `${configurations}/:ip`, readConfiguration, `${page}/get-virtual-machine-scale-set-ip-configuration`],
];

function listOfSet(world: World, request: Request): Answer {
  const instances = instancesOf(world, findScaleSet(world, request)).filter(({ parts }) => !parts);
  return ok({ value: instances.flatMap((instance) => interfacesOf(world, instance)) });
}

function listOfInstance(world: World, request: Request): Answer {
  return ok({ value: interfacesOf(world, findInstance(world, request)) });
}

function findInstance(world: World, request: Request): Instance {
  const id = `${findScaleSet(world, request).id}/virtualMachines/${request.params['instance']}`;
  return world.compute.instances.get(keyOf(id)) ?? gone(request);
}

const find = (world: World, request: Request): Shown =>
  interfacesOf(world, findInstance(world, request)).find(isNamed(request, 'nic')) ?? gone(request);

const configurationsOf = (world: World, request: Request): readonly Shown[] =>
  list(find(world, request).properties['ipConfigurations']) as readonly Shown[];

function listConfigurations(world: World, request: Request): Answer {
  return ok({ value: configurationsOf(world, request) });
}

function readConfiguration(world: World, request: Request): Answer {
  return ok(configurationsOf(world, request).find(isNamed(request, 'ip')) ?? gone(request));
}

const isNamed =
  (request: Request, param: string) =>
  ({ name }: Shown) =>
    keyOf(name) === keyOf(request.params[param] ?? '');

function gone(request: Request): never {
  throw new ArmError(404, 'NotFound', `Resource ${request.url.pathname} not found.`);
}

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly etag: string;
  readonly properties: Json;
}

export const interfacesOf = (world: World, instance: Instance): readonly Shown[] =>
  list(networkOf(instance)['networkInterfaceConfigurations']).map((nic) => shown(world, instance, object(nic)));

function shown(world: World, instance: Instance, { name, properties }: Json): Shown {
  const id = `${instance.id}/networkInterfaces/${name}`;
  const etag = `W/"${instance.vmId}-${instance.etag}"`;
  const { primary, enableAcceleratedNetworking, enableIPForwarding, networkSecurityGroup } = object(properties);
  const state = { provisioningState: instance.provisioningState === 'Creating' ? 'Updating' : 'Succeeded' };
  return {
    id,
    name: String(name),
    etag,
    properties: {
      ...state,
      ipConfigurations: partsOf(object(properties), 'ipConfigurations').map(({ name: ip, properties: written }) => {
        const member = { id: `${id}/ipConfigurations/${ip}`, properties: written, machineKey: keyOf(instance.id) };
        const privateIPAddress = addressOf(world, member);
        return { id: member.id, name: ip, etag, properties: { ...state, ...configuration(written), privateIPAddress } };
      }),
      dnsSettings: { dnsServers: [], appliedDnsServers: [] },
      primary: primary === true,
      enableAcceleratedNetworking: enableAcceleratedNetworking === true,
      enableIPForwarding: enableIPForwarding === true,
      ...(networkSecurityGroup !== undefined && { networkSecurityGroup }),
      virtualMachine: { id: instance.id },
    },
  };
}

/** What a model's configuration and an interface's have in common; the address comes from the subnet. */
function configuration(properties: Json): Json {
  const kept = ['primary', 'subnet', 'loadBalancerBackendAddressPools', 'applicationGatewayBackendAddressPools'];
  return {
    privateIPAllocationMethod: 'Dynamic',
    privateIPAddressVersion: text(at(properties, 'privateIPAddressVersion')) ?? 'IPv4',
    ...Object.fromEntries(kept.filter((member) => member in properties).map((member) => [member, properties[member]])),
  };
}
