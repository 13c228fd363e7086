import type { ProbeSpec, ProbeState } from '../machines.ts';
import { probeRepeatedly, Streak } from './probe.ts';

/** Watches a machine's application the way the health extension does (azure.md §8). */
export class HealthWatch {
  #state: ProbeState;
  readonly #stop: () => void;

  constructor(spec: ProbeSpec, host: string, now: () => number) {
    const streak = new Streak(spec.numberOfProbes);
    const begun = now();
    // The extension's default grace period: until then an application that does not answer is still starting.
    const graceMs = spec.intervalS * spec.numberOfProbes * 1000;
    this.#state = { state: 'initializing', since: begun };
    const target = { ...spec, host, timeoutMs: spec.intervalS * 1000 };
    this.#stop = probeRepeatedly(target, spec.intervalS * 1000, (up) => {
      const verdict = streak.add(up);
      const inGrace = this.#state.state === 'initializing' && now() - begun < graceMs;
      if (verdict === undefined || (!verdict && inGrace)) return;
      this.#become(verdict ? 'healthy' : 'unhealthy', now());
    });
  }

  get state(): ProbeState {
    return this.#state;
  }

  stop(): void {
    this.#stop();
  }

  #become(state: ProbeState['state'], since: number): void {
    if (this.#state.state !== state) this.#state = { state, since };
  }
}
