import type { Route } from '../core/routes.ts';

export const routes: readonly Route[] = [];
