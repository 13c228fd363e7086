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
 * Looks and writes until every node has its protection again: a node that Azure is at work with is waited for, as long as a
 * write may take since the last one got its own back. A task that is about to be killed asks once for each.
 */
export async function giveAllBack(book: LiftBook, ending: Ending): Promise<void> {
  const { clock, until } = ending;
  if (until === 'done' && book.open.length > 0) await requireOurs(ending);
  const answers: Answers = new Map();
  const isRefused = (id: string) => answers.get(id) instanceof Failure;
  let [many, deadline] = [book.open.length, clock.now() + patienceMs];
  for (; book.open.length > 0; await clock.sleep(tickMs)) {
    await lookForThem(book, ending);
    for (const { id } of book.lacking().filter((node) => !isRefused(node.id)))
      if ((await tried(id, answers, book, ending)) && until === 'done') break;
    if (until === 'accepted' || book.open.length === 0) return;
    if (book.open.length < many) [many, deadline] = [book.open.length, clock.now() + patienceMs];
    if (book.open.every(isRefused) || clock.now() >= deadline) throw notBack(book, answers);
  }
}

/** What the last write of a node came to, by its id; a failure does not pass. */
type Answers = Map<string, ProtectionAnswer | Failure>;

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
async function tried(id: string, answers: Answers, book: LiftBook, ending: Ending): Promise<boolean> {
  const { until, patiently, remark } = ending;
  const name = nameIn(book, id);
  try {
    await patiently(async () => {
      answers.set(id, await giveBack(id, book, ending));
    }, `the protection of ${name} could not be given back`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    answers.set(id, error);
  }
  const isAsked = answers.get(id) === 'asked';
  if (isAsked && until === 'accepted') remark(`${name} is to be protected again`, 'restored');
  return isAsked;
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

function notBack(book: LiftBook, answers: Answers): Failure {
  const names = book.open.map((id) => nameIn(book, id)).join(', ');
  const reasons = new Set(book.open.map((id) => whyNot(book.node(id), answers.get(id))));
  return new Failure(
    'ProtectionNotBack',
    `${names} may be without protection from actions of the set: ${[...reasons].join('; ')}`,
    'Run the task again, which gives it back, or do so by hand: az vmss update --instance-id <id> --protect-from-scale-set-actions true.',
  );
}

function whyNot(node: Node | undefined, answer: ProtectionAnswer | Failure | undefined): string {
  if (answer instanceof Failure) return answer.message;
  if (node?.provisioning === 'working') return 'Azure is still at work with nodes';
  if (answer === 'busy') return 'Azure refuses the write while it is busy with the set';
  if (answer === undefined) return 'its write had to wait for those of other nodes';
  return 'Azure has taken the write and does not show it';
}

const nameIn = (book: LiftBook, id: string) => book.node(id)?.name ?? id;
