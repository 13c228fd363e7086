import type { MachineScript, MachineSpec, ProbeState } from '../machines.ts';
import type { Behaviour } from './behaviour.ts';

/** Milliseconds of simulated time, or how to draw them for a machine. */
export type Duration = number | ((machine: MachineSpec, random: () => number) => number);

/** What a script does: how long it takes and what it leaves; `hangs` until its timeout. */
export type ScriptOutcome =
  | 'hangs'
  | { readonly afterMs?: number; readonly exitCode?: number; readonly output?: string; readonly error?: string };

export interface VirtualOptions {
  readonly bootMs?: Duration;
  readonly reimageMs?: Duration;
  readonly stopMs?: Duration;
  readonly removeMs?: Duration;
  readonly captureMs?: Duration;
  /** From the operating system being up to the probe's first success. */
  readonly healthyAfterMs?: Duration;
  /** How long Azure waits for a machine that is stuck. */
  readonly provisioningTimeoutMs?: number;
  /** How this node behaves; undefined leaves it to the words of its disk's content. */
  readonly behaviour?: (machine: MachineSpec) => Behaviour | undefined;
  /** How long after its notice a machine approves its own deletion; undefined leaves it to the time-out. */
  readonly approvesAfterMs?: (machine: MachineSpec) => number | undefined;
  readonly script?: (machine: MachineSpec, script: MachineScript, now: number) => ScriptOutcome;
  /** The last word about a machine that runs, for tests that make one sick by hand. */
  readonly health?: (machine: MachineSpec, now: number) => ProbeState | undefined;
}

export const defaults = {
  bootMs: 60_000,
  reimageMs: 90_000,
  stopMs: 15_000,
  removeMs: 20_000,
  captureMs: 30_000,
  healthyAfterMs: 15_000,
} as const satisfies VirtualOptions;

/** Forty minutes, of machines without extensions: MicrosoftDocs/SupportArticles-docs#1787, which says that it may change. */
export const provisioningTimeoutMs = 40 * 60_000;
