import type { Json } from '../../core/http.ts';
import { at, list, number, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { addOsDisk } from '../../resources/disks/os-disk.ts';
import { addInterface } from '../../resources/network/add-resource.ts';
import { deleteOption, releaseDisk } from '../../resources/virtual-machines/parts.ts';
import type { Instance, MachinePart, MachineParts } from '../state.ts';

/** Interfaces and OS disk of a new member, from its model; both go with it unless the model says Detach (spec). */
export function makeParts(world: World, instance: Instance): MachineParts {
  const configurations = list(at(instance.model.profile, 'networkProfile', 'networkInterfaceConfigurations'));
  const networkInterfaces = configurations.map((entry) => makeInterface(world, instance, object(entry)));
  const option = deleteOption(at(osDiskOf(instance), 'deleteOption'), 'Delete');
  return { networkInterfaces, osDisk: makeDisk(world, instance, option) };
}

/** A fresh OS disk; the old one is kept or deleted by its delete option (spec, VirtualMachines_Reimage). */
export function replaceDisk(world: World, instance: Instance): void {
  const { parts } = instance;
  if (!parts) return;
  releaseDisk(world, parts.osDisk);
  instance.parts = { ...parts, osDisk: makeDisk(world, instance, parts.osDisk.deleteOption) };
}

function makeInterface(world: World, { id, vmId, location }: Instance, configuration: Json): MachinePart {
  const group = id.slice(0, id.indexOf('/providers/'));
  const name = `${configuration['name']}-${vmId.slice(0, 8)}`;
  const nic = `${group}/providers/Microsoft.Network/networkInterfaces/${name}`;
  const properties = object(configuration['properties']);
  addInterface(world, nic, location, interfaceOf(properties));
  return { id: nic, deleteOption: deleteOption(properties['deleteOption'], 'Delete') };
}

/** Members of a configuration that an interface has too; public addresses and NAT pools are gaps. */
function interfaceOf({ networkSecurityGroup, enableAcceleratedNetworking, ipConfigurations }: Json): Json {
  return {
    ...(networkSecurityGroup !== undefined && { networkSecurityGroup }),
    ...(enableAcceleratedNetworking !== undefined && { enableAcceleratedNetworking }),
    ipConfigurations: list(ipConfigurations).map((entry) => {
      const {
        publicIPAddressConfiguration: _address,
        loadBalancerInboundNatPools: _pools,
        ...properties
      } = object(at(entry, 'properties'));
      return { name: at(entry, 'name'), properties };
    }),
  };
}

function makeDisk(world: World, instance: Instance, option: MachinePart['deleteOption']): MachineParts['osDisk'] {
  const { id: machineId, location, image } = instance;
  const written = osDiskOf(instance);
  const writtenType = written['osType'] === 'Windows' ? 'Windows' : 'Linux';
  const sizeGB = number(written['diskSizeGB']);
  const disk = addOsDisk(world, {
    machineId,
    location,
    image,
    osType: image.nature?.osType ?? writtenType,
    hyperVGeneration: image.nature?.hyperVGeneration ?? 'V2',
    ...(sizeGB !== undefined && { sizeGB }),
  });
  return { id: disk.id, name: disk.name, deleteOption: option };
}

const osDiskOf = ({ model }: Instance): Json => object(at(model.profile, 'storageProfile', 'osDisk'));
