import type { Route } from '../core/routes.ts';

/** All that Microsoft.Compute answers here, each with its REST page. */
export const routes: readonly Route[] = [];
