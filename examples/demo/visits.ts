import type { Part, TrafficFinding } from './report.ts';
import type { Traffic } from './traffic/traffic.ts';

/** What visitors saw, part by part. */
export class Visits {
  readonly #ended: TrafficFinding[] = [];
  #part: Part = 'before';
  #last: Promise<readonly TrafficFinding[]> | undefined;

  constructor(private readonly traffic: Traffic) {}

  /** From here on what is seen belongs to this part. */
  next(part: Part): void {
    this.#ended.push({ part: this.#part, tally: this.traffic.nextPart() });
    this.#part = part;
  }

  /** The parts that have ended. */
  get ended(): readonly TrafficFinding[] {
    return this.#ended;
  }

  end(): Promise<readonly TrafficFinding[]> {
    this.#last ??= this.traffic.stop().then((tally) => [...this.#ended, { part: this.#part, tally }]);
    return this.#last;
  }
}
