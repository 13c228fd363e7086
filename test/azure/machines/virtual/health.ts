import type { ProbeState } from '../machines.ts';
import type { Conduct } from './behaviour.ts';

/** A machine whose operating system has been up since `upSince`, and answers its probe from `healthyFrom` on. */
export interface Up {
  readonly upSince: number;
  readonly healthyFrom: number;
}

/** What a probe sees at `now`: the same for the same moment, so it needs no timers. */
export function probeOf(conduct: Conduct, up: Up, now: number): ProbeState {
  if (conduct.kind === 'breaks') return { state: 'unknown', since: up.upSince };
  if (conduct.kind === 'never-healthy') return { state: 'unhealthy', since: up.upSince };
  if (now < up.healthyFrom) return { state: 'initializing', since: up.upSince };
  if (conduct.kind === 'flapping') return flapping(conduct, up, now);
  if (conduct.kind === 'breaks-after') return breaking(conduct.afterMs, up, now);
  return { state: 'healthy', since: up.healthyFrom };
}

function flapping(
  { wellMs, sickMs }: Extract<Conduct, { kind: 'flapping' }>,
  { healthyFrom }: Up,
  now: number,
): ProbeState {
  const into = (now - healthyFrom) % (wellMs + sickMs);
  const began = now - into;
  return into < wellMs ? { state: 'healthy', since: began } : { state: 'unhealthy', since: began + wellMs };
}

function breaking(afterMs: number, { healthyFrom }: Up, now: number): ProbeState {
  const since = healthyFrom + afterMs;
  return now < since ? { state: 'healthy', since: healthyFrom } : { state: 'unhealthy', since };
}
