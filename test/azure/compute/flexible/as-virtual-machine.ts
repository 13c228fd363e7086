import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { VirtualMachine } from '../../resources/state.ts';
import { machineOsProfile } from '../instances/body.ts';
import { setOf } from '../lookup.ts';
import type { Instance, MachineParts } from '../state.ts';

/** A member of a Flexible set as the virtual machine that it is: what its own path shows, and what is left when it is detached. */
export function asVirtualMachine(world: World, member: Instance): VirtualMachine {
  const { instanceId: _id, ordinal: _ordinal, faultDomain: _domain, protection: _protection, ...rest } = member;
  const { setKey: _set, ownNetwork: _network, zone, model: _model, image: _image, ...machine } = rest;
  const parts = partsOf(member);
  const disk = world.resources.disks.get(keyOf(parts.osDisk.id));
  return {
    ...machine,
    parts,
    zones: zone === undefined ? [] : [zone],
    osType: disk?.osType ?? 'Linux',
    hyperVGeneration: disk?.hyperVGeneration ?? 'V2',
    properties: propertiesOf(world, member),
    generalized: false,
  };
}

function propertiesOf(world: World, member: Instance): Json {
  const { model, image } = member;
  const { networkInterfaces } = partsOf(member);
  return {
    hardwareProfile: { vmSize: model.skuName },
    storageProfile: { ...object(at(model.profile, 'storageProfile')), imageReference: image.reference },
    osProfile: machineOsProfile(member),
    networkProfile: {
      networkInterfaces: networkInterfaces.map(({ id, deleteOption }, index) => ({
        id,
        properties: { primary: index === 0, deleteOption },
      })),
    },
    virtualMachineScaleSet: { id: setOf(world, member).id },
  };
}

/** Every member of a Flexible set has them. */
export function partsOf({ parts, name }: Instance): MachineParts {
  if (!parts) throw new Error(`Instance ${name} is no virtual machine`);
  return parts;
}
