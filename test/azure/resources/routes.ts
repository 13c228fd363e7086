import type { Route } from '../core/routes.ts';
import { routes as diskRoutes } from './disks/routes.ts';
import { routes as groupRoutes } from './groups.ts';
import { routes as inventoryRoutes } from './inventory.ts';
import { routes as networkRoutes } from './network/routes.ts';
import { routes as operationRoutes } from './operations.ts';
import { routes as providerRoutes } from './providers.ts';
import { routes as subscriptionRoutes } from './subscriptions.ts';
import { routes as machineRoutes } from './virtual-machines/routes.ts';

/** All of this room but deployments, which need to know the routes of every room. */
export const routes: readonly Route[] = [
  ...subscriptionRoutes,
  ...providerRoutes,
  ...groupRoutes,
  ...inventoryRoutes,
  ...networkRoutes,
  ...diskRoutes,
  ...machineRoutes,
  ...operationRoutes,
];
