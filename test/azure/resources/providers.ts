import { ArmError } from '../core/arm-errors.ts';
import { type Answer, ok, type Request } from '../core/http.ts';
import { type Route, subscription } from '../core/routes.ts';
import type { World } from '../core/world.ts';

const page = 'https://learn.microsoft.com/rest/api/resources/providers';

/** What is simulated, by provider. The versions are those that Azure CLI, Packer and the SDK send. */
const providers: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Compute': [
    'availabilitySets',
    'disks',
    'galleries',
    'galleries/images',
    'galleries/images/versions',
    'images',
    'snapshots',
    'virtualMachines',
    'virtualMachineScaleSets',
    'virtualMachineScaleSets/virtualMachines',
  ],
  'Microsoft.Insights': ['autoscaleSettings'],
  'Microsoft.Network': [
    'applicationGateways',
    'loadBalancers',
    'networkInterfaces',
    'networkSecurityGroups',
    'publicIPAddresses',
    'virtualNetworks',
  ],
  'Microsoft.Resources': ['deployments', 'resourceGroups', 'subscriptions', 'tenants'],
};

export const routes: readonly Route[] = [
  ['GET', `${subscription}/providers`, listProviders, `${page}/list`],
  ['GET', `${subscription}/providers/:provider`, readProvider, `${page}/get`],
  ['POST', `${subscription}/providers/:provider/register`, readProvider, `${page}/register`],
];

function listProviders(_world: World, request: Request): Answer {
  return ok({ value: Object.keys(providers).map((namespace) => view(request, namespace)) });
}

function readProvider(_world: World, request: Request): Answer {
  const wanted = request.params['provider'] ?? '';
  const namespace = Object.keys(providers).find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (namespace === undefined)
    throw new ArmError(404, 'InvalidResourceNamespace', `The resource namespace '${wanted}' is invalid.`);
  return ok(view(request, namespace));
}

const view = (request: Request, namespace: string) => ({
  id: `/subscriptions/${request.params['subscription']}/providers/${namespace}`,
  namespace,
  registrationState: 'Registered',
  registrationPolicy: 'RegistrationRequired',
  resourceTypes: (providers[namespace] ?? []).map((resourceType) => ({
    resourceType,
    locations: ['Korea Central', 'Korea South', 'Japan East'],
    apiVersions: ['2024-07-01', '2022-03-01', '2020-06-01', '2018-04-01'],
    capabilities: 'CrossResourceGroupResourceMove, SupportsTags, SupportsLocation',
  })),
});
