import type { Request } from '../core/http.ts';

/** The id of a compute resource in the group that the call names. */
export function computeId(request: Request, ...segments: readonly string[]): string {
  const { subscription, group } = request.params;
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/${segments.join('/')}`;
}
