import type { Node } from '../rollout/node.ts';
import { BusySpells } from './busy-spells.ts';

/** What is known of one protection that is lifted, or may be. */
export interface Lift {
  /** When it was asked for; long ago where an earlier process did. */
  readonly askedAt: number;
  /** Azure has taken the write that gives it back. */
  readonly returning?: true;
  /** When Azure has last refused that write. */
  readonly refusedAt?: number;
}

export const longAgo = Number.NEGATIVE_INFINITY;

/** Whose protection is lifted. It is written down before it is asked for: an answer that never came must not lose a node. */
export class LiftBook {
  readonly #lifts: Map<string, Lift>;
  #latest: ReadonlyMap<string, Node> = new Map();
  readonly busy = new BusySpells();
  readonly #changed: (nodeIds: readonly string[]) => void;
  /** What has been seen done, a node's each way once: what somebody else undoes is no headway again. */
  readonly #seen = new Set<string>();
  #headway = false;

  constructor(owed: readonly string[], changed: (nodeIds: readonly string[]) => void, askedAt = longAgo) {
    this.#lifts = new Map(owed.map((id) => [id, { askedAt }]));
    this.#changed = changed;
  }

  get open(): readonly string[] {
    return [...this.#lifts.keys()].sort((one, other) => Number(one) - Number(other));
  }

  /** The last look showed a protection lifted or given back that was not before. */
  get headway(): boolean {
    return this.#headway;
  }

  /** The node at the last look. */
  node = (id: string): Node | undefined => this.#latest.get(id);

  lift = (id: string): Lift | undefined => this.#lifts.get(id);

  note(id: string, lift: Lift | undefined): void {
    if (lift) this.#lifts.set(id, lift);
    else this.#lifts.delete(id);
    this.#changed(this.open);
  }

  /** Nodes without their protection that Azure is not at work with. */
  lacking = (): readonly Node[] =>
    this.open.flatMap((id) => this.node(id) ?? []).filter((node) => !node.protected && isIdle(node));

  /** Enters a look; tells whose protection is back. A node that is gone has none to get back. */
  look(nodes: readonly Node[], mayBeBack: (node: Node, lift: Lift) => boolean): readonly Node[] {
    this.#latest = new Map(nodes.map((node) => [node.id, node]));
    const back: Node[] = [];
    const many = this.#seen.size;
    for (const [id, lift] of [...this.#lifts]) {
      const node = this.node(id);
      const isThere = node !== undefined && node.provisioning !== 'deleting';
      if (isThere && !node.protected) this.#seen.add(`${id} lifted`);
      if (isThere && !(node.protected && isIdle(node) && mayBeBack(node, lift))) continue;
      if (isThere && (lift.returning || lift.askedAt !== longAgo)) back.push(node);
      this.#seen.add(`${id} back`);
      this.note(id, undefined);
    }
    this.#headway = this.#seen.size > many;
    return back;
  }
}

export const isIdle = ({ provisioning }: Node) => provisioning === 'succeeded' || provisioning === 'failed';
