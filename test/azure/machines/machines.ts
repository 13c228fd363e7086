/**
 * The machines behind the simulated Azure. Two kinds keep this contract: virtual ones (states and durations on the
 * simulated clock) and real ones (processes in their own namespaces on this host). Every call returns at once and
 * calls back once, when the machine has got there.
 */
export interface Machines {
  /** Makes a machine from a disk and boots it; `done` when its operating system is up. */
  create(machine: MachineSpec, done: Done): void;
  /** Gives an existing machine a fresh disk made from `machine.disk` and boots it (manualupgrade, reimage). */
  reimage(machine: MachineSpec, done: Done): void;
  /** Boots a machine that is stopped, from the disk it has. */
  start(id: string, done: Done): void;
  /** Shuts a machine down (power off, deallocate); its disk stays. */
  stop(id: string, done: Done): void;
  /** Ends a machine and forgets its disk. */
  remove(id: string, done: Done): void;
  /** Runs a script as root inside; `done` gets the exit code and the last 4 KB of each stream. */
  runScript(id: string, script: MachineScript, done: (result: ScriptResult) => void): RunningScript;
  /** Keeps the disk of a stopped machine as the content of an image. */
  capture(id: string, done: (disk: DiskContent, problem?: MachineProblem) => void): void;
  /** What the health probe of the spec sees at this moment; undefined when the spec has no probe. */
  health(id: string): ProbeState | undefined;
  /** Tells a machine that it will be deleted, if its kind learns it other than by asking its metadata service. */
  noticeTermination?(id: string, approve: () => void): void;
  /** What a balancer's probe finds at this moment, whatever probe the spec has. */
  probe(id: string, probe: ProbeSpec, done: (found: ProbeFinding) => void): void;
  /** Where its SSH and its application listen, as far as this host can reach them. */
  address(id: string): string | undefined;
}

export interface MachineSpec {
  /** The lower-case ARM id of the virtual machine or scale set instance. */
  readonly id: string;
  readonly name: string;
  readonly disk: DiskContent;
  readonly admin?: { readonly user: string; readonly password?: string; readonly publicKey?: string };
  readonly probe?: ProbeSpec;
}

/** What an image holds. The base image of the marketplace is `base`; everything else has been captured. */
export interface DiskContent {
  /** Opaque to all but the machines: a layer's folder, or a word that tells virtual machines how to behave. */
  readonly content: string;
}

export interface ProbeSpec {
  readonly protocol: 'http' | 'https' | 'tcp';
  readonly port: number;
  readonly path: string;
  readonly intervalS: number;
  readonly numberOfProbes: number;
}

/** `since` in milliseconds since the epoch: when this state began. */
export interface ProbeState {
  readonly state: 'healthy' | 'unhealthy' | 'initializing' | 'unknown';
  readonly since: number;
}

/** `sick` answers, but not well; `silent` does not answer; `off` does not run. */
export type ProbeFinding = 'well' | 'sick' | 'silent' | 'off';

export interface MachineScript {
  readonly lines: string;
  /** Environment of the script: how run command hands named parameters over. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeoutS: number;
}

export interface ScriptResult {
  readonly exitCode: number;
  readonly output: string;
  readonly error: string;
  readonly timedOut: boolean;
}

export interface RunningScript {
  cancel(): void;
}

export type Done = (problem?: MachineProblem) => void;

/** Why a machine did not get there, in ARM's words. */
export interface MachineProblem {
  readonly code: string;
  readonly message: string;
}
