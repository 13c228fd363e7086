import { ArmError } from '../../core/arm-errors.ts';
import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Child, NetworkResource } from '../state.ts';
import { machineOf } from './interfaces.ts';
import { allMembers } from './members.ts';
import { idAt, partsOf } from './parts.ts';
import { userOf } from './public-addresses.ts';
import { poolInUse } from './scale-set-users.ts';

/** https://aka.ms/deletenic */
export function interfaceInUse(world: World, { id }: NetworkResource): ArmError | undefined {
  const machine = machineOf(world, id);
  return (
    machine &&
    inUse(
      'NicInUse',
      `Network Interface ${id} is used by existing resource ${machine.id}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
    )
  );
}

export function addressInUse(world: World, { id }: NetworkResource): ArmError | undefined {
  const user = userOf(world, id);
  return (
    user &&
    inUse(
      'PublicIPAddressCannotBeDeleted',
      `Public IP address ${id} can not be deleted since it is still allocated to resource ${user.id}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.`,
    )
  );
}

/** Why a part can't go: a subnet with interfaces in it, a pool that a scale set names. */
export function partInUse(world: World, part: string, named: Child): ArmError | undefined {
  if (part === 'backendAddressPools') return poolInUse(world, named);
  return part === 'subnets' ? subnetInUse(world, named) : undefined;
}

/** A network is in use when one of its subnets is. */
export function networkInUse(world: World, { properties }: NetworkResource): ArmError | undefined {
  for (const subnet of partsOf(properties, 'subnets')) {
    const user = subnetInUse(world, subnet);
    if (user) return user;
  }
  return undefined;
}

/** https://aka.ms/deletesubnet */
function subnetInUse(world: World, { id, name }: Child): ArmError | undefined {
  const user = placedParts(world).find((part) => keyOf(idAt(part.properties, 'subnet') ?? '') === keyOf(id));
  return (
    user &&
    inUse(
      'InUseSubnetCannotBeDeleted',
      `Subnet ${name} is in use by ${user.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
    )
  );
}

export function groupInUse(world: World, { id }: NetworkResource): ArmError | undefined {
  const user = [...world.resources.networkInterfaces.values()].find(
    ({ properties }) => keyOf(idAt(properties, 'networkSecurityGroup') ?? '') === keyOf(id),
  );
  return (
    user &&
    inUse(
      'InUseNetworkSecurityGroupCannotBeDeleted',
      `Network security group ${id} cannot be deleted because it is in use by the following resources: ${user.id}. In order to delete the Network security group, remove the association with the resource(s).`,
    )
  );
}

/** What has a place in a subnet: configurations of interfaces, those of scale set instances too, and of gateways. */
const placedParts = (world: World): readonly Pick<Child, 'id' | 'properties'>[] => [
  ...allMembers(world),
  ...[...world.resources.applicationGateways.values()].flatMap(({ properties }) =>
    partsOf(properties, 'gatewayIPConfigurations'),
  ),
];

const inUse = (code: string, message: string) => new ArmError(400, code, message);
