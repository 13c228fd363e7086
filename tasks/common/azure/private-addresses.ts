import type { Azure } from './connect.ts';
import { type Entry, objectIn, objectsIn } from './entry.ts';
import { textIn } from './read-failure.ts';
import { readList } from './read-list.ts';
import type { ScaleSetRef } from './scale-set.ts';

/** The one version that Microsoft.Network has for interfaces of instances (azure.md §15). */
const version = '2018-10-01';

/** The private address of each instance by its id, all of them by one list: that of its primary interface. */
export async function privateAddresses(azure: Azure, set: ScaleSetRef): Promise<ReadonlyMap<string, string>> {
  const group = `/subscriptions/${azure.subscriptionId}/resourceGroups/${encodeURIComponent(set.resourceGroup)}`;
  const path = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${encodeURIComponent(set.name)}/networkInterfaces?api-version=${version}`;
  const { entries } = await readList(azure, path, `Listing the network interfaces of scale set ${set.name}`);
  const found = new Map<string, string>();
  for (const entry of [...entries].sort(primaryLast)) {
    const [id, address] = [instanceOf(entry), addressIn(entry)];
    if (id !== undefined && address !== undefined) found.set(id, address);
  }
  return found;
}

const isPrimary = ({ properties }: Entry) => objectIn(properties)['primary'] === true;

const primaryLast = (one: Entry, other: Entry) => Number(isPrimary(one)) - Number(isPrimary(other));

/** The number behind `virtualMachines`, of the machine that the interface is in, or of the interface's own id. */
function instanceOf({ id, properties }: Entry): string | undefined {
  const machine = textIn(objectIn(objectIn(properties)['virtualMachine'])['id']) ?? textIn(id) ?? '';
  return /\/virtualMachines\/([^/]+)/i.exec(machine)?.[1];
}

function addressIn({ properties }: Entry): string | undefined {
  const configurations = objectsIn(objectIn(properties)['ipConfigurations']);
  const chosen = configurations.find(isPrimary) ?? configurations[0];
  return chosen && textIn(objectIn(chosen['properties'])['privateIPAddress']);
}
