import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const longestMs = 30_000;
/** Enough text that a cut answer is noticed. */
const text = 'All the goods of the shop, one after the other. '.repeat(60);

/** `/health`: 200 only when the node may get traffic. The body is what the Application Health extension reads. */
export function health(problem, isDraining) {
  if (problem) return { status: 500, body: { ApplicationHealthState: 'Unhealthy', reason: problem } };
  if (isDraining) return { status: 503, body: { ApplicationHealthState: 'Unhealthy', reason: 'The node is draining' } };
  return { status: 200, body: { ApplicationHealthState: 'Healthy' } };
}

/** A page with its own checksum and the id of the request, so that a client can prove that it got all of its own answer. */
export function page(release, config, requestId) {
  const content = { version: release.version, node: hostname(), greeting: config.greeting, requestId, text };
  return { status: 200, body: { ...content, sha256: checksum(content) } };
}

export const checksum = (content) => createHash('sha256').update(JSON.stringify(content)).digest('hex');

/** `/slow` takes two seconds, `?ms=` says otherwise; everything else is answered at once. */
export function thinkingTimeMs(url) {
  const fallback = url.pathname === '/slow' ? 2_000 : 0;
  const asked = Number(url.searchParams.get('ms') ?? fallback);
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), longestMs) : fallback;
}

export const think = (ms) => (ms > 0 ? sleep(ms) : undefined);
