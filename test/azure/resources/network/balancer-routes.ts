import type { Route } from '../../core/routes.ts';
import { listInterfaces } from './balancer-interfaces.ts';
import type { Kind } from './kinds.ts';
import { ruleHealth } from './rule-health.ts';
import { find } from './store.ts';

/** What a balancer can be asked beside its parts. */
export const balancerRoutes = (kind: Kind, one: string, page: string): readonly Route[] => [
  [
    'GET',
    `${one}/networkInterfaces`,
    (world, request) => listInterfaces(world, find(world, request, kind)),
    `${page}/load-balancer-network-interfaces/list`,
  ],
  [
    'POST',
    `${one}/loadBalancingRules/:part/health`,
    (world, request) => ruleHealth(world, request, kind),
    `${page}/load-balancer-load-balancing-rules/health`,
  ],
];
