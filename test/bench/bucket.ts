/** A token bucket as Azure's compute has them: it begins full and refills steadily (compute-throttling-limits). */
export class Bucket {
  readonly #perMs: number;
  readonly #size: number;
  #tokens: number;
  #at = 0;

  constructor(perMinute: number, size: number) {
    this.#perMs = perMinute / 60_000;
    this.#size = size;
    this.#tokens = size;
  }

  /** Takes one token; false when there is none, which Azure answers with 429. */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#size, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
