import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Time that runs faster: a clock, and what makes Node.js processes keep it. */
export interface HurriedTime {
  readonly clock: { now(): number };
  /** To be set for the processes. */
  readonly environment: { readonly NODE_OPTIONS: string };
  remove(): void;
}

/**
 * Makes minutes of waiting pass in seconds, for tasks that run as processes of their own: their Date and setTimeout are
 * replaced before they start (and what `performance` counts), nothing in them is. Waits of half a minute and more are time-outs of calls: they stay as they
 * are, and so do sockets and signals, so that a busy machine is not taken for a dead one.
 */
export function hurriedTime(factor: number): HurriedTime {
  const folder = mkdtempSync(join(tmpdir(), 'hurried-time-'));
  const [preload, start] = [join(folder, 'hurry.cjs'), Date.now()];
  writeFileSync(preload, preloaded(start, factor));
  return {
    clock: { now: () => Math.floor(start + (Date.now() - start) * factor) },
    environment: { NODE_OPTIONS: `--require "${preload}"` },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const preloaded = (start: number, factor: number) => `
const RealDate = Date, realNow = Date.now, realTimeout = setTimeout;
const now = () => Math.floor(${start} + (realNow() - ${start}) * ${factor});
Object.defineProperties(performance, { timeOrigin: { value: 0 }, now: { value: now } });
globalThis.Date = class Date extends RealDate {
  constructor(...given) { given.length > 0 ? super(...given) : super(now()); }
  static now() { return now(); }
};
globalThis.setTimeout = (act, ms = 0, ...given) => realTimeout(act, ms < 30_000 ? ms / ${factor} : ms, ...given);
`;
