import type { Clock } from '../clock.ts';

/** Time that stands still until a test moves it, so that signals and time-outs come exactly when they should. */
export class HandClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(durationMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + durationMs, callback };
    this.#timers.push(timer);
    if (durationMs <= 0) queueMicrotask(() => this.advance(0));
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on, and calls back what has become due, the earliest first. */
  advance(durationMs: number): void {
    const until = this.#now + durationMs;
    for (let due = this.#next(until); due !== undefined; due = this.#next(until)) {
      this.#timers.splice(this.#timers.indexOf(due), 1);
      this.#now = due.at;
      due.callback();
    }
    this.#now = until;
  }

  #next(until: number): { readonly at: number; readonly callback: () => void } | undefined {
    return this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }
}
