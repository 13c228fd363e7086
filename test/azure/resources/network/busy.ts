import { ArmError } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import type { Completion } from '../../core/operations.ts';
import type { World } from '../../core/world.ts';
import type { NetworkWork } from '../state.ts';
import type { NetworkType } from './find.ts';
import { ownerOf, referencesIn } from './references.ts';

const names: Readonly<Record<NetworkType, string>> = {
  publicIPAddresses: 'PutPublicIPAddressOperation',
  virtualNetworks: 'PutVirtualNetworkOperation',
  networkSecurityGroups: 'PutNetworkSecurityGroupOperation',
  networkInterfaces: 'PutNetworkInterfaceOperation',
  loadBalancers: 'PutLoadBalancerOperation',
  applicationGateways: 'PutApplicationGatewayOperation',
};

/** With `refused`, who comes while a resource or one that it refers to is written is told to come back. */
export function refuseBusy(world: World, id: string, properties: Json = {}): void {
  if (world.settings.networkBusy !== 'refused') return;
  const own = workOn(world, id);
  if (own)
    throw comeBack(
      'RetryableErrorDueToAnotherOperation',
      `Operation ${own.name} (${own.completion.id}) is updating resource ${id}. The call can be retried in ${retryS} seconds.`,
    );
  for (const wanted of referencesIn(properties)) {
    const other = workOn(world, ownerOf(wanted));
    if (other)
      throw comeBack(
        'ReferencedResourceNotProvisioned',
        `Cannot proceed with operation because resource ${wanted} used by resource ${id} is not in Succeeded state. Resource is in Updating state and the last operation that updated/is updating the resource is ${other.name}.`,
      );
  }
}

const workOn = (world: World, id: string): NetworkWork | undefined => world.resources.networkWork.get(keyOf(id));

const retryS = 5;

/** Envelope from bosh-azure-cpi-release#179 and hashicorp/terraform#7986. */
const comeBack = (code: string, message: string) =>
  new ArmError(429, 'RetryableError', 'A retryable error occurred.', {
    details: [{ code, message }],
    headers: { 'Retry-After': String(retryS) },
  });

/** Notes a write as open; one that was open before ends Canceled (azure-cli#21156). Gives what closes it. */
export function beginWrite(world: World, type: NetworkType, id: string, completion: Completion): () => void {
  const { networkWork } = world.resources;
  const mine: NetworkWork = { name: names[type], completion };
  const older = workOn(world, id);
  older?.completion.cancel(superseded(older, mine));
  networkWork.set(keyOf(id), mine);
  return () => {
    if (workOn(world, id) === mine) networkWork.delete(keyOf(id));
  };
}

const superseded = (older: NetworkWork, newer: NetworkWork) =>
  new ArmError(409, 'Canceled', 'Operation was canceled.', {
    details: [
      {
        code: 'CanceledAndSupersededDueToAnotherOperation',
        message: `Operation ${older.name} (${older.completion.id}) was canceled and superseded by operation ${newer.name} (${newer.completion.id}).`,
      },
    ],
  });
