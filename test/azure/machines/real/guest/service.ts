import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { signalGroup, startAs } from './accounts.ts';
import type { Command, Unit } from './unit.ts';
import {
  accountOf,
  environmentOf,
  expand,
  makeRuntimeDirectories,
  removeRuntimeDirectories,
} from './unit-surroundings.ts';

export type ServiceState = 'inactive' | 'activating' | 'active' | 'deactivating' | 'failed';

/** A unit that runs or has run. */
export class Service {
  state: ServiceState = 'inactive';
  #main: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  #starts: number[] = [];
  #wanted = false;

  constructor(
    readonly unit: Unit,
    private readonly log: (line: string) => void,
  ) {
    for (const note of unit.notes) this.#say(note);
  }

  get mainPid(): number | undefined {
    return this.#main?.pid;
  }

  /** Starts it; for a oneshot the promise lasts until its commands have ended. Returns false when it has failed. */
  async start(): Promise<boolean> {
    if (this.state === 'active' || this.#main) return true;
    clearTimeout(this.#restart);
    if (this.#startsTooOften()) return this.#fail('start request repeated too quickly');
    this.state = 'activating';
    this.#wanted = true;
    try {
      makeRuntimeDirectories(this.unit);
      for (const command of this.unit.startBefore) {
        if (!(await this.#runThrough(command))) return this.#fail(`${command.words[0]} of ExecStartPre= failed`);
      }
      if (!this.#wanted) return false;
      return this.unit.type === 'oneshot' ? await this.#startOneshot() : this.#startMain();
    } catch (error) {
      return this.#fail((error as Error).message);
    }
  }

  /** ExecStop=, the stop signal, and SIGKILL when TimeoutStopSec= is over. */
  async stop({ comesBack = false } = {}): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#restart);
    const main = this.#main;
    if (!main) {
      if (this.state !== 'failed') this.state = 'inactive';
      removeRuntimeDirectories(this.unit, comesBack);
      return;
    }
    this.state = 'deactivating';
    for (const command of this.unit.stop) await this.#runThrough(command);
    signalGroup(main, this.unit.stopSignal);
    const limit = Number.isFinite(this.unit.stopMs) ? setTimeout(() => this.#kill(main), this.unit.stopMs) : undefined;
    await this.#ended;
    clearTimeout(limit);
    this.state = 'inactive';
    removeRuntimeDirectories(this.unit, comesBack);
  }

  async reload(): Promise<boolean> {
    if (this.state !== 'active' || this.unit.reload.length === 0) return false;
    for (const command of this.unit.reload) if (!(await this.#runThrough(command))) return false;
    return true;
  }

  /** A failed unit may be started by hand again at once after `systemctl reset-failed`. */
  resetFailed(): void {
    this.#starts = [];
    if (this.state === 'failed') this.state = 'inactive';
  }

  #kill(main: ChildProcess): void {
    this.#say('did not stop in time: killed');
    signalGroup(main, 'SIGKILL');
  }

  async #startOneshot(): Promise<boolean> {
    for (const command of this.unit.start) {
      if (!(await this.#runThrough(command))) return this.#fail(`${command.words[0]} failed`);
    }
    this.state = this.unit.remainAfterExit ? 'active' : 'inactive';
    return true;
  }

  #startMain(): boolean {
    const [command, ...others] = this.unit.start;
    if (!command || others.length > 0) return this.#fail('only a oneshot may have several ExecStart=');
    const main = this.#spawn(command);
    this.#main = main;
    this.state = 'active';
    this.#say('started');
    this.#ended = ending(main).then((outcome) => this.#mainEnded(outcome, command));
    return true;
  }

  #mainEnded(outcome: Ending, command: Command): void {
    if (this.#main) signalGroup(this.#main, 'SIGKILL'); // What it left in its group.
    this.#main = undefined;
    if (this.state === 'deactivating') return;
    const clean = outcome.clean || command.ignoreFailure;
    this.state = clean ? 'inactive' : 'failed';
    this.#say(`ended with ${outcome.text}`);
    const { restart, restartMs } = this.unit;
    const comesBack = restart === 'always' || restart === (clean ? 'on-success' : 'on-failure');
    removeRuntimeDirectories(this.unit, comesBack);
    if (!comesBack) return;
    this.state = 'activating';
    this.#restart = setTimeout(() => void this.start(), restartMs);
  }

  async #runThrough(command: Command): Promise<boolean> {
    const outcome = await ending(this.#spawn(command));
    return outcome.clean || command.ignoreFailure;
  }

  #spawn(command: Command): ChildProcess {
    const account = accountOf(this.unit);
    const environment = environmentOf(this.unit, account, this.#main?.pid);
    const argv = command.words.flatMap((word) => expand(word, environment));
    const child = startAs(account, argv, {
      cwd: this.unit.workingDirectory,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) if (stream) this.#pass(stream);
    return child;
  }

  #pass(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => this.#say(line));
  }

  #startsTooOften(): boolean {
    const { burst, withinMs } = this.unit.startLimit;
    const now = performance.now();
    this.#starts = [...this.#starts.filter((at) => now - at < withinMs), now];
    return withinMs > 0 && this.#starts.length > burst;
  }

  #fail(reason: string): false {
    this.state = 'failed';
    this.#say(reason);
    return false;
  }

  #say(line: string): void {
    this.log(`${this.unit.name}: ${line}`);
  }
}

interface Ending {
  readonly clean: boolean;
  readonly text: string;
}

/** systemd calls these signals a clean end (systemd.service(5), SuccessExitStatus=). */
const cleanSignals = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE'];

function ending(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ clean: false, text: error.message }));
    child.on('exit', (code, signal) => {
      if (code !== null) return resolve({ clean: code === 0, text: `exit code ${code}` });
      resolve({ clean: cleanSignals.includes(signal ?? ''), text: `signal ${signal}` });
    });
  });
}
