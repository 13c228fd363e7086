import type { Json } from '../core/http.ts';
import type { DiskContent, MachineProblem, RunningScript } from '../machines/machines.ts';
import type { AllocationFailure } from './allocation/failures.ts';
import type { RepairWork } from './repairs/state.ts';
import type { EventDocument } from './scheduled-events/state.ts';

/** What the compute room keeps: every map is keyed by the lower-case ARM id. */
export interface ComputeState {
  readonly galleries: Map<string, Gallery>;
  readonly definitions: Map<string, ImageDefinition>;
  readonly versions: Map<string, GalleryVersion>;
  readonly images: Map<string, ManagedImage>;
  /** Versions that others share with everybody or with us, by their long names; tests put them there. */
  readonly publicVersions: Map<string, PublicVersion>;
  /** What the marketplace has, by `publisher:offer:sku`; whatever is not named here is the base image. */
  readonly marketplace: Map<string, readonly MarketplaceVersion[]>;
  /** Regions in which replication fails, with what Azure says of it. */
  readonly failingRegions: Map<string, string>;
  readonly scaleSets: Map<string, ScaleSet>;
  readonly instances: Map<string, Instance>;
  readonly runCommands: Map<string, ManagedRunCommand>;
  /** Ids of deleted run commands that the disk of their machine remembers. */
  readonly spentCommands: Set<string>;
  /** What the machines of a set are told of what comes, keyed by the set. */
  readonly scheduledEvents: Map<string, EventDocument>;
  /** Limits of cores, by region and family. */
  readonly quotas: Map<string, number>;
  /** Places that will not be found, and how many machines each has still to hit. */
  readonly allocationFailures: { readonly failure: AllocationFailure; left: number }[];
  /** Instances that have found no place yet, with the reason. */
  readonly placeless: Map<string, MachineProblem>;
  /** Zones that have no room for another machine: `koreacentral-1`. */
  readonly fullZones: Set<string>;
  /** Token buckets, keyed by policy and resource. */
  readonly buckets: Map<string, Bucket>;
}

export function emptyComputeState(): ComputeState {
  return {
    galleries: new Map(),
    definitions: new Map(),
    versions: new Map(),
    images: new Map(),
    publicVersions: new Map(),
    marketplace: new Map(),
    failingRegions: new Map(),
    scaleSets: new Map(),
    instances: new Map(),
    runCommands: new Map(),
    spentCommands: new Set(),
    scheduledEvents: new Map(),
    quotas: new Map(),
    allocationFailures: [],
    placeless: new Map(),
    fullZones: new Set(),
    buckets: new Map(),
  };
}

export interface Bucket {
  readonly tokens: number;
  /** When `tokens` was true. */
  readonly at: number;
}

export type Tags = Readonly<Record<string, string>>;

/** What every tracked resource has. `id` and `name` keep the spelling of their creation. */
export interface Resource {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  tags: Tags;
  /** What the client wrote under `properties`, without what Azure adds. */
  properties: Json;
}

export interface Gallery extends Resource {
  /** Succeeded where it does not say. */
  state?: 'Creating' | 'Updating' | 'Deleting' | undefined;
}

export interface ImageDefinition extends Resource {
  state?: Gallery['state'];
}

/** What an image is, as far as machines and galleries ask. */
export interface ImageNature {
  readonly osType: 'Linux' | 'Windows';
  readonly hyperVGeneration: 'V1' | 'V2';
  readonly osState: 'Generalized' | 'Specialized';
}

/** A version of a gallery that is not in this subscription: `/CommunityGalleries/g/Images/i/Versions/1.0.0`. */
export interface PublicVersion {
  readonly id: string;
  readonly name: string;
  readonly regions: readonly string[];
  readonly nature: ImageNature;
  readonly disk: DiskContent;
}

export interface MarketplaceVersion {
  readonly version: string;
  readonly disk: DiskContent;
}

export interface GalleryVersion extends Resource {
  provisioningState: 'Creating' | 'Updating' | 'Failed' | 'Succeeded' | 'Deleting';
  readonly publishedAt: number;
  /** The immutable source: the id of a managed image, version, machine, disk or snapshot, or the address of a blob. */
  readonly sourceId: string;
  /** Undefined until a virtual machine's disk has been captured. */
  disk: DiskContent | undefined;
  /** One entry a target region, keyed by the region's short name. */
  readonly replicas: Map<string, Replica>;
}

export interface Replica {
  /** As the client spelled it: "Korea Central". */
  readonly region: string;
  readonly startedAt: number;
  readonly endsAt: number;
  /** Why the region does not get it, once `endsAt` has come. */
  readonly problem?: string | undefined;
}

