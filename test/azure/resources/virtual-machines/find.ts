import type { Instance, Machine } from '../../compute/state.ts';
import type { Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import { findGroup, findResource } from '../lookup.ts';
import type { VirtualMachine } from '../state.ts';

const type = 'Microsoft.Compute/virtualMachines';

/** The id of the virtual machine that the call names. */
export const machineId = (world: World, request: Request): string =>
  `${findGroup(world, request).id}/providers/${type}/${request.params['name']}`;

/** The member of a Flexible set that the call names, if it names one. */
export const findMember = (world: World, request: Request): Instance | undefined =>
  world.compute.instances.get(keyOf(machineId(world, request)));

/** The machine outside of scale sets that the call names, or ARM's 404. */
export const findAlone = (world: World, request: Request): VirtualMachine =>
  findResource(world, request, world.resources.virtualMachines, type);

export const findMachine = (world: World, request: Request): Machine =>
  findMember(world, request) ?? findAlone(world, request);

/** Deleting what is not there is no error: 204 (spec). */
export const isThere = (world: World, request: Request): boolean =>
  findMember(world, request) !== undefined || world.resources.virtualMachines.has(keyOf(machineId(world, request)));
