import { gates } from '../../core/gates.ts';
import { handle } from '../../core/handle.ts';
import type { Answer, Call } from '../../core/http.ts';
import type { World } from '../../core/world.ts';
import type { Done, MachineScript, MachineSpec, Machines, ProbeFinding, ProbeSpec, ScriptResult } from '../machines.ts';
import { buildBaseLayers } from './base-layer.ts';
import { Disks } from './disks.ts';
import { openGround } from './ground.ts';
import { Machine, type MachineSurroundings } from './machine.ts';
import { MachineError, problemOf } from './machine-error.ts';
import { openMetadataService } from './metadata-service.ts';
import { probeOnce } from './probe.ts';

/** Machines as processes in namespaces of this host (README.md in this folder). */
export interface RealMachines extends Machines {
  /** What the machine and its services have printed: Azure's serial console. */
  console(id: string): readonly string[];
}

export interface RealMachinesHost {
  /** For `createWorld({ machines })`. */
  readonly machines: (world: World) => RealMachines;
  /** Cuts the power of all machines and removes everything that was made on this host. */
  close(): Promise<void>;
}

/** The addresses of one owner: .1 is the host's end. */
const firstMachine = 2;
const lastMachine = 254;

/** Prepares this host for machines. It needs root on Linux: ask `whyNoRealMachines` first. */
export async function openRealMachines(): Promise<RealMachinesHost> {
  const ground = await openGround();
  const disks = new Disks(ground.files, await buildBaseLayers(ground.files));
  const fleets: Fleet[] = [];
  const metadata = await openMetadataService(ground, (address, call) => answerInside(fleets, address, call));
  return {
    machines(world) {
      const fleet = new Fleet(world, { ground, disks, metadata, now: () => world.clock.now() });
      fleets.push(fleet);
      return fleet;
    },
    async close() {
      await Promise.all(fleets.map((fleet) => fleet.close()));
      await metadata.close();
      await ground.close();
    },
  };
}

/** What a machine is answered by the metadata service of its world. */
function answerInside(fleets: readonly Fleet[], address: string, call: Call): Answer {
  for (const fleet of fleets) {
    const from = fleet.idAt(address);
    if (from !== undefined) return handle(fleet.world, gates(), { ...call, from });
  }
  return { status: 404 };
}

interface Entry {
  readonly machine: Machine;
  /** The end of what has been asked of this machine so far: a machine does one thing after the other. */
  turn: Promise<void>;
}

class Fleet implements RealMachines {
  readonly #entries = new Map<string, Entry>();

  constructor(
    readonly world: World,
    private readonly around: MachineSurroundings,
  ) {}

  idAt(address: string): string | undefined {
    return [...this.#entries].find(([id]) => this.address(id) === address)?.[0];
  }

  create(spec: MachineSpec, done: Done): void {
    this.#report(done, async () => {
      if (this.#entries.has(spec.id)) throw new MachineError('Conflict', `The VM '${spec.name}' exists already.`);
      const entry = { machine: new Machine(this.around, this.#freeNumber(), spec), turn: Promise.resolve() };
      this.#entries.set(spec.id, entry);
      await inTurn(entry, () => entry.machine.boot());
    });
  }

  reimage(spec: MachineSpec, done: Done): void {
    this.#inTurn(spec.id, done, async (machine) => {
      await machine.powerOff();
      machine.renew(spec);
      await machine.boot();
    });
  }

  start(id: string, done: Done): void {
    this.#inTurn(id, done, (machine) => machine.boot());
  }

  stop(id: string, done: Done): void {
    this.#inTurn(id, done, (machine) => machine.powerOff());
  }

  /** Removing what is not there is done, as ARM's DELETE answers 204. */
  remove(id: string, done: Done): void {
    this.#report(done, async () => {
      const entry = this.#entries.get(id);
      if (!entry) return;
      await inTurn(entry, async () => {
        await entry.machine.powerOff();
        await entry.machine.destroy();
        this.#entries.delete(id);
      });
    });
  }

  runScript(id: string, script: MachineScript, done: (result: ScriptResult) => void) {
    return this.#entry(id).machine.runScript(script, done);
  }

  capture(id: string, done: Parameters<Machines['capture']>[1]): void {
    const none = { content: '' };
    let content = none;
    this.#inTurn(
      id,
      (problem) => done(content, problem),
      async (machine) => {
        content = machine.capture();
      },
    );
  }

  health(id: string) {
    return this.#entries.get(id)?.machine.health;
  }

  /** Silence and a bad answer look the same from here. */
  probe(id: string, probe: ProbeSpec, done: (found: ProbeFinding) => void): void {
    const host = this.address(id);
    const asked = host === undefined || probeOnce({ ...probe, host, timeoutMs: probe.intervalS * 1000 });
    void Promise.resolve(asked).then((up) => done(host === undefined ? 'off' : up ? 'well' : 'silent'));
  }

  /** The same address for SSH and the application; undefined while the machine is off. */
  address(id: string): string | undefined {
    const machine = this.#entries.get(id)?.machine;
    return machine?.isOn ? this.around.ground.address(machine.number) : undefined;
  }

  console(id: string): readonly string[] {
    return this.#entry(id).machine.console;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ machine }) => machine.destroy()));
    this.#entries.clear();
  }

  #inTurn(id: string, done: Done, work: (machine: Machine) => Promise<void>): void {
    this.#report(done, () => {
      const entry = this.#entry(id);
      return inTurn(entry, () => work(entry.machine));
    });
  }

  #report(done: Done, work: () => Promise<void>): void {
    Promise.resolve()
      .then(work)
      .then(
        () => done(),
        (error: unknown) => done(problemOf(error)),
      );
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new MachineError('NotFound', `There is no machine ${id}.`);
    return entry;
  }

  #freeNumber(): number {
    const taken = new Set([...this.#entries.values()].map(({ machine }) => machine.number));
    for (let number = firstMachine; number <= lastMachine; number += 1) if (!taken.has(number)) return number;
    throw new MachineError(
      'AllocationFailed',
      `This host has no address left: it runs ${lastMachine - firstMachine + 1} machines.`,
    );
  }
}

function inTurn(entry: Entry, work: () => Promise<void>): Promise<void> {
  const result = entry.turn.then(work);
  entry.turn = result.catch(() => {}); // The caller hears of it through `result`.
  return result;
}
