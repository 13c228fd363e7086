import { keyOf } from '../../core/ids.ts';
import { list, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { findNetworkResource } from './find.ts';
import type { Member } from './members.ts';
import { idAt, partsOf } from './parts.ts';

/** Where a member is reached: as its machine can be from this host, else as it is numbered in its subnet. */
export function addressOf(world: World, member: Member): string {
  const reachable = member.machineKey === undefined ? undefined : world.machines.address(member.machineKey);
  return reachable ?? text(member.properties['privateIPAddress']) ?? instanceAddress(world, member);
}

/** An instance's interface gets its address when somebody asks first, and keeps it. */
function instanceAddress(world: World, { id, properties }: Member): string {
  const { instanceAddresses } = world.resources;
  const known = instanceAddresses.get(keyOf(id));
  if (known !== undefined) return known;
  const address = freeAddress(world, idAt(properties, 'subnet') ?? '');
  instanceAddresses.set(keyOf(id), address);
  return address;
}

/** The first four addresses of a subnet are Azure's own. */
export function freeAddress(world: World, subnetId: string): string {
  const network = findNetworkResource(world, subnetId.replace(/\/subnets\/[^/]+$/i, ''));
  const subnet = network && partsOf(network.properties, 'subnets').find(({ id }) => keyOf(id) === keyOf(subnetId));
  const prefix =
    text(subnet?.properties['addressPrefix']) ?? text(list(subnet?.properties['addressPrefixes'])[0]) ?? '10.0.0.0/24';
  const [a = '10', b = '0', c = '0', d = '0'] = (prefix.split('/')[0] ?? '').split('.');
  const taken = takenAddresses(world);
  for (let host = Number(d) + 4; ; host += 1) {
    const address = `${a}.${b}.${Number(c) + Math.floor(host / 256)}.${host % 256}`;
    if (!taken.has(address)) return address;
  }
}

/** Of stand-alone interfaces, and of instances that are still there. */
function takenAddresses(world: World): ReadonlySet<unknown> {
  const { networkInterfaces, instanceAddresses } = world.resources;
  const alone = [...networkInterfaces.values()].flatMap(({ properties }) =>
    partsOf(properties, 'ipConfigurations').map((part) => part.properties['privateIPAddress']),
  );
  const ofInstances = [...instanceAddresses]
    .filter(([key]) => world.compute.instances.has(key.replace(/\/networkinterfaces\/.*$/, '')))
    .map(([, address]) => address);
  return new Set([...alone, ...ofInstances]);
}