export interface ManagedImage extends Resource {
  provisioningState: 'Creating' | 'Succeeded' | 'Failed';
  readonly osType: 'Linux' | 'Windows';
  readonly hyperVGeneration: 'V1' | 'V2';
  /** The id of a machine, disk or snapshot, or the address of a blob. */
  readonly sourceId: string;
  readonly sizeGB?: number;
  /** Undefined until the source's disk has been read. */
  disk: DiskContent | undefined;
}

/** A scale set's model at one moment: what an instance refers to until it is upgraded. */
export interface Model {
  readonly number: number;
  /** Its content as text: two models with one content are told apart by their number alone. */
  readonly content: string;
  readonly skuName: string;
  readonly profile: Json;
}

export interface ScaleSet extends Resource {
  readonly group: string;
  readonly createdAt: number;
  readonly uniqueId: string;
  zones: readonly string[];
  /** `sku.capacity` is the desired number of instances. */
  sku: { readonly name: string; readonly tier: string; readonly capacity: number };
  /** Members beside `properties` that the simulation only keeps: identity, plan, extendedLocation. */
  others: Json;
  etag: number;
  provisioningState: 'Creating' | 'Updating' | 'Succeeded' | 'Failed' | 'Deleting';
  model: Model;
  nextInstanceId: number;
  repairs: 'NotRunning' | 'Running' | 'Suspended';
  readonly repairWork: RepairWork;
  /** Work on the set that has not ended: what a second writer conflicts with. */
  readonly open: Set<OpenWork>;
  lastRollingUpgrade: RollingUpgrade | undefined;
}

export interface OpenWork {
  /** `machineWork`: on a member of a Flexible set, by the path of its virtual machine. */
  readonly kind: 'setWrite' | 'instanceWork' | 'instanceWrite' | 'machineWork';
  readonly startedAt: number;
  readonly instanceIds: readonly string[];
}

export interface RollingUpgrade {
  readonly startedAt: number;
  code: 'RollingForward' | 'Completed' | 'Faulted';
  pending: number;
  inProgress: number;
  successful: number;
  failed: number;
}

/** A machine as Resource Manager shows it: an instance of a set, or a virtual machine of its own. */
export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly createdAt: number;
  readonly vmId: string;
  tags: Tags;
  etag: number;
  provisioningState: 'Creating' | 'Updating' | 'Succeeded' | 'Failed' | 'Deleting';
  power: 'starting' | 'running' | 'stopping' | 'stopped' | 'deallocating' | 'deallocated';
  /** When its provisioning and power states began. */
  stateSince: number;
  problem: { readonly code: string; readonly message: string } | undefined;
  /** The run command of the action kind that runs at this moment: one at a time. */
  action: RunningScript | undefined;
}

/** Resources of their own that a virtual machine is made of. */
export interface MachineParts {
  readonly networkInterfaces: readonly MachinePart[];
  /** What is on it only the machines know: `world.machines.capture(key)`. */
  readonly osDisk: MachinePart & { readonly name: string };
}

export interface MachinePart {
  readonly id: string;
  /** What becomes of it when the machine goes. */
  readonly deleteOption: 'Delete' | 'Detach';
}

export interface Instance extends Machine {
  readonly instanceId: string;
  /** Counts up in its set: the order of making. */
  readonly ordinal: number;
  /** Key of its scale set. */
  readonly setKey: string;
  readonly zone: string | undefined;
  readonly faultDomain: number;
  /** The model that was applied last. */
  model: Model;
  /** The image its OS disk was made from. */
  image: ResolvedImage;
  /** How many OS disks it had before this one, of those that have a name of their own. */
  disksBefore: number;
  protection: { readonly protectFromScaleIn: boolean; readonly protectFromScaleSetActions: boolean };
  /** Its own network profile when a client has written one; undefined while it follows the model. */
  ownNetwork: Json | undefined;
  /** Its model counts as its own since a client has written its protection: see `protectionMakesOwnModel`. */
  ownModel?: boolean;
  /** Under Flexible the resources that it is made of; undefined under Uniform, where none are its own. */
  parts: MachineParts | undefined;
}

/** An image reference as the instance shows it, and what is on the disk. */
export interface ResolvedImage {
  readonly reference: Json;
  readonly disk: DiskContent;
  /** Not known of the marketplace's images. */
  readonly nature?: ImageNature | undefined;
}

export interface ManagedRunCommand {
  readonly id: string;
  readonly name: string;
  readonly machineKey: string;
  readonly location: string;
  tags: Tags;
  properties: Json;
  provisioningState: 'Creating' | 'Updating' | 'Succeeded' | 'Failed' | 'Deleting';
  view: RunCommandView;
  /** Counts executions, so that a late end of an earlier one changes nothing. */
  execution: number;
  running: RunningScript | undefined;
}

export interface RunCommandView {
  readonly executionState: 'Unknown' | 'Pending' | 'Running' | 'Failed' | 'Succeeded' | 'TimedOut' | 'Canceled';
  readonly exitCode: number | undefined;
  readonly output: string;
  readonly error: string;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}
