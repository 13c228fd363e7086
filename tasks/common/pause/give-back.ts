import type { ProtectionAnswer } from '../azure/protection.ts';
import { patienceMs } from '../azure/write-once.ts';
import { Failure } from '../failure.ts';
import type { Node } from '../rollout/node.ts';
import { lookupMs } from '../rollout/state.ts';
import type { LiftBook } from './lift-book.ts';
import type { LiftRequest } from './lifts.ts';
import type { Patiently } from './pauses.ts';

interface Ending extends LiftRequest {
  readonly until: 'done' | 'accepted';
  readonly patiently: Patiently;
}

/** Between two looks: a list of one page refills ten times a minute (compute-throttling-limits). */
const tickMs = 6_000;

/**
 * Looks and writes until every node has its protection again, as long as a write may take: a node that Azure is at work with
 * is waited for. A task that is about to be killed asks once for each.
 */
export async function giveAllBack(book: LiftBook, ending: Ending): Promise<void> {
  const { clock, until } = ending;
  if (until === 'done' && book.open.length > 0) await requireOurs(ending);
  const refused = new Map<string, Failure>();
  for (const deadline = clock.now() + patienceMs; book.open.length > 0; await clock.sleep(tickMs)) {
    await lookForThem(book, ending);
    for (const node of book.lacking().filter(({ id }) => !refused.has(id)))
      if ((await tried(node, refused, book, ending)) && until === 'done') break;
    if (until === 'accepted' || book.open.length === 0) return;
    if (book.open.every((id) => refused.has(id)) || clock.now() >= deadline) throw notBack(book, [...refused.values()]);
  }
}

/** One write; whether it came to anything, a look shows. */
export async function giveBack(id: string, book: LiftBook, { write }: LiftRequest): Promise<ProtectionAnswer> {
  const answer = await write(id, true);
  const known = book.lift(id);
  if (known && answer === 'asked') book.note(id, { ...known, returning: true });
  if (answer === 'gone') book.note(id, undefined);
  return answer;
}

export const isBack = (name: string) => `${name} is protected from actions of the set again`;

async function lookForThem(book: LiftBook, { list, clock, remark, patiently }: Ending): Promise<void> {
  await patiently(async () => {
    const nodes = await list();
    // An order to lift it that Azure has not carried out by now never came.
    const isOver = (askedAt: number) => clock.now() - askedAt >= lookupMs;
    const back = book.look(nodes, (_node, lift) => lift.returning === true || isOver(lift.askedAt));
    for (const { name } of back) remark(isBack(name), 'restored');
  }, 'nodes without their protection could not be seen');
}

/** Was it asked for? A node that can't get its protection back keeps no other from it. */
async function tried(node: Node, refused: Map<string, Failure>, book: LiftBook, ending: Ending): Promise<boolean> {
  const { until, patiently, remark } = ending;
  let answer: ProtectionAnswer | undefined;
  try {
    await patiently(async () => {
      answer = await giveBack(node.id, book, ending);
    }, `the protection of ${node.name} could not be given back`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    refused.set(node.id, error);
  }
  if (answer === 'asked' && until === 'accepted') remark(`${node.name} is to be protected again`, 'restored');
  return answer === 'asked';
}

/** Where the record is gone or the model was moved, nobody else has the rollout: what is ours to give back is given back. */
async function requireOurs({ ours }: Ending): Promise<void> {
  try {
    await ours();
  } catch (error) {
    if (!(error instanceof Failure) || anothers.includes(error.code)) throw error;
  }
}

const anothers = ['OwnershipLost', 'RolloutHeldByAnotherRun', 'RolloutChangedMeanwhile'];

function notBack(book: LiftBook, failures: readonly Failure[]): Failure {
  const names = book.open.map((id) => book.node(id)?.name ?? id).join(', ');
  const isBusy = book.open.some((id) => book.node(id)?.provisioning === 'working');
  const waits = isBusy ? 'Azure is still at work with nodes' : 'Azure has taken the write and does not show it';
  const why = failures.map(({ message }) => message).join('; ') || waits;
  return new Failure(
    'ProtectionNotBack',
    `${names} may be without protection from actions of the set: ${why}`,
    'Run the task again, which gives it back, or do so by hand: az vmss update --instance-id <id> --protect-from-scale-set-actions true.',
  );
}
