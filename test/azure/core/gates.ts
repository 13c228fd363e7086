import { routes as alertRoutes } from '../alerts/routes.ts';
import { routes as authorizationRoutes } from '../authorization/routes.ts';
import { routes as autoscaleRoutes } from '../autoscale/routes.ts';
import { routes as computeRoutes } from '../compute/routes.ts';
import { metadataRoutes } from '../metadata/routes.ts';
import { deploymentRoutes } from '../resources/deployments/routes.ts';
import { routes as resourceRoutes } from '../resources/routes.ts';
import { tagRoutes } from '../resources/tags.ts';
import { devopsRoutes, loginRoutes } from '../sign-in/routes.ts';
import { armHeaders, checkArm, checkNothing } from './auth.ts';
import type { Gates } from './handle.ts';
import { routes as operationRoutes } from './operations.ts';
import type { Route } from './routes.ts';

/** Every route of every room, behind the gate of the service that answers it. */
export function gates(): Gates {
  const providers: readonly Route[] = [
    ...operationRoutes,
    ...resourceRoutes,
    ...computeRoutes,
    ...autoscaleRoutes,
    ...alertRoutes,
    ...authorizationRoutes,
  ];
  return {
    arm: {
      check: checkArm,
      finish: armHeaders,
      routes: [...providers, ...deploymentRoutes(providers), ...tagRoutes(providers)],
    },
    login: { check: checkNothing, routes: loginRoutes },
    metadata: { check: checkNothing, routes: metadataRoutes },
    devops: { check: checkNothing, routes: devopsRoutes },
  };
}
