import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { addGalleryVersion, addScaleSet } from '../azure/compute/builders.ts';
import type { MachineSpec } from '../azure/machines/machines.ts';
import { playFast } from '../support/fast-play.ts';
import { openRehearsal, type ProcessTools, type Rehearsal } from '../support/rehearsal.ts';
import { request } from '../UpgradeScaleSetNodes/upgrade-request.ts';
import { type Concurrency, minReadyMs, type Size, zones } from './cases.ts';
import { diskMs, healthyMs } from './draws.ts';

/** One rollout by the task itself against the simulated Azure, and what it cost. */
export interface AzureRun {
  /** From the task's first call until every node is known to be ready. */
  readonly makespanMs: number;
  /** All calls to Resource Manager, those before the first step and after the last included. */
  readonly calls: number;
  readonly throttled: number;
  readonly wallMs: number;
  /** The most that this process has ever held; it plays both sides, the task with its SDK and Azure. */
  readonly peakMb: number;
}

const longMs = 2 * 3_600_000;

/** The whole of Azure and the real SDK, with machines that take the times that the model fleet's nodes take. */
export async function playOnAzure(times: readonly number[], size: Size, concurrency: Concurrency): Promise<AzureRun> {
  const startedAt = performance.now();
  const settings = { manualUpgradeConcurrency: concurrency, listPageSize: size.page };
  const rehearsal = openRehearsal(settings, machinesOf(times));
  const played = await upgradeAll(rehearsal, size).finally(() => rehearsal.close());
  return { ...played, wallMs: performance.now() - startedAt, peakMb: process.resourceUsage().maxRSS / 1024 };
}

function machinesOf(times: readonly number[]) {
  const timeOf = ({ id }: MachineSpec) => times[Number(id.split('/').at(-1))] ?? 0;
  return {
    reimageMs: (machine: MachineSpec) => diskMs(timeOf(machine)),
    healthyAfterMs: (machine: MachineSpec) => healthyMs(timeOf(machine)) - diskMs(timeOf(machine)),
  };
}

async function upgradeAll({ world, clock, tools }: Rehearsal, { nodes, slots }: Size) {
  const [v1, v2] = [addGalleryVersion(world, { version: '1.0.0' }), addGalleryVersion(world, { version: '2.0.0' })];
  addScaleSet(world, { name: 'shop', image: v1.id, capacity: nodes, zones });
  let throttled = 0;
  world.observers.push((_call, { status }) => {
    if (status === 429) throttled += 1;
  });
  const [startedAt, own] = [Date.now(), tools()];
  const limits = { maxFailedNodes: 0, minReadyMs, nodeHealthTimeoutMs: longMs, progressDeadlineMs: longMs };
  const upgrade = request(v2.id, { maxUnavailable: { kind: 'count', count: slots }, limits });
  const { ending } = await playFast(clock, upgradeNodes(upgrade, own));
  if (ending.outcome !== 'completed') throw new Error(`the rollout ${ending.outcome}: ${ending.reason}`);
  return { makespanMs: readyAt(own) - startedAt, calls: own.calls(), throttled };
}

/** The moment of the look that saw them all ready: what is written afterwards is no node's time. */
const readyAt = ({ observer }: ProcessTools) =>
  observer.events.findLast(({ what }) => what === 'done')?.at ?? Number.NaN;
