import type { DiskContent, MachineScript, MachineSpec, ProbeState, RunningScript, ScriptResult } from '../machines.ts';
import type { Disk, Disks } from './disks.ts';
import type { Ground } from './ground.ts';
import { GuestProcess } from './guest-process.ts';
import { HealthWatch } from './health.ts';
import { MachineError } from './machine-error.ts';
import type { MetadataService } from './metadata-service.ts';
import type { FromGuest } from './protocol.ts';

export interface MachineSurroundings {
  readonly ground: Ground;
  readonly disks: Disks;
  readonly metadata: MetadataService;
  readonly now: () => number;
}

const bootMs = 60_000;
/** More than the longest TimeoutStopSec= that a sensible service has; then the power is cut. */
const shutdownMs = 100_000;
const consoleLines = 2000;

/** One machine: a disk, and when it is on, its processes. Its methods are called one after the other. */
export class Machine {
  readonly console: string[] = [];
  #spec: MachineSpec;
  #disk: Disk;
  #guest: GuestProcess | undefined;
  #health: HealthWatch | undefined;
  #offSince: number;
  #scripts = new Map<number, (result: ScriptResult) => void>();
  #scriptsBegun = 0;
  /** Called when the machine has said that it is up, or why not. */
  #onBoot: ((problem?: string) => void) | undefined;

  constructor(
    private readonly around: MachineSurroundings,
    readonly number: number,
    spec: MachineSpec,
  ) {
    this.#spec = spec;
    this.#disk = around.disks.make(spec.disk);
    this.#offSince = around.now();
  }

  get isOn(): boolean {
    return this.#guest !== undefined;
  }

  get health(): ProbeState | undefined {
    if (!this.#spec.probe) return undefined;
    return this.#health?.state ?? { state: 'unknown', since: this.#offSince };
  }

  async boot(): Promise<void> {
    if (this.#guest) return;
    const { name, admin } = this.#spec;
    const { ground, metadata } = this.around;
    const guest = await GuestProcess.start({
      ground,
      metadata,
      number: this.number,
      name,
      disk: this.#disk,
      onMessage: (message) => this.#receive(message),
    });
    this.#guest = guest;
    void guest.ended.then(() => this.#wentOff());
    const up = this.#untilUp(guest);
    guest.send({ kind: 'boot', name, address: ground.address(this.number), ...(admin && { admin }) });
    await up;
    if (this.#spec.probe)
      this.#health = new HealthWatch(this.#spec.probe, ground.address(this.number), this.around.now);
  }

  async powerOff(): Promise<void> {
    const guest = this.#guest;
    if (!guest) return;
    this.#health?.stop();
    guest.send({ kind: 'power-off' });
    const limit = setTimeout(() => guest.kill(), shutdownMs);
    await guest.ended;
    clearTimeout(limit);
  }

  /** Cuts the power and leaves nothing behind. */
  async destroy(): Promise<void> {
    this.#guest?.kill();
    await this.#guest?.ended;
    this.around.disks.discard(this.#disk);
  }

  /** A fresh disk with that content; what the machine had written is gone. */
  renew(spec: MachineSpec): void {
    const disk = this.around.disks.make(spec.disk);
    this.around.disks.discard(this.#disk);
    this.#disk = disk;
    this.#spec = spec;
  }

  capture(): DiskContent {
    if (this.#guest)
      throw new MachineError(
        'OperationNotAllowed',
        `The VM '${this.#spec.name}' is running. It must be deallocated before its disk can be captured.`,
      );
    const { content, disk } = this.around.disks.capture(this.#disk);
    this.#disk = disk;
    return content;
  }

  runScript(script: MachineScript, done: (result: ScriptResult) => void): RunningScript {
    const guest = this.#guest;
    this.#scriptsBegun += 1;
    const number = this.#scriptsBegun;
    if (!guest) {
      setImmediate(done, failed(`The VM '${this.#spec.name}' is not running.`));
      return { cancel() {} };
    }
    this.#scripts.set(number, done);
    guest.send({ kind: 'script', number, script });
    return { cancel: () => guest.send({ kind: 'cancel', number }) };
  }

  #untilUp(guest: GuestProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => this.#onBoot?.('it has not said so in time'), bootMs);
      this.#onBoot = (problem) => {
        clearTimeout(limit);
        this.#onBoot = undefined;
        if (problem === undefined) return resolve();
        guest.kill();
        void guest.ended.then(() =>
          reject(new MachineError('VMStartTimedOut', `VM '${this.#spec.name}' did not start: ${problem}`)),
        );
      };
    });
  }

  #receive(message: FromGuest): void {
    switch (message.kind) {
      case 'up':
        this.#onBoot?.();
        break;
      case 'problem':
        this.#onBoot?.(message.message);
        break;
      case 'console':
        this.console.push(message.line);
        if (this.console.length > consoleLines) this.console.shift();
        break;
      case 'script-ended':
        this.#scriptEnded(message.number, message.result);
    }
  }

  #scriptEnded(number: number, result: ScriptResult): void {
    const done = this.#scripts.get(number);
    this.#scripts.delete(number);
    done?.(result);
  }

  #wentOff(): void {
    this.#guest = undefined;
    this.#health?.stop();
    this.#health = undefined;
    this.#offSince = this.around.now();
    this.#onBoot?.(`it went off again. The end of its console:\n${this.console.slice(-20).join('\n')}`);
    for (const number of [...this.#scripts.keys()])
      this.#scriptEnded(number, failed(`The VM '${this.#spec.name}' went off while the script ran.`));
  }
}

/** A script that could not run to its end; 137 is what a shell says of a killed command. */
const failed = (error: string): ScriptResult => ({ exitCode: 137, output: '', error, timedOut: false });
