import type { Request } from '../core/http.ts';

/** ARM ids are compared without regard to case; every map is keyed by this. */
export const keyOf = (id: string): string => id.toLowerCase();

/** `Korea Central` and `koreacentral` are one region. */
export const regionKey = (region: string): string => region.replaceAll(' ', '').toLowerCase();

/** The id of a compute resource in the group that the call names. */
export function computeId(request: Request, ...segments: readonly string[]): string {
  const { subscription, group } = request.params;
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/${segments.join('/')}`;
}

export const groupOfId = (id: string): string => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';

export const subscriptionOfId = (id: string): string => /\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';
