/** What the simulated Azure can be told to do either way. Each unproven fact is a switch here and a row in README.md. */
export interface Settings {
  /** Seconds in `Retry-After` of operations; Azure's compute answers 10 or more, a demo wants 1. */
  readonly retryAfterS: number;
  /** May a second manualupgrade start while the first is open? Not proven (azure.md §2). */
  readonly manualUpgradeConcurrency: 'overlap' | 'startConflict' | 'exclusive';
  /** With `startConflict`: how long after one start another one conflicts. */
  readonly startConflictMs: number;
  /** A PUT or PATCH of the set while instances are being upgraded, deleted or reimaged. Not proven. */
  readonly writeDuringInstanceWork: 'conflict' | 'accepted';
  /** Does a change of tags alone make a new model (azure.md §2)? Not proven. */
  readonly tagWriteMakesModel: boolean;
  /** Does a write of an instance's protection make its model its own (azure.md §9)? Not proven. */
  readonly protectionMakesOwnModel: boolean;
  /** Does a write of the image alone change what the model says of the disk (its size)? Not proven. */
  readonly imageWriteSetsDisk: boolean;
  /** Do two models with the same content count once against the limit of ten (azure.md §2)? Not proven. */
  readonly modelsCountedByContent: boolean;
  /** When an instance's own image reference shows the new image: as the upgrade starts or as it ends. Not proven. */
  readonly imageShown: 'atStart' | 'atEnd';
  /** When deleting instances lowers `sku.capacity`: the new goal may lag behind the call (azure.md §4). */
  readonly capacityFollowsDelete: 'atStart' | 'atEnd';
  /** Does a set's etag change again when its provisioning state does? Not proven. */
  readonly etagFollowsState: boolean;
  /** Instances on one page of the list. Not documented. */
  readonly listPageSize: number;
  /** Has the fresh OS disk of a Uniform instance another name and id than the one before? Not proven. */
  readonly reimageRenamesDisk: boolean;
  /** Are managed run commands of an instance executed again on its fresh disk? Not proven. */
  readonly runCommandsReplayOnReimage: boolean;
  /** What a PUT of a managed run command does that changes nothing. Not proven. */
  readonly runCommandSamePut: 'runs' | 'ignored';
  /**
   * Does a managed run command run whose name another one had on the same disk, which has been deleted? On Linux it may not:
   * azure-compute-docs#178, and the extension's own memory of what it has run (`checkAndSaveSeqNum`, run-command-handler-linux).
   */
  readonly runCommandNameAgain: 'neverRuns' | 'runs';
  /**
   * Can a managed run command of a Uniform instance be deleted? Seen to fail with InternalOperationError, again and again
   * (azure-rest-api-specs#35784, azure-sdk-for-python#41868).
   */
  readonly runCommandDelete: 'works' | 'fails';
  /** Does an instance show `Updating` while a managed run command is being provisioned? Not proven. */
  readonly runCommandShowsUpdating: boolean;
  /** Must an instance have been sick for the whole grace period, or only have had one since its last change? Not proven. */
  readonly repairGrace: 'afterStateChange' | 'whileUnhealthy';
  /** What the first request for scheduled events in a day shows: nothing, or what there is. Not proven which. */
  readonly scheduledEventsBegin: 'afterFirstCall' | 'atOnce';
  /**
   * Can manualupgrade bring a Flexible set onto another image? Pages of 2026 say so; it needed a feature flag before, and
   * the comparison page still says no (azure.md §2).
   */
  readonly flexImageUpgrade: 'supported' | 'featureFlag' | 'unsupported';
  /** Start, stop and deallocate by a Flexible set: two pages disagree (azure.md §2). */
  readonly flexBatchPower: 'accepted' | 'refused';
  /** The instance view of a Flexible set: the pages say that there is none (azure.md §8). */
  readonly flexInstanceView: 'refused' | 'answered';
  /** Do instance views of a Flexible set's machines show the fault domain? Two pages disagree (azure.md §8). */
  readonly flexFaultDomainShown: boolean;
  /** Does deleting a virtual machine lower the capacity of its Flexible set? Seen not to (azure.md §4). */
  readonly vmDeleteLowersCapacity: boolean;
  /** What the time of an instance's health is: that of its last change, or of the last report. Not proven. */
  readonly healthTime: 'ofChange' | 'ofReport';
  /** Enforce the token buckets of azure.md §17. */
  readonly rateLimits: boolean;
  /** Which bucket manualupgrade is taken from; the tables name it nowhere (azure.md §17). */
  readonly manualUpgradeBucket: 'setUpdate' | 'subscription';
  /** Milliseconds a region takes to receive a gallery version, give or take a half. */
  readonly replicationMs: number;
  /** A PUT of a version that is there already, with the same source. Not proven. */
  readonly galleryVersionPutTwice: 'succeeds' | 'refused';
  /** May a set change between an image of the marketplace and one of its owner's? Threads say no, in 2020 and 2022. */
  readonly imageTypeChange: 'refused' | 'accepted';
  /** May a set of a marketplace image get another SKU of it? A thread of 2020 says no; newer pages do not tell. */
  readonly imageSkuChange: 'refused' | 'accepted';
  /** May a version of replication mode Shallow name other regions or more replicas? Not proven. */
  readonly shallowRegions: 'own' | 'any';
  /** Most galleries, definitions and versions of a subscription in a region, and replicas of a version (azure.md §13). */
  readonly galleryLimit: number;
  readonly galleryDefinitionLimit: number;
  readonly galleryVersionLimit: number;
  readonly galleryReplicaLimit: number;
  /** A write of a network resource while one is open: the newer one cancels it, or is told to come back. Both are seen. */
  readonly networkBusy: 'superseded' | 'refused';
  /** Milliseconds that a write of an application gateway takes; minutes in Azure. */
  readonly gatewayWriteMs: number;
  /** How backend health says it: the words of the document, or those that portal and CLI show. */
  readonly gatewayHealthWords: 'seen' | 'documented';
  /** How an alert names the rule that fired it: its document says id or name, by the service that watches. */
  readonly alertRuleShown: 'id' | 'name';
  /** Milliseconds that a write of a scale set takes beside the instances that it makes or ends. */
  readonly setWriteMs: number;
  /** Milliseconds that a change of one instance takes which needs no new disk. */
  readonly instanceWriteMs: number;
}

