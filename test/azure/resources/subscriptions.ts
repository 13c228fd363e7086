import { type Answer, ok, type Request } from '../core/http.ts';
import { type Route, subscription } from '../core/routes.ts';
import type { World } from '../core/world.ts';
import type { Subscription } from '../sign-in/state.ts';

const page = 'https://learn.microsoft.com/rest/api/resources/subscriptions';

export const routes: readonly Route[] = [
  ['GET', '/tenants', listTenants, 'https://learn.microsoft.com/rest/api/resources/tenants/list'],
  ['GET', '/subscriptions', listSubscriptions, `${page}/list`],
  ['GET', subscription, readSubscription, `${page}/get`],
  ['GET', `${subscription}/locations`, listLocations, `${page}/list-locations`],
];

function listTenants(world: World): Answer {
  const value = [...world.signIn.tenants.values()].map((tenant) => ({
    id: `/tenants/${tenant.id}`,
    tenantId: tenant.id,
    tenantCategory: 'Home',
    displayName: tenant.name,
  }));
  return ok({ value });
}

function listSubscriptions(world: World): Answer {
  const value = [...world.signIn.subscriptions.values()].map(view);
  return ok({ value, nextLink: '' }); // the document demands it, on the last page too
}

/** The gate has made sure that it exists. */
function readSubscription(world: World, request: Request): Answer {
  const found = world.signIn.subscriptions.get((request.params['subscription'] ?? '').toLowerCase());
  return found ? ok(view(found)) : { status: 404 };
}

const view = ({ id, name, tenantId }: Subscription) => ({
  id: `/subscriptions/${id}`,
  subscriptionId: id,
  displayName: name,
  state: 'Enabled',
  tenantId,
  authorizationSource: 'RoleBased',
  managedByTenants: [],
  subscriptionPolicies: {
    locationPlacementId: 'Public_2014-09-01',
    quotaId: 'PayAsYouGo_2014-09-01',
    spendingLimit: 'Off',
  },
});

/** The regions of this world: a few of Azure's, enough for a gallery to replicate between. */
const regions = [
  ['koreacentral', 'Korea Central'],
  ['koreasouth', 'Korea South'],
  ['japaneast', 'Japan East'],
  ['southeastasia', 'Southeast Asia'],
  ['westeurope', 'West Europe'],
  ['northeurope', 'North Europe'],
  ['eastus', 'East US'],
  ['westus2', 'West US 2'],
] as const;

function listLocations(_world: World, request: Request): Answer {
  const value = regions.map(([name, displayName]) => ({
    id: `/subscriptions/${request.params['subscription']}/locations/${name}`,
    name,
    displayName,
    regionalDisplayName: displayName,
    type: 'Region',
    metadata: { regionType: 'Physical', regionCategory: 'Recommended' },
  }));
  return ok({ value });
}
