/** Work that becomes due as simulated time passes: oldest first, ties in the order in which they were planned. */
export class Schedule {
  #entries: { readonly due: number; readonly order: number; readonly work: () => void }[] = [];
  #order = 0;
  #moment: number | undefined;

  add(due: number, work: () => void): void {
    this.#entries.push({ due, order: this.#order++, work });
    this.#entries.sort((a, b) => a.due - b.due || a.order - b.order);
  }

  /** Runs all that is due at `now`, including what that work plans for a time already past. */
  run(now: number): void {
    for (let next = this.#entries[0]; next && next.due <= now; next = this.#entries[0]) {
      this.#entries.shift();
      this.#moment = next.due;
      try {
        next.work();
      } finally {
        this.#moment = undefined;
      }
    }
  }

  /** While work runs: the moment it was planned for, however late the call came that made it run. */
  get moment(): number | undefined {
    return this.#moment;
  }

  /** When the next work is due, or undefined when nothing is planned. */
  get nextDue(): number | undefined {
    return this.#entries[0]?.due;
  }
}
