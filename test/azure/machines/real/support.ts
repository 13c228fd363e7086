import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWorld } from '../../core/world.ts';
import type { DiskContent, MachineProblem, MachineSpec, ScriptResult } from '../machines.ts';
import { whyNoRealMachines } from './available.ts';
import { openRealMachines, type RealMachines, type RealMachinesHost } from './real-machines.ts';

export const base: DiskContent = { content: 'base' };

/** The calls of the contract as promises, for tests. */
export interface MachinesUnderTest {
  readonly machines: RealMachines;
  create(spec: Partial<MachineSpec> & { readonly id: string }): Promise<MachineProblem | undefined>;
  reimage(spec: Partial<MachineSpec> & { readonly id: string }): Promise<MachineProblem | undefined>;
  start(id: string): Promise<MachineProblem | undefined>;
  stop(id: string): Promise<MachineProblem | undefined>;
  remove(id: string): Promise<MachineProblem | undefined>;
  capture(id: string): Promise<{ readonly disk: DiskContent; readonly problem?: MachineProblem | undefined }>;
  script(
    id: string,
    lines: string,
    options?: { readonly timeoutS?: number; readonly parameters?: Record<string, string> },
  ): Promise<ScriptResult>;
  close(): Promise<void>;
}

/**
 * For a suite: opens the machines before it and closes them after it. Where there can be none, the suite is skipped
 * with the reason; with REQUIRE_REAL=1 it fails instead.
 */
export function withRealMachines(): MachinesUnderTest {
  let host: RealMachinesHost | undefined;
  let machines: RealMachines | undefined;
  before(async function () {
    await requireRealMachines(this);
    host = await openRealMachines();
    const opened = host.machines;
    machines = opened(createWorld({ clock: { now: () => Date.now() }, machines: opened }));
  });
  after(() => host?.close());
  return underTest(
    () => {
      if (!machines) throw new Error('the machines are opened in before()');
      return machines;
    },
    async () => host?.close(),
  );
}

export async function requireRealMachines(context: Mocha.Context): Promise<void> {
  const reason = await whyNoRealMachines();
  if (reason === undefined) return;
  if (process.env['REQUIRE_REAL'] === '1') throw new Error(`REQUIRE_REAL=1, but ${reason}`);
  console.log(`      skipped: ${reason}`);
  context.skip();
}

function underTest(machines: () => RealMachines, close: () => Promise<void>): MachinesUnderTest {
  const done = (call: (done: (problem?: MachineProblem) => void) => void) =>
    new Promise<MachineProblem | undefined>(call);
  const whole = (spec: Partial<MachineSpec> & { readonly id: string }) => ({
    name: spec.id.replace(/\W/g, ''),
    disk: base,
    ...spec,
  });
  return {
    get machines() {
      return machines();
    },
    create: (spec) => done((end) => machines().create(whole(spec), end)),
    reimage: (spec) => done((end) => machines().reimage(whole(spec), end)),
    start: (id) => done((end) => machines().start(id, end)),
    stop: (id) => done((end) => machines().stop(id, end)),
    remove: (id) => done((end) => machines().remove(id, end)),
    capture: (id) => new Promise((resolve) => machines().capture(id, (disk, problem) => resolve({ disk, problem }))),
    script: (id, lines, { timeoutS = 10, parameters = {} } = {}) =>
      new Promise((resolve) => machines().runScript(id, { lines, parameters, timeoutS }, resolve)),
    close,
  };
}

/** Waits until something holds, at most so long; the failure says what. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 5000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}

/** A port of 127.0.0.1 on which nobody listens at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
