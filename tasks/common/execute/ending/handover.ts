import type { ScaleSetRef } from '../../azure/scale-set.ts';
import type { Drain } from '../../drain/drain.ts';
import { goalOf, type RolloutRecord } from '../../record/record.ts';
import { isOn, type Node } from '../../rollout/node.ts';
import { lookupMs } from '../../rollout/state.ts';

/** What a run leaves to the post-job step of its task: which record is its own, and what it may have left out of service. */
export interface Left {
  readonly set: ScaleSetRef;
  readonly rolloutId: string;
  /** Of the owner in the record: what another task wrote since is not ours to end. */
  readonly token: string;
  /** Nodes that were taken out of service and are not known to be put back or replaced. */
  readonly drained: readonly string[];
  /** Nodes whose protection is lifted, or may be. */
  readonly lifted: readonly string[];
  /** Nodes that Azure was last asked to replace, and when: it may begin with them a little later. */
  readonly asked: readonly string[];
  readonly askedAt: number;
  /** The script that puts a node back into service. */
  readonly undrain?: string;
}

/** Takes down what is left, before it comes to be so; undefined when nothing is. */
export type Leave = (left: Left | undefined) => void;

/** Keeps what is left up to date while a run works. */
export interface Handover {
  /** The record is about to be written. */
  readonly begin: () => void;
  /** Azure is about to be asked to replace these nodes. */
  readonly ask: (nodeIds: readonly string[]) => void;
  /** The protection of these nodes is lifted, or is about to be. */
  readonly lift: (nodeIds: readonly string[]) => void;
  /** A drain whose doings are taken down. */
  readonly watched: (drain: Drain) => Drain;
  /** The record says how it ended, and these are the nodes then: nothing is left when each is known to be back or replaced. */
  readonly end: (nodes: readonly Node[]) => void;
  readonly drained: () => readonly string[];
}

export interface HandoverRequest {
  readonly set: ScaleSetRef;
  readonly record: RolloutRecord;
  readonly undrain: string | undefined;
  readonly now: () => number;
  /** Nodes whose protection an earlier run may have lifted. */
  readonly owed: readonly string[];
  /** What an earlier process of the same step had left. */
  readonly before?: Left;
}

export function handover(leave: Leave, { set, record, undrain, owed, now, before }: HandoverRequest): Handover {
  const drained = new Set(before?.drained);
  let [asked, askedAt, begun] = [before?.asked ?? [], before?.askedAt ?? 0, false];
  let lifted = before?.lifted ?? owed;
  const tell = (out: ReadonlySet<string>) => {
    if (!begun) return;
    const whose = { set, rolloutId: record.rolloutId, token: record.owner.token };
    leave({ ...whose, drained: [...out], lifted, asked, askedAt, ...(undrain !== undefined && { undrain }) });
  };
  return {
    begin() {
      begun = true;
      tell(drained);
    },
    ask(nodeIds) {
      [asked, askedAt] = [[...nodeIds, ...(now() - askedAt < lookupMs ? asked : [])], now()];
      tell(drained);
    },
    lift(nodeIds) {
      lifted = nodeIds;
      tell(drained);
    },
    watched: (drain) => ({
      ...drain,
      async start(nodeId) {
        tell(drained.add(nodeId));
        await drain.start(nodeId);
      },
      async cancel(nodeId, until) {
        tell(drained.add(nodeId)); // until it is known to be back
        await drain.cancel(nodeId, until);
        drained.delete(nodeId);
        tell(drained);
      },
    }),
    end(nodes) {
      const out = stillThere(nodes);
      if (begun && lifted.length === 0 && ![...drained].some((id) => out.has(id))) leave(undefined);
    },
    drained: () => [...drained],
  };

  /** Nodes that have not been replaced. */
  function stillThere(nodes: readonly Node[]): ReadonlySet<string> {
    const goal = goalOf(record);
    return new Set(nodes.filter((node) => !isOn(node, goal)).map(({ id }) => id));
  }
}
