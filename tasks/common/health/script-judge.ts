import { commandPrefix, freshName } from '../azure/command-name.ts';
import type { CommandStatus } from '../azure/command-status.ts';
import type { RunCommands } from '../azure/run-command.ts';
import { takeAwayAtOnce, takingAway } from '../azure/take-away.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { isOn, type Node } from '../rollout/node.ts';
import { inParallel } from './in-parallel.ts';
import type { Judge } from './judge.ts';
import { isUp, judged, presumed } from './source.ts';

/** What the script is run by, on which nodes, and how often. */
export interface Bench {
  readonly commands: Pick<RunCommands, 'put' | 'read' | 'named' | 'remove' | 'empty'>;
  readonly rolloutId: string;
  /** The image that nodes are brought to: only nodes on it are checked. */
  readonly target: string;
  readonly clock: Clock;
  /** How long a node must be healthy: once it has been, it is checked more seldom. */
  readonly minReadyMs: number;
  /** A run before this one was killed: what it left on any node is taken away at the first look. */
  readonly sweeps: boolean;
  /** Hears why a check could not be made; the next look tries again. */
  readonly remark: (text: string) => void;
}

/** Where a node's check stands. `unknown`: a run before this one may have left its command there. */
type Check =
  | { readonly kind: 'unknown' }
  /** `free`: the name of a command that was perhaps put there, its answer was lost; or that has been emptied. */
  | { readonly kind: 'none'; readonly nextAt: number; readonly free?: string }
  | { readonly kind: 'running'; readonly since: number; readonly name: string }
  /** Its result is known, and its command is being removed. */
  | { readonly kind: 'leaving'; readonly nextAt: number; readonly name: string };

interface Chart {
  check: Check;
  verdict: Node['health'];
  /** Since when every check has ended well. */
  wellSince: number | undefined;
  /** When a command of ours was last put on the node, or taken away; and since when Azure has been at work with it. */
  writtenAt: number;
  workingSince: number | undefined;
}

/**
 * How long Azure may be at work with a node because of our own command. Whether the node shows that is not proven (a switch of
 * the simulation); it serves all the same.
 */
const deliveryMs = 90_000;

const unread = (): Chart => ({
  check: { kind: 'unknown' },
  verdict: 'initializing',
  wellSince: undefined,
  writtenAt: 0,
  workingSince: undefined,
});

const timeoutS = 60;
/** Azure's own answer may be late by the time that the agent on the machine needs to report. */
const patienceMs = 120_000;

/** From one check of a node to its next: two writes each, of the four a minute that Azure lets an instance have. */
const restMs = { sick: 45_000, proving: 60_000, ready: 300_000 } as const;

/**
 * Checks that may begin over all nodes: of the 500 writes a minute and the 1,500 at once that a subscription has
 * (compute-throttling-limits), these leave more than half to drains and others.
 */
const budget = { burst: 300, perMinute: 100 } as const;

/** Calls under way at once. */
const atOnce = 10;

/**
 * Runs the author's script on every node that is on the target, by managed run command; exit code 0 is healthy. Its
 * command is removed when it has ended; what a killed run has left is removed before it could be taken for an answer.
 * Old nodes are not checked: one that runs is taken to serve.
 */
