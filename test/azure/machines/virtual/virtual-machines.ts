import { later, type World } from '../../core/world.ts';
import type {
  DiskContent,
  Done,
  MachineProblem,
  MachineScript,
  MachineSpec,
  Machines,
  ProbeFinding,
  ProbeSpec,
  ProbeState,
  RunningScript,
  ScriptResult,
} from '../machines.ts';
import { type Conduct, conductOf } from './behaviour.ts';
import { probeOf, type Up } from './health.ts';
import { type Duration, defaults, provisioningTimeoutMs, type VirtualOptions } from './options.ts';

/** Machines that are only states and durations, planned on the world's schedule. */
export interface VirtualMachines extends Machines {
  /** A machine that has been up and well since a moment in the past: for worlds that begin with a fleet. */
  place(machine: MachineSpec, upSince: number): void;
}

/** To be given to `createWorld` as `machines`. */
export const virtualMachines =
  (options: VirtualOptions = {}): ((world: World) => VirtualMachines) =>
  (world) =>
    new Fleet(world, options);

export const isVirtual = (machines: Machines): machines is VirtualMachines => machines instanceof Fleet;

interface Kept {
  spec: MachineSpec;
  /** Undefined while it boots or is stopped. */
  up: Up | undefined;
  bootingSince: number;
  /** What is under way; a later call preempts it. */
  pending: { readonly done: Done } | undefined;
  readonly scripts: Set<RunningScript>;
}

class Fleet implements VirtualMachines {
  readonly #world: World;
  readonly #options: VirtualOptions;
  readonly #machines = new Map<string, Kept>();

  constructor(world: World, options: VirtualOptions) {
    this.#world = world;
    this.#options = options;
  }

  create(machine: MachineSpec, done: Done): void {
    this.#boot(this.#keep(machine), this.#duration('bootMs', machine), done);
  }

  reimage(machine: MachineSpec, done: Done): void {
    const kept = this.#keep(machine);
    this.#halt(kept);
    this.#boot(kept, this.#duration('reimageMs', machine), done);
  }

  start(id: string, done: Done): void {
    const kept = this.#find(id);
    this.#boot(kept, this.#duration('bootMs', kept.spec), done);
  }

  stop(id: string, done: Done): void {
    const kept = this.#find(id);
    this.#halt(kept);
    this.#plan(kept, this.#duration('stopMs', kept.spec), done, () => done());
  }

