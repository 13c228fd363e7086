import { ArmError, badRequest, notAllowed } from '../../core/arm-errors.ts';
import { at, list } from '../../core/json.ts';
import { requireUnchanged } from '../galleries/unchangeable.ts';
import type { ScaleSet } from '../state.ts';
import { faultDomainCount, isFlexible } from './mode.ts';

type Shape = Pick<ScaleSet, 'name' | 'properties' | 'zones' | 'sku'>;

/** What no set may be, whatever its history. Codes and sentences are own where no source is named. */
export function requireShape(set: Shape): void {
  requireCapacity(set);
  requireFaultDomains(set);
  requireZoneBalance(set);
  if (isFlexible(set)) requireFlexible(set);
}

/** Chosen when the set is made (page orchestration-modes; fault domains: own; that false stays false: spec). */
export function requireSameKind(before: Shape, after: Shape): void {
  requireUnchanged('orchestrationMode', isFlexible(before), isFlexible(after));
  const { platformFaultDomainCount, singlePlacementGroup } = after.properties;
  if (platformFaultDomainCount !== undefined)
    requireUnchanged('platformFaultDomainCount', faultDomainCount(before), platformFaultDomainCount);
  if (before.properties['singlePlacementGroup'] === false)
    requireUnchanged('singlePlacementGroup', false, singlePlacementGroup);
}

/** A thousand; in a single placement group a hundred, in the words of ansible#58220 (spec, singlePlacementGroup). */
function requireCapacity({ name, sku: { capacity }, properties }: Shape): void {
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > 1000)
    throw badRequest(`The value '${capacity}' of sku.capacity must be a whole number from 0 to 1000.`, 'sku.capacity');
  if (capacity > 100 && properties['singlePlacementGroup'] === true)
    throw notAllowed(
      `The capacity '${capacity}' of VM Scale Set '${name}' exceeds the total limit of '100' virtual machines in a single placement group.`,
    );
}

/** The table of page manage-fault-domains. */
function requireFaultDomains(set: Shape): void {
  const zonal = set.zones.length > 0;
  const allowed = isFlexible(set) ? (zonal ? [1] : [1, 2, 3]) : zonal ? [1, 5] : [1, 2, 3, 4, 5];
  const count = faultDomainCount(set);
  if (allowed.includes(count)) return;
  throw badRequest(
    `The value '${count}' of platformFaultDomainCount is invalid; with this orchestration mode and these zones it is one of ${allowed.join(', ')}.`,
    'platformFaultDomainCount',
  );
}

/** Spec: zoneBalance can only be set where there is more than one zone. */
function requireZoneBalance({ properties, zones }: Shape): void {
  if (properties['zoneBalance'] === undefined || zones.length > 1) return;
  throw badRequest('zoneBalance can only be set for a scale set with more than one zone.', 'zoneBalance');
}

/** The list of parameters that Flexible sets do not support (page orchestration-modes). */
function requireFlexible({ properties }: Shape): void {
  const network = at(properties, 'virtualMachineProfile', 'networkProfile');
  if (properties['overprovision'] === true)
    throw badRequest('Overprovisioning is not supported with Flexible orchestration.', 'overprovision');
  if (list(at(network, 'networkInterfaceConfigurations')).length > 0 && at(network, 'networkApiVersion') === undefined)
    throw noNetworkVersion();
}

/** Code from cloud-provider-azure#2697, which quotes it for a virtual machine; wanted of sets: azure-cli#17830. */
const noNetworkVersion = () =>
  new ArmError(
    400,
    'NetworkApiVersionMustBeSpecifiedWithNetworkInterfaceConfigurations',
    'Network api version in network profile of the virtual machine scale set must be specified if network interface configurations are specified.',
    { target: 'networkProfile.networkApiVersion' },
  );
