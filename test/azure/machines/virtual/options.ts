import type { MachineScript, MachineSpec, ProbeState } from '../machines.ts';

/** Milliseconds of simulated time, or how to draw them for a machine. */
export type Duration = number | ((machine: MachineSpec, random: () => number) => number);

/** How an image behaves. `breaks`: does not come up; `slow`: five times as long; `flapping`: 20 s well, 10 s sick. */
export type Behaviour = 'works' | 'breaks' | 'never-healthy' | 'slow' | 'flapping';

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
  /** Undefined leaves it to the disk's content: the first behaviour whose name is a word of it. */
  readonly behaviour?: (machine: MachineSpec) => Behaviour | undefined;
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

const behaviours: readonly Behaviour[] = ['breaks', 'never-healthy', 'slow', 'flapping'];

export function behaviourOf(options: VirtualOptions, machine: MachineSpec): Behaviour {
  const words = machine.disk.content.split(' ');
  return options.behaviour?.(machine) ?? behaviours.find((behaviour) => words.includes(behaviour)) ?? 'works';
}
