import type { ProbeState } from '../machines.ts';
import type { Behaviour } from './options.ts';

/** A machine whose operating system has been up since `upSince`, and answers its probe from `healthyFrom` on. */
export interface Up {
  readonly upSince: number;
  readonly healthyFrom: number;
}

const wellMs = 20_000;
const sickMs = 10_000;

/** What a probe sees at `now`: the same for the same moment, so it needs no timers. */
export function probeOf(behaviour: Behaviour, up: Up, now: number): ProbeState {
  if (behaviour === 'breaks') return { state: 'unknown', since: up.upSince };
  if (behaviour === 'never-healthy') return { state: 'unhealthy', since: up.upSince };
  if (now < up.healthyFrom) return { state: 'initializing', since: up.upSince };
  return behaviour === 'flapping' ? flapping(up, now) : { state: 'healthy', since: up.healthyFrom };
}

function flapping({ healthyFrom }: Up, now: number): ProbeState {
  const into = (now - healthyFrom) % (wellMs + sickMs);
  const began = now - into;
  return into < wellMs ? { state: 'healthy', since: began } : { state: 'unhealthy', since: began + wellMs };
}
