import { preconditionFailed } from '../core/arm-errors.ts';
import type { Request } from '../core/http.ts';

/** If-Match and If-None-Match against the etag that is there, undefined for what is not (azure.md §7). */
export function requirePreconditions(request: Request, etag: number | undefined): void {
  const { 'if-match': wanted, 'if-none-match': unwanted } = request.headers;
  if (wanted !== undefined && !matches(wanted, etag)) throw preconditionFailed();
  if (unwanted !== undefined && matches(unwanted, etag)) throw preconditionFailed();
}

function matches(condition: string, etag: number | undefined): boolean {
  if (etag === undefined) return false;
  const tags = condition.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.some((tag) => tag === '*' || tag === `"${etag}"` || tag === String(etag));
}