/** Where a fact is not proven, the tests run both settings, so a default is only a beginning. */
export const defaultSettings: Settings = {
  retryAfterS: 10,
  manualUpgradeConcurrency: 'overlap',
  startConflictMs: 2_000,
  writeDuringInstanceWork: 'conflict',
  tagWriteMakesModel: false,
  protectionMakesOwnModel: false,
  imageWriteSetsDisk: false,
  modelsCountedByContent: false,
  imageShown: 'atStart',
  capacityFollowsDelete: 'atStart',
  etagFollowsState: true,
  listPageSize: 100,
  reimageRenamesDisk: true,
  runCommandsReplayOnReimage: true,
  runCommandSamePut: 'runs',
  runCommandNameAgain: 'neverRuns',
  runCommandDelete: 'works',
  runCommandShowsUpdating: false,
  repairGrace: 'afterStateChange',
  scheduledEventsBegin: 'afterFirstCall',
  flexImageUpgrade: 'supported',
  flexBatchPower: 'accepted',
  flexInstanceView: 'refused',
  flexFaultDomainShown: false,
  vmDeleteLowersCapacity: false,
  healthTime: 'ofChange',
  rateLimits: true,
  manualUpgradeBucket: 'setUpdate',
  replicationMs: 60_000,
  galleryVersionPutTwice: 'succeeds',
  imageTypeChange: 'refused',
  imageSkuChange: 'refused',
  shallowRegions: 'own',
  galleryLimit: 100,
  galleryDefinitionLimit: 1_000,
  galleryVersionLimit: 10_000,
  galleryReplicaLimit: 100,
  networkBusy: 'superseded',
  gatewayWriteMs: 60_000,
  gatewayHealthWords: 'seen',
  alertRuleShown: 'id',
  setWriteMs: 3_000,
  instanceWriteMs: 2_000,
};
