import type { ProtectionAnswer } from '../azure/protection.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { isOn, type Node } from '../rollout/node.ts';
import { lookupMs } from '../rollout/state.ts';
import { giveAllBack, giveBack, isBack } from './give-back.ts';
import { isIdle, type Lift, LiftBook, longAgo } from './lift-book.ts';
import type { ProtectedNodes } from './liftable.ts';
import type { Patiently } from './pauses.ts';

/**
 * The protection of nodes from actions of the set, lifted while they are replaced. A write is only asked for: the looks show
 * what became of it, so that one whose answer was lost is looked up before it is repeated. Of one set's nodes Azure takes one
 * write at a time (azure.md §15), so that there is one at each look, and it gives back before it lifts.
 */
export interface Lifts {
  /** What a look shows, as the planner is to see it. A node that has been replaced gets its protection back. */
  seen(nodes: readonly Node[]): Promise<readonly Node[]>;
  /** Has protection lifted where a node has one; gives those nodes that Azure would replace now. */
  before(nodeIds: readonly string[]): Promise<readonly string[]>;
  /** Gives every protection back, and looks until it is; throws when some can't be. */
  end(until: 'done' | 'accepted', patiently: Patiently): Promise<void>;
  /** Ids of nodes whose protection is lifted, or may be. */
  readonly open: readonly string[];
  /** The last look showed a protection lifted or given back that was not before. */
  readonly headway: boolean;
}

export interface LiftRequest {
  readonly write: (nodeId: string, isProtected: boolean) => Promise<ProtectionAnswer>;
  /** The nodes as they are now; how healthy they are does not count. */
  readonly list: () => Promise<readonly Node[]>;
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
  readonly remark: (text: string, about?: 'paused' | 'restored') => void;
  readonly protectedNodes: ProtectedNodes;
  /** Ids that the record names: of no other node is protection lifted. */
  readonly frozen: readonly string[];
  /** The image that nodes are brought to. */
  readonly goal: string;
  /** Whose protection an earlier process has lifted, or may have. */
  readonly owed: readonly string[];
  /** When it may have asked for the last of them: only just, where it is that of the same step. */
  readonly owedSince?: number;
  /** Is the rollout still ours? Throws when it is not. */
  readonly ours: () => Promise<void>;
  /** Takes down whose protection is lifted, before it is. */
  readonly lifting: (nodeIds: readonly string[]) => void;
}

export const liftsOf = (request: LiftRequest): Lifts => new Lifting(request);

class Lifting implements Lifts {
  readonly #request: LiftRequest;
  readonly #book: LiftBook;
  readonly #frozen: ReadonlySet<string>;
  /** No write of a node has been asked for since the last look. */
  #mayWrite = true;

  constructor(request: LiftRequest) {
    this.#request = request;
    this.#book = new LiftBook(request.owed, request.lifting, request.owedSince);
    this.#frozen = new Set(request.frozen);
  }

  async seen(nodes: readonly Node[]): Promise<readonly Node[]> {
    const mayBeBack = (node: Node, { askedAt, returning }: Lift) =>
      this.#runsGoal(node) || returning === true || askedAt === longAgo;
    for (const { name } of this.#book.look(nodes, mayBeBack)) this.#request.remark(isBack(name), 'restored');
    const due = this.#book.lacking().find((node) => this.#isDue(node));
    this.#mayWrite = !(due && (await giveOneBack(due, this.#book, this.#request)));
    return nodes.map((node) => this.#asPlanned(node));
  }

  async before(nodeIds: readonly string[]): Promise<readonly string[]> {
    const isHeld = (id: string) => this.#mayLift(id) && this.#book.node(id)?.protected === true;
    const held = nodeIds.filter(isHeld).flatMap((id) => this.#book.node(id) ?? []);
    const next = held.find(isIdle);
    if (next && this.#mayWrite) await lift(next, this.#book, this.#request);
    this.#mayWrite = false;
    return nodeIds.filter((id) => !isHeld(id));
  }

  end(until: 'done' | 'accepted', patiently: Patiently): Promise<void> {
    return giveAllBack(this.#book, { ...this.#request, until, patiently });
  }

  get headway(): boolean {
    return this.#book.headway;
  }

  get open(): readonly string[] {
    return this.#book.open;
  }

  /** Protection that is ours to lift is no obstacle. Where protected nodes are left alone, so are those that lack it by us. */
  #asPlanned(node: Node): Node {
    if (this.#mayLift(node.id)) return { ...node, protected: false };
    const lacksByUs = this.#book.lift(node.id) !== undefined;
    return this.#request.protectedNodes === 'skip' && lacksByUs ? { ...node, protected: true } : node;
  }

  #mayLift = (id: string) => this.#request.protectedNodes === 'replace' && this.#frozen.has(id);

  #runsGoal = (node: Node) => isOn(node, this.#request.goal);

  /** A node that has failed would look as if it had not, once it is written: it waits for the end. */
  #isDue(node: Node): boolean {
    const refusedAt = this.#book.lift(node.id)?.refusedAt ?? longAgo;
    const mayTry = this.#request.clock.now() - refusedAt >= againMs;
    return mayTry && node.provisioning === 'succeeded' && this.#runsGoal(node);
  }
}

/** It is in the book before it is asked for, and out again only when Azure has refused it. */
async function lift({ id, name }: Node, book: LiftBook, { write, clock, remark }: LiftRequest): Promise<void> {
  const before = book.lift(id);
  book.note(id, { askedAt: clock.now() });
  const answer = await write(id, false);
  if (answer === 'busy') book.note(id, before);
  if (book.busy.isLong(`lift ${id}`, answer, clock.now())) remark(isBusyFor(`lift the protection of ${name}`));
  if (answer === 'asked') remark(`${name} is not protected from actions of the set until it is replaced`, 'paused');
}

const isBusyFor = (what: string) =>
  `Azure has been too busy with the set to ${what} for more than ${lookupMs / 1_000} seconds: it is asked again at each look`;

/** What is refused within a run is tried again after a while; it counts at the end. */
const againMs = 300_000;

/** Has a write been asked for, or would Azure take none now? */
async function giveOneBack({ id, name }: Node, book: LiftBook, request: LiftRequest): Promise<boolean> {
  if (request.cancelled.aborted) return false;
  await request.ours();
  try {
    const answer = await giveBack(id, book, request);
    if (book.busy.isLong(`give back ${id}`, answer, request.clock.now()))
      request.remark(isBusyFor(`give the protection of ${name} back`));
    return answer === 'asked' || answer === 'busy';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    request.remark(`trying again later: ${error.message}`);
    const known = book.lift(id);
    if (known) book.note(id, { ...known, refusedAt: request.clock.now() });
    return false;
  }
}
