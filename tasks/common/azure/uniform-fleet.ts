import type { Fleet, Look } from '../execute/fleet.ts';
import type { Judge } from '../health/judge.ts';
import type { Lifts } from '../pause/lifts.ts';
import type { Node } from '../rollout/node.ts';
import type { Azure } from './connect.ts';
import { toNode } from './nodes.ts';
import { readFailure } from './read-failure.ts';
import type { ScaleSetRef } from './scale-set.ts';
import { unreadable } from './unreadable.ts';
import { type Ended, upgradeCalls } from './upgrade-calls.ts';

/** What a rollout does to the set itself before nodes may be touched: handed in, so that this file only asks Azure. */
export interface Preparation {
  /** Writes or verifies the record. */
  readonly hold: () => Promise<void>;
  /** Makes the model name the image that nodes are about to get. */
  readonly aim: () => Promise<void>;
  /** Writes how many checkpoints are passed. */
  readonly pass: (passed: number) => Promise<void>;
  /** Has protection lifted before nodes are replaced, and given back after. */
  readonly lifts: Pick<Lifts, 'seen' | 'before' | 'headway'>;
  /** Takes down which nodes Azure is about to be asked for. */
  readonly asking: (nodeIds: readonly string[]) => void;
}

/** What a rollout knows of nodes that Azure does not show; `renewed` are those whose reimage has ended well. */
export type Seeing = (nodes: readonly Node[], renewed?: ReadonlySet<string>) => readonly Node[];

/** A Uniform scale set as the loop sees it; how healthy its nodes are, the judge says. */
export function uniformFleet(
  azure: Azure,
  set: ScaleSetRef,
  { hold, aim, pass, lifts, asking }: Preparation,
  judge: Judge,
  seeing: Seeing,
): Fleet {
  const calls = upgradeCalls(azure, set);
  return {
    hold,
    aim,
    pass,
    close: () => judge.close(),
    unprotect: (nodeIds) => lifts.before(nodeIds),
    startReplacement(nodeIds, by) {
      asking(nodeIds);
      return calls.start(nodeIds, by);
    },
    async gone(nodeIds) {
      if (nodeIds.length === 0) return [];
      const there = (await listNodes(azure, set)).nodes.filter(({ provisioning }) => provisioning !== 'deleting');
      return nodeIds.filter((id) => !there.some((node) => node.id === id));
    },
    async look(): Promise<Look> {
      const { nodes, pages } = await seeNodes(azure, set, judge, (all) => seeing(all, calls.renewed));
      const seen = await lifts.seen(nodes);
      return { nodes: seen, pages, headway: lifts.headway, ...endedFor(nodes, await calls.ended()) };
    },
  };
}

/** A node whose own disk does not tell has failed only when it says so itself; of others that one is asked again. */
function endedFor(nodes: readonly Node[], { problems, unsure }: Ended): Pick<Look, 'problems' | 'unsure'> {
  const isOpen = ({ id, stale, provisioning }: Node) => unsure.has(id) && stale && provisioning !== 'failed';
  const asked = new Set(nodes.filter(isOpen).map(({ id }) => id));
  return { problems: new Map([...problems].filter(([id]) => !asked.has(id))), unsure: asked };
}

/** A set has 1000 instances at most (scale set limits page); a list that goes on and on is not Azure's. */
const mostPages = 200;

const endless = ({ name }: ScaleSetRef) =>
  unreadable(`Listing the instances of scale set ${name} failed: after ${mostPages} pages the list still goes on`);

/** The nodes with the health that the judge finds. */
export async function seeNodes(
  azure: Azure,
  set: ScaleSetRef,
  judge: Judge,
  seeing: Seeing = (nodes) => nodes,
): ReturnType<typeof listNodes> {
  const { nodes, pages } = await listNodes(azure, set);
  return { nodes: await judge.judge(seeing(nodes)), pages };
}

/** One list with instance views; nodes are never read one by one (compute-throttling-limits). */
export async function listNodes(azure: Azure, set: ScaleSetRef): Promise<{ nodes: readonly Node[]; pages: number }> {
  const nodes: Node[] = [];
  let pages = 0;
  try {
    const list = azure.compute.virtualMachineScaleSetVMs.list(set.resourceGroup, set.name, { expand: 'instanceView' });
    for await (const page of list.byPage()) {
      pages += 1;
      if (pages > mostPages) throw endless(set);
      nodes.push(...page.map(toNode));
    }
  } catch (error) {
    throw readFailure(error, `Listing the instances of scale set ${set.name}`);
  }
  return { nodes, pages };
}
