import type { Call } from './http.ts';
import type { World } from './world.ts';

/** One bucket that a call takes a token from. */
export interface Charge {
  readonly provider: 'compute' | 'arm';
  /** Its name in headers and refusals. The classes are those of the limits page; their spelling is ours. */
  readonly policy: string;
  /** The key of the bucket: the policy and whose it is. */
  readonly bucket: string;
  readonly limit: Limit;
}

export interface Limit {
  readonly perMinute: number;
  readonly size: number;
}

/** Per resource and per subscription, as on compute-throttling-limits (azure.md §17). */
const classes = {
  VMScaleSetCreate: { resource: limit(4, 12), subscription: limit(125, 375) },
  VMScaleSetUpdate: { resource: limit(4, 12), subscription: limit(500, 1500) },
  VMScaleSetDelete: { resource: limit(4, 12), subscription: limit(175, 525) },
  VMScaleSetGet: { resource: limit(12, 36), subscription: limit(800, 2400) },
  VMScaleSetList: { resource: limit(10, 30), subscription: limit(360, 1080) },
  VMScaleSetVMUpdate: { resource: limit(4, 12), subscription: limit(500, 1500) },
  VMScaleSetVMDelete: { resource: limit(4, 12), subscription: limit(500, 1500) },
  VMScaleSetVMGet: { resource: limit(12, 36), subscription: limit(8000, 24_000) },
  VMCreate: { resource: limit(4, 12), subscription: limit(500, 1500) },
  VMUpdate: { resource: limit(4, 12), subscription: limit(500, 1500) },
  VMDelete: { resource: limit(4, 12), subscription: limit(500, 1500) },
  VMGet: { resource: limit(12, 36), subscription: limit(8000, 24_000) },
  /** Of the subscription alone. */
  VMList: { resource: limit(300, 900), subscription: limit(300, 900) },
  OperationGet: { resource: limit(15, 45), subscription: limit(5000, 15_000) },
} as const;

type Class = keyof typeof classes;

/** Resource Manager's own, a subscription and principal (request-limits-and-throttling; azure.md §17). */
const arm = {
  reads: limit(25 * 60, 250),
  writes: limit(10 * 60, 200),
  deletes: limit(10 * 60, 200),
} as const;

function limit(perMinute: number, size: number): Limit {
  return { perMinute, size };
}

/** The buckets of a call: Resource Manager's, and compute's for the resource and for the subscription. */
export function chargesOf(world: World, call: Call): readonly Charge[] {
  const path = call.url.pathname.toLowerCase();
  const subscription = /^\/subscriptions\/([^/]+)/.exec(path)?.[1];
  if (subscription === undefined) return [];
  return [armCharge(call.method, subscription), ...computeCharges(world, call.method, path, subscription)];
}

function armCharge(method: string, subscription: string): Charge {
  const kind = method === 'GET' || method === 'HEAD' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
  const policy = `subscription-${kind}`;
  return { provider: 'arm', policy, bucket: `${policy} ${subscription}`, limit: arm[kind] };
}

interface Found {
  readonly name: Class;
  /** Whose bucket; undefined where only the subscription's counts. */
  readonly resource: string | undefined;
}

function computeCharges(world: World, method: string, path: string, subscription: string): readonly Charge[] {
  // Rights and locks of a resource are another provider's: they cost compute nothing.
  if (foreign.test(path)) return [];
  const found = classify(world, method, path);
  if (!found) return [];
  const { name, resource } = found;
  const { resource: own, subscription: shared } = classes[name];
  const charge = (policy: string, owner: string, limit: Limit): Charge => ({
    provider: 'compute',
    policy,
    bucket: `${policy} ${owner}`,
    limit,
  });
  return [
    ...(resource === undefined ? [] : [charge(`${name}Resource`, resource, own)]),
    charge(`${name}Subscription`, subscription, shared),
  ];
}

const scaleSet = /^(.*\/microsoft\.compute\/virtualmachinescalesets)(?:\/([^/]+)(?:\/(.+))?)?$/;
const machine = /^(.*\/microsoft\.compute\/virtualmachines)(?:\/([^/]+)(?:\/(.+))?)?$/;
const operation = /\/microsoft\.compute\/locations\/[^/]+\/(caps|disk)?operations\/[^/]+$/;
/** Interfaces of instances are Microsoft.Network's, though their path is compute's. */
const foreign = /\/providers\/microsoft\.authorization\/|\/virtualmachinescalesets\/.*\/networkinterfaces(\/|$)/;

function classify(world: World, method: string, path: string): Found | undefined {
  if (operation.test(path)) return { name: 'OperationGet', resource: path };
  const set = scaleSet.exec(path);
  if (set) return classifySet(world, method, path, set);
  const vm = machine.exec(path);
  return vm ? classifyMachine(world, method, vm) : undefined;
}

/** Virtual machines, of Flexible sets as well. */
function classifyMachine(world: World, method: string, [, all, name, below]: RegExpExecArray): Found {
  if (name === undefined) return { name: 'VMList', resource: undefined };
  const resource = `${all}/${name}`;
  if (method === 'GET') return { name: 'VMGet', resource };
  const isThere = world.resources.virtualMachines.has(resource) || world.compute.instances.has(resource);
  if (below === undefined && method === 'PUT' && !isThere) return { name: 'VMCreate', resource };
  const deletes = below === undefined ? method === 'DELETE' : below === 'deallocate';
  return { name: deletes ? 'VMDelete' : 'VMUpdate', resource };
}

function classifySet(world: World, method: string, path: string, [, all, name, below]: RegExpExecArray): Found {
  if (name === undefined) return { name: 'VMScaleSetList', resource: path };
  const id = `${all}/${name}`;
  if (below === undefined) return classifyWhole(world, method, id);
  const instance = /^virtualmachines\/([^/]+)(\/.*)?$/.exec(below);
  if (instance) return classifyInstance(method, `${id}/virtualmachines/${instance[1]}`, instance[2]);
  if (method === 'GET') return { name: 'VMScaleSetList', resource: id };
  return classifyAction(world, below, id);
}

function classifyWhole(world: World, method: string, id: string): Found {
  if (method === 'GET') return { name: 'VMScaleSetGet', resource: id };
  if (method === 'DELETE') return { name: 'VMScaleSetDelete', resource: id };
  const creates = method === 'PUT' && !world.compute.scaleSets.has(id);
  return { name: creates ? 'VMScaleSetCreate' : 'VMScaleSetUpdate', resource: id };
}

function classifyInstance(method: string, id: string, below: string | undefined): Found {
  if (method === 'GET') return { name: 'VMScaleSetVMGet', resource: id };
  if (method === 'DELETE' && below === undefined) return { name: 'VMScaleSetVMDelete', resource: id };
  return { name: 'VMScaleSetVMUpdate', resource: id };
}

/** The page marks some actions as limited by subscription only; manualupgrade it does not name: a switch. */
function classifyAction(world: World, action: string, id: string): Found {
  const bySet = world.settings.manualUpgradeBucket === 'setUpdate';
  switch (action) {
    case 'manualupgrade':
      return { name: 'VMScaleSetUpdate', resource: bySet ? id : undefined };
    case 'setorchestrationservicestate':
      return { name: 'VMScaleSetUpdate', resource: id };
    case 'delete':
    case 'deallocate':
      return { name: 'VMScaleSetDelete', resource: id };
    case 'poweroff':
      return { name: 'VMScaleSetDelete', resource: undefined };
    default:
      return { name: 'VMScaleSetUpdate', resource: undefined };
  }
}
