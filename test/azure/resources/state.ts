import type { Machine, MachineParts } from '../compute/state.ts';
import type { ErrorDetail } from '../core/arm-errors.ts';
import type { Json } from '../core/http.ts';
import type { Completion } from '../core/operations.ts';
import type { DiskContent } from '../machines/machines.ts';

/** What the resources room keeps. Every map is keyed by the lower-case ARM id. */
export interface ResourceState {
  readonly groups: Map<string, ResourceGroup>;
  readonly deployments: Map<string, Deployment>;
  readonly publicIPAddresses: Map<string, NetworkResource>;
  readonly virtualNetworks: Map<string, NetworkResource>;
  readonly networkInterfaces: Map<string, NetworkResource>;
  readonly networkSecurityGroups: Map<string, NetworkResource>;
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly applicationGateways: Map<string, NetworkResource>;
  /** Gateways that are not simply running. */
  readonly gatewayStates: Map<string, GatewayState>;
  /** Members that a gateway has let go, while their connections may end; keyed by pool and member. */
  readonly drainingMembers: Map<string, DrainingMember>;
  /** Writes of network resources that have not ended. */
  readonly networkWork: Map<string, NetworkWork>;
  /** Addresses of the interfaces of scale set instances, keyed by their configurations. */
  readonly instanceAddresses: Map<string, string>;
  readonly disks: Map<string, Disk>;
  readonly snapshots: Map<string, Disk>;
  /** Keyed by lower-case address. */
  readonly vhds: Map<string, Vhd>;
  readonly virtualMachines: Map<string, VirtualMachine>;
}

export interface ResourceGroup {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  tags: Tags;
  provisioningState: 'Succeeded' | 'Deleting';
}

export type Tags = Readonly<Record<string, string>>;

export interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly correlationId: string;
  readonly template: Json;
  readonly parameters: Json;
  readonly mode: string;
  /** All that it makes, in the order of making. */
  readonly resourceIds: readonly string[];
  readonly startedAt: number;
  provisioningState: 'Accepted' | 'Running' | 'Succeeded' | 'Failed';
  endedAt?: number;
  error?: ErrorDetail;
  outputs?: Json;
  readonly operations: DeploymentOperation[];
}

/** What became of one resource of a deployment. */
export interface DeploymentOperation {
  readonly operationId: string;
  readonly target: { readonly id: string; readonly resourceType: string; readonly resourceName: string };
  readonly provisioningState: 'Succeeded' | 'Failed';
  readonly timestamp: number;
  readonly error?: ErrorDetail;
}

/** An address, a network, an interface, a security group: kept as the caller wrote it, with ids filled in. */
export interface NetworkResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly tags: Tags;
  readonly resourceGuid: string;
  /** The text of the header; a new one with each write. */
  readonly etag: string;
  readonly sku: Json;
  readonly zones: readonly string[];
  readonly properties: Json;
  provisioningState: 'Updating' | 'Succeeded' | 'Deleting';
}

export type GatewayState = 'Stopped' | 'Starting' | 'Running' | 'Stopping';

/** A configuration of an interface that has left a gateway's pool. */
export interface DrainingMember {
  readonly poolKey: string;
  readonly memberId: string;
  readonly machineKey: string | undefined;
  readonly address: string;
  /** When the gateway cuts what is left. */
  readonly until: number;
}

/** A write as Microsoft.Network calls it, `PutLoadBalancerOperation`. */
export interface NetworkWork {
  readonly name: string;
  readonly completion: Completion;
}

/** A network resource whose parts are always there, in the order in which the caller wrote them. */
export interface LoadBalancer extends Omit<NetworkResource, 'properties'> {
  readonly properties: {
    readonly frontendIPConfigurations: readonly Child[];
    readonly backendAddressPools: readonly Child[];
    readonly probes: readonly Child<Probe>[];
    readonly loadBalancingRules: readonly Child<LoadBalancingRule>[];
    readonly [other: string]: unknown;
  };
}

/** A part of a network resource that has an id of its own. */
export interface Child<Properties = Json> {
  readonly id: string;
  readonly name: string;
  readonly properties: Properties;
}

/** Network REST, `ProbePropertiesFormat`. */
export interface Probe {
  readonly protocol: 'Http' | 'Https' | 'Tcp';
  readonly port: number;
  readonly requestPath?: string;
  readonly intervalInSeconds?: number;
  readonly numberOfProbes?: number;
  readonly [other: string]: unknown;
}

/** Network REST, `LoadBalancingRulePropertiesFormat`. */
export interface LoadBalancingRule {
  readonly protocol: 'Tcp' | 'Udp' | 'All';
  readonly frontendPort: number;
  readonly backendPort: number;
  readonly frontendIPConfiguration?: { readonly id: string };
  readonly backendAddressPool?: { readonly id: string };
  readonly probe?: { readonly id: string };
  readonly [other: string]: unknown;
}

export interface Disk {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Tags;
  readonly uniqueId: string;
  /** None on a disk of data. */
  readonly osType: OsType | undefined;
  readonly hyperVGeneration: HyperVGeneration;
  readonly sizeGB: number;
  readonly sku: string;
  readonly createdAt: number;
  /** When all of it is there: a copy into another region takes its time. */
  readonly completeAt: number;
  /** Of a snapshot that holds changes only: those of one disk belong together. */
  readonly incrementalFamily: string | undefined;
  /** What it was made from, as the resource shows it. */
  readonly creationData: Json;
  /** The machine that has it attached, as an ARM id. */
  readonly managedBy: string | undefined;
  readonly content: DiskContent;
}

/** A blob of disk content in a storage account; storage itself is not simulated, so tests put them there. */
export interface Vhd {
  readonly uri: string;
  readonly storageAccountId: string;
  readonly location: string;
  readonly sizeGB: number;
  readonly content: DiskContent;
}

export type OsType = 'Linux' | 'Windows';
export type HyperVGeneration = 'V1' | 'V2';

/** A virtual machine outside of scale sets, as Packer makes one to bake an image. */
export interface VirtualMachine extends Machine {
  readonly zones: readonly string[];
  readonly osType: OsType;
  readonly hyperVGeneration: HyperVGeneration;
  /** As the client wrote them, without secrets. */
  properties: Json;
  parts: MachineParts;
  /** A generalized machine can be captured and never starts again (azure.md §14). */
  generalized: boolean;
}

/** A subscription in which nothing has been made. */
export function emptyResourceState(): ResourceState {
  return {
    groups: new Map(),
    deployments: new Map(),
    publicIPAddresses: new Map(),
    virtualNetworks: new Map(),
    networkInterfaces: new Map(),
    networkSecurityGroups: new Map(),
    loadBalancers: new Map(),
    applicationGateways: new Map(),
    gatewayStates: new Map(),
    drainingMembers: new Map(),
    networkWork: new Map(),
    instanceAddresses: new Map(),
    disks: new Map(),
    snapshots: new Map(),
    vhds: new Map(),
    virtualMachines: new Map(),
  };
}