  remove(id: string, done: Done): void {
    const kept = this.#machines.get(id);
    if (!kept) {
      done();
      return;
    }
    this.#halt(kept);
    this.#plan(kept, this.#duration('removeMs', kept.spec), done, () => {
      this.#machines.delete(id);
      done();
    });
  }

  capture(id: string, done: (disk: DiskContent, problem?: MachineProblem) => void): void {
    const { spec } = this.#find(id);
    later(this.#world, this.#duration('captureMs', spec), () => done(spec.disk));
  }

  runScript(id: string, script: MachineScript, done: (result: ScriptResult) => void): RunningScript {
    const kept = this.#find(id);
    const outcome = this.#options.script?.(kept.spec, script, this.#now) ?? {};
    const afterMs = outcome === 'hangs' ? Number.POSITIVE_INFINITY : (outcome.afterMs ?? 1_000);
    const runsOut = afterMs > script.timeoutS * 1000;
    const { exitCode = 0, output = '', error = '' } = outcome === 'hangs' ? {} : outcome;
    const running: RunningScript = { cancel: () => kept.scripts.delete(running) };
    kept.scripts.add(running);
    later(this.#world, Math.min(afterMs, script.timeoutS * 1000), () => {
      if (kept.scripts.delete(running)) done({ exitCode: runsOut ? 124 : exitCode, output, error, timedOut: runsOut });
    });
    return running;
  }

  health(id: string): ProbeState | undefined {
    const kept = this.#machines.get(id);
    if (!kept?.spec.probe) return undefined;
    if (!kept.up) return { state: 'unknown', since: kept.bootingSince };
    return this.#seen(kept.spec, kept.up);
  }

  /** A machine that runs and approves, as a service inside it would. */
  noticeTermination(id: string, approve: () => void): void {
    const kept = this.#machines.get(id);
    const afterMs = kept?.up && this.#options.approvesAfterMs?.(kept.spec);
    if (afterMs !== undefined) later(this.#world, afterMs, approve);
  }

  probe(id: string, _probe: ProbeSpec, done: (found: ProbeFinding) => void): void {
    const kept = this.#machines.get(id);
    const state = kept?.up && this.#seen(kept.spec, kept.up).state;
    if (state === undefined) done('off');
    else if (state === 'healthy') done('well');
    else done(state === 'unhealthy' ? 'sick' : 'silent');
  }

  /** There is nothing to reach. */
  address(): undefined {
    return undefined;
  }

  place(machine: MachineSpec, upSince: number): void {
    this.#keep(machine).up = { upSince, healthyFrom: upSince };
  }

  #seen(spec: MachineSpec, up: Up): ProbeState {
    const now = this.#now;
    return this.#options.health?.(spec, now) ?? probeOf(this.#conduct(spec), up, now);
  }

  get #now(): number {
    return this.#world.clock.now();
  }

  #keep(spec: MachineSpec): Kept {
    const kept = this.#machines.get(spec.id);
    if (kept) {
      kept.spec = spec;
      return kept;
    }
    const added: Kept = { spec, up: undefined, bootingSince: this.#now, pending: undefined, scripts: new Set() };
    this.#machines.set(spec.id, added);
    return added;
  }

  #find(id: string): Kept {
    const kept = this.#machines.get(id);
    if (!kept) throw new Error(`There is no virtual machine ${id}`);
    return kept;
  }

  /** Its scripts end without a word, as a machine's do when its disk goes. */
  #halt(kept: Kept): void {
    kept.up = undefined;
    kept.bootingSince = this.#now;
    kept.scripts.clear();
  }

  #boot(kept: Kept, durationMs: number, done: Done): void {
    kept.bootingSince = this.#now;
    const { kind } = this.#conduct(kept.spec);
    const waitMs = kind === 'stuck' ? (this.#options.provisioningTimeoutMs ?? provisioningTimeoutMs) : durationMs;
    this.#plan(kept, waitMs, done, () => {
      if (kind !== 'stuck') kept.up = this.#upNow(kept.spec);
      done(kind === 'breaks' || kind === 'stuck' ? timedOut(kept.spec) : undefined);
    });
  }

  #upNow(spec: MachineSpec): Up {
    const upSince = this.#now;
    return { upSince, healthyFrom: upSince + this.#duration('healthyAfterMs', spec) };
  }

  #plan(kept: Kept, durationMs: number, done: Done, work: () => void): void {
    kept.pending?.done({
      code: 'OperationPreempted',
      message: 'Operation execution has been preempted by a more recent operation.',
    });
    const mine = { done };
    kept.pending = mine;
    later(this.#world, durationMs, () => {
      if (kept.pending !== mine) return;
      kept.pending = undefined;
      work();
    });
  }

  #duration(name: keyof typeof defaults, machine: MachineSpec): number {
    const duration: Duration = this.#options[name] ?? defaults[name];
    const ms = typeof duration === 'number' ? duration : duration(machine, this.#world.random);
    const conduct = this.#conduct(machine);
    return conduct.kind === 'slow' ? conduct.factor * ms : ms;
  }

  #conduct(machine: MachineSpec): Conduct {
    return conductOf(machine, this.#options.behaviour?.(machine));
  }
}

/** Azure's words for an operating system that does not report itself (code: azure.md §6). */
const timedOut = (machine: MachineSpec): MachineProblem => ({
  code: 'OSProvisioningTimedOut',
  message: `OS Provisioning for VM '${machine.name}' did not finish in the allotted time. The VM may still finish provisioning successfully. Please check provisioning status later.`,
});
