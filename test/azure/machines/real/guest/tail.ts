/** Keeps the last bytes of a stream: run command shows 4 KB of each (azure.md §12). */
export class Tail {
  #kept = Buffer.alloc(0);
  readonly #limit: number;

  constructor(limit = 4096) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    const all = Buffer.concat([this.#kept, chunk]);
    this.#kept = all.subarray(Math.max(0, all.length - this.#limit));
  }

  /** A character that was cut at the front does not become a replacement sign. */
  get text(): string {
    let start = 0;
    while (this.#kept.length === this.#limit && start < 4 && ((this.#kept[start] ?? 0) & 0xc0) === 0x80) start += 1;
    return this.#kept.subarray(start).toString('utf8');
  }
}