export function scriptJudge(script: string, bench: Bench): Judge {
  const { commands, rolloutId, target, clock, minReadyMs, remark } = bench;
  const prefix = commandPrefix('health', rolloutId);
  const takeAway = takingAway(commands, clock);
  const charts = new Map<string, Chart>();
  const said = new Set<string>();
  let swept = !bench.sweeps;
  let tokens: { readonly left: number; readonly at: number } = { left: budget.burst, at: clock.now() };

  return {
    async judge(seen) {
      const nodes = seen.map(withoutOurWork);
      const checked = nodes.filter((node) => isUp(node) && isOn(node, target));
      const ids = new Set(checked.map(({ id }) => id));
      if (!swept) await inParallel(nodes.filter(isUp), atOnce, ({ id }) => orRemark(() => sweep(id)));
      swept = true;
      for (const id of charts.keys()) if (!ids.has(id)) charts.delete(id);
      await inParallel(checked, atOnce, ({ id }) => orRemark(() => follow(id, chartOf(id))));
      const due = checked.filter(({ id }) => isDue(chartOf(id))).sort(sickFirst);
      await inParallel(due.slice(0, takeTokens(due.length)), atOnce, ({ id }) =>
        orRemark(() => begin(id, chartOf(id))),
      );
      return nodes.map((node) => (ids.has(node.id) ? judged(node, chartOf(node.id).verdict) : presumed(node)));
    },
    async close() {
      const left = [...charts].flatMap(([id, { check }]) => ('name' in check ? [{ id, name: check.name }] : []));
      await inParallel(left, atOnce, ({ id, name }) => orRemark(() => takeAwayAtOnce(commands, id, name)));
    },
  };

  function chartOf(id: string): Chart {
    const chart = charts.get(id) ?? unread();
    charts.set(id, chart);
    return chart;
  }

  function withoutOurWork(node: Node): Node {
    const chart = charts.get(node.id);
    if (!chart) return node;
    chart.workingSince = node.provisioning === 'working' ? (chart.workingSince ?? clock.now()) : undefined;
    if (chart.workingSince === undefined) return node;
    const isOurs = clock.now() - Math.min(chart.writtenAt, chart.workingSince) < deliveryMs;
    return isOurs ? { ...node, provisioning: 'succeeded' } : node;
  }

  /** Takes away what a run before this one has left. True when there was nothing. */
  async function sweep(id: string): Promise<boolean> {
    const left = await commands.named(id, prefix);
    for (const name of left) await takeAway(id, name);
    return left.length === 0;
  }

  function isDue({ check }: Chart): boolean {
    return check.kind === 'none' && clock.now() >= check.nextAt;
  }

  function sickFirst(one: Node, other: Node): number {
    return Number(chartOf(one.id).verdict === 'healthy') - Number(chartOf(other.id).verdict === 'healthy');
  }

  function takeTokens(wanted: number): number {
    const refilled = tokens.left + ((clock.now() - tokens.at) / 60_000) * budget.perMinute;
    const taken = Math.min(wanted, Math.floor(Math.min(budget.burst, refilled)));
    tokens = { left: Math.min(budget.burst, refilled) - taken, at: clock.now() };
    return taken;
  }

  async function begin(id: string, chart: Chart): Promise<void> {
    const name = (chart.check.kind === 'none' && chart.check.free) || freshName(prefix, clock);
    chart.check = { kind: 'none', nextAt: clock.now() + restMs.sick, free: name };
    chart.writtenAt = clock.now();
    await commands.put(id, { name, script, timeoutS });
    chart.check = { kind: 'running', since: clock.now(), name };
  }

  async function follow(id: string, chart: Chart): Promise<void> {
    const { check } = chart;
    if (check.kind === 'none') return;
    if (check.kind === 'unknown') return clear(id, chart);
    const status = await commands.read(id, check.name);
    if (status.kind === 'leaving' && check.kind === 'leaving') return;
    if (status.kind === 'none' || status.kind === 'leaving') {
      chart.check = { kind: 'none', nextAt: check.kind === 'leaving' ? check.nextAt : clock.now() };
      return;
    }
    if (check.kind === 'running') {
      const isLate = clock.now() - check.since > timeoutS * 1000 + patienceMs;
      if (status.kind === 'running' && !isLate) return;
      note(chart, status, check.name);
    }
    chart.writtenAt = clock.now();
    const leaving = chart.check;
    if ((await takeAway(id, check.name)) === 'emptied' && leaving.kind === 'leaving')
      chart.check = { kind: 'none', nextAt: leaving.nextAt, free: check.name };
  }

  async function clear(id: string, chart: Chart): Promise<void> {
    if (await sweep(id)) chart.check = { kind: 'none', nextAt: clock.now() };
    else chart.writtenAt = clock.now();
  }

  function note(chart: Chart, status: CommandStatus, name: string): void {
    const now = clock.now();
    const isWell = status.kind === 'ended' && status.state === 'Succeeded' && status.exitCode === 0;
    chart.verdict = isWell ? 'healthy' : 'unhealthy';
    chart.wellSince = isWell ? (chart.wellSince ?? now) : undefined;
    const proven = chart.wellSince !== undefined && now - chart.wellSince >= minReadyMs;
    chart.check = { kind: 'leaving', nextAt: now + restMs[!isWell ? 'sick' : proven ? 'ready' : 'proving'], name };
  }

  async function orRemark(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (said.has(error.message)) return;
      said.add(error.message);
      remark(`a health check could not be made, it is tried again: ${error.message}`);
    }
  }
}
