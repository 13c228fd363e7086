import type { Answer, Call, Json } from './http.ts';
import { list, object } from './json.ts';

/** Members that resources of one kind did not have yet in an api-version, nor in those before it. */
interface Missing {
  readonly path: RegExp;
  readonly upTo: string;
  /** `properties.timeCreated`; of a list in the middle, every element. */
  readonly members: readonly string[];
}

/** From the documents of those versions: who asks with an old one is shown what it knows (azure-rest-api-specs). */
const missing: readonly Missing[] = [
  {
    path: /\/virtualMachineScaleSets(\/[^/]+(\/virtualMachines(\/[^/]+)?)?)?$/i,
    upTo: '2020-06-01',
    members: [
      'etag',
      'properties.timeCreated',
      'properties.orchestrationMode',
      'properties.virtualMachineProfile.timeCreated',
      'properties.virtualMachineProfile.networkProfile.networkApiVersion',
      'properties.instanceView.computerName',
    ],
  },
  {
    path: /\/virtualMachineScaleSets\/[^/]+\/virtualMachines(\/[^/]+)?$/i,
    upTo: '2018-04-01',
    members: ['properties.modelDefinitionApplied', 'properties.protectionPolicy'],
  },
  {
    path: /\/Microsoft\.Compute\/virtualMachines(\/[^/]+)?$/i,
    upTo: '2020-06-01',
    members: [
      'etag',
      'properties.timeCreated',
      'properties.storageProfile.osDisk.deleteOption',
      'properties.networkProfile.networkInterfaces.properties.deleteOption',
    ],
  },
  {
    path: /\/Microsoft\.Compute\/virtualMachines(\/[^/]+)?$/i,
    upTo: '2018-04-01',
    members: [
      'properties.virtualMachineScaleSet',
      'properties.storageProfile.imageReference.exactVersion',
      'properties.osProfile.allowExtensionOperations',
      'properties.instanceView.vmHealth',
      'properties.instanceView.hyperVGeneration',
    ],
  },
  {
    path: /\/Microsoft\.Compute\/virtualMachines\/[^/]+\/instanceView$/i,
    upTo: '2018-04-01',
    members: ['vmHealth', 'hyperVGeneration'],
  },
  { path: /\/Microsoft\.Compute\/images(\/[^/]+)?$/i, upTo: '2018-04-01', members: ['properties.hyperVGeneration'] },
  {
    path: /\/galleries\/[^/]+\/images(\/[^/]+)?$/i,
    upTo: '2019-03-01',
    members: ['properties.hyperVGeneration', 'properties.architecture'],
  },
  {
    path: /\/galleries\/[^/]+\/images\/[^/]+\/versions(\/[^/]+)?$/i,
    upTo: '2019-03-01',
    members: ['properties.storageProfile.source'],
  },
  {
    path: /\/Microsoft\.Compute\/(disks|snapshots)(\/[^/]+)?$/i,
    upTo: '2018-04-01',
    members: [
      'properties.hyperVGeneration',
      'properties.diskState',
      'properties.uniqueId',
      'properties.incremental',
      'properties.incrementalSnapshotFamilyId',
      'properties.completionPercent',
      'properties.creationData.sourceUniqueId',
      'properties.creationData.galleryImageReference',
    ],
  },
  {
    path: /\/loadBalancers(\/[^/]+)?$/i,
    upTo: '2018-11-01',
    members: [
      'sku.tier',
      'properties.outboundRules',
      'properties.backendAddressPools.properties.loadBalancerBackendAddresses',
    ],
  },
  {
    path: /\/backendAddressPools(\/[^/]+)?$/i,
    upTo: '2018-11-01',
    members: ['properties.loadBalancerBackendAddresses'],
  },
  { path: /\/publicIPAddresses(\/[^/]+)?$/i, upTo: '2018-01-01', members: ['sku.tier'] },
  { path: /^\/subscriptions\/[^/]+\/resourceGroups(\/[^/]+)?$/i, upTo: '2018-02-01', members: ['type'] },
  {
    path: /\/Microsoft\.Resources\/deployments(\/[^/]+(\/validate)?)?$/i,
    upTo: '2018-02-01',
    members: ['type', 'properties.duration', 'properties.templateHash', 'properties.outputResources'],
  },
  {
    path: /\/deployments\/[^/]+\/operations$/i,
    upTo: '2018-02-01',
    members: ['properties.provisioningOperation'],
  },
  { path: /\/Microsoft\.Resources\/deployments\/[^/]+\/validate$/i, upTo: '2018-02-01', members: ['id', 'name'] },
];

/** The answer as the caller's api-version has it: one resource, or a list of them. */
export function asVersionOf(call: Call, answer: Answer): Answer {
  const version = call.url.searchParams.get('api-version') ?? '';
  const members = missing
    .filter(({ path, upTo }) => version !== '' && version <= upTo && path.test(call.url.pathname))
    .flatMap((rule) => rule.members);
  if (members.length === 0 || answer.status >= 400 || answer.body === undefined) return answer;
  return { ...answer, body: trimmed(object(answer.body), members) };
}

function trimmed(body: Json, members: readonly string[]): Json {
  if (!('value' in body)) return members.reduce((kept, member) => drop(kept, member.split('.')), body);
  return { ...body, value: list(body['value']).map((item) => trimmed(object(item), members)) };
}

function drop(body: Json, [first = '', ...rest]: readonly string[]): Json {
  if (!(first in body)) return body;
  const { [first]: inner, ...others } = body;
  if (rest.length === 0) return others;
  const kept = Array.isArray(inner) ? inner.map((item) => drop(object(item), rest)) : drop(object(inner), rest);
  return { ...others, [first]: kept };
}
