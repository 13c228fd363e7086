import type { Route } from '../core/routes.ts';

export const loginRoutes: readonly Route[] = [];
export const devopsRoutes: readonly Route[] = [];
