import { runCommands } from '../azure/run-command.ts';
import { readScaleSet, type ScaleSetModel } from '../azure/scale-set.ts';
import { listNodes } from '../azure/uniform-fleet.ts';
import type { Drain } from '../drain/drain.ts';
import { scriptDrain } from '../drain/script-drain.ts';
import { Failure } from '../failure.ts';
import { readRecord } from '../record/codec.ts';
import { goalOf, type Hold, holdOn } from '../record/hold.ts';
import { assertStillOurs } from '../record/ownership.ts';
import { isHeld, type RolloutRecord } from '../record/record.ts';
import { counted } from '../report/words.ts';
import { emptyLogbook, type Logbook, noteErrand } from '../rollout/logbook.ts';
import { type Node, sameImage } from '../rollout/node.ts';
import { leftOut, lookupMs, type Seen } from '../rollout/state.ts';
import { type Handover, handover, type Left } from './handover.ts';
import { tickMs } from './pace.ts';
import { isPassing } from './passing.ts';
import { releaseAsFarAsPossible, restore } from './put-back.ts';
import { ownerOf, putBack, type Tools } from './rollout-run.ts';

export interface PutBack {
  /** `nothing`: there was nothing to do. `back`: all of it is. `partly`: some nodes are still out of service. */
  readonly kind: 'nothing' | 'back' | 'partly';
  readonly reason: string;
}

/** Longer than Azure lets a machine boot (20 minutes); the agent may allow less after a cancel, and then ends this process. */
const patienceMs = 25 * 60_000;

/** How often the record may change between our look and our write: a last write of the main step may still be on its way. */
const mostTries = 3;

/**
 * What a cancelled or crashed step has left is put back, as the step itself would have done or the next run would: nodes
 * that were drained and stay serve again, the model names the proven image, and the record says `stopped`. It acts only
 * while the record is the step's own.
 */
export async function putBackLeft(left: Left, tools: Tools): Promise<PutBack> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToPutBack(left, tools);
    } catch (error) {
      const again = error instanceof Failure && error.code === 'RolloutChangedMeanwhile' && tries < mostTries;
      if (!again) throw error;
    }
  }
}

async function tryToPutBack(left: Left, tools: Tools): Promise<PutBack> {
  const model = await readScaleSet(tools.azure, left.set);
  const record = readRecord(model.tags);
  if (record?.owner.token !== left.token) return nothing(whoseIsIt(record));
  if (!isHeld(record) && left.drained.length === 0) return nothing(`the step ended by itself: ${record.state}`);
  const desk = deskFor(left, record, model, tools);
  const first = await lookAround(desk);
  if (isHeld(record)) await endRollout(record, first, desk);
  else await restoreAlone(first, desk);
  return outcomeOf(desk);
}

/** All that a post-job step works with. */
interface Desk {
  readonly left: Left;
  readonly tools: Tools;
  readonly model: ScaleSetModel;
  /** As it is written from now on: by an owner of our own, so that a main step that still lives stops at its next look. */
  readonly record: RolloutRecord;
  readonly hold: Hold;
  readonly drain: Drain;
  readonly handover: Handover;
  readonly deadline: number;
  nodes: readonly Node[];
}

function deskFor(left: Left, basis: RolloutRecord, model: ScaleSetModel, tools: Tools): Desk {
  const { azure, clock, cancelled, observer, newId, run } = tools;
  const { set, undrain } = left;
  const record = isHeld(basis) ? { ...basis, owner: ownerOf(run, newId(), clock.now()) } : basis;
  const word = handover(tools.leave, { set, record, undrain, now: () => clock.now(), before: left });
  const remark = (text: string) => observer.remarked(text);
  const request = { azure, set, clock, basis, record, takeover: true, cancelled, remark, beginning: word.begin };
  const scripts = { drain: '', timeoutMs: 0, ...(undrain !== undefined && { undrain }) }; // nothing is drained here
  return {
    left,
    tools,
    model,
    record,
    hold: holdOn(request),
    drain: word.watched(scriptDrain(runCommands(azure, set, model), record.rolloutId, scripts, clock)),
    handover: word,
    deadline: clock.now() + patienceMs,
    nodes: [],
  };
}

/** Nodes that wait for nothing serve at once; then the model, which scale-outs get; then what Azure is still at work with. */
async function endRollout(basis: RolloutRecord, first: Seen, desk: Desk): Promise<void> {
  const { hold, model, record, tools, drain } = desk;
  const { observer, cancelled } = tools;
  const restored = await restoreLeft(first, desk);
  await hold.ensure();
  if (unsettled(first.nodes, desk).length > 0)
    await releaseAsFarAsPossible({ record, modelImage: record.stable }, hold, observer);
  const last = await settled(first, desk);
  await hold.ensure(); // it may have become somebody else's meanwhile
  const outcome = cancelled.aborted ? 'cancelled' : 'incomplete';
  // Nodes that were just put back may not be seen healthy yet.
  const situation = { ...last, nodes: last.nodes.filter(({ id }) => !restored.has(id)) };
  await putBack({ basis, record, model }, { outcome, situation }, { hold, drain, observer });
}

/** The record is ended already: only nodes are left. */
async function restoreAlone(first: Seen, desk: Desk): Promise<void> {
  const last = await settled(first, desk);
  const { tags } = await readScaleSet(desk.tools.azure, desk.left.set);
  assertStillOurs(readRecord(tags), desk.record.owner);
  await restoreLeft(last, desk);
}

/** Returns the nodes that are put back now. */
async function restoreLeft(seen: Seen, { drain, tools, handover: word }: Desk): Promise<ReadonlySet<string>> {
  const ids = leftOut(seen);
  await restore(ids, seen.nodes, drain, tools.observer);
  const out = new Set(word.drained());
  return new Set(ids.filter((id) => !out.has(id)));
}

/** Looks until Azure is at work with no node, as long as we may wait: what it is at work with then is the next run's to see. */
async function settled(first: Seen, desk: Desk): Promise<Seen> {
  const { clock, cancelled, observer } = desk.tools;
  let seen = first;
  for (let told = false; clock.now() < desk.deadline && !cancelled.aborted; told = true) {
    const busy = unsettled(seen.nodes, desk).map(({ name }) => name);
    if (busy.length === 0) return seen;
    if (!told) observer.remarked(`Azure is at work with ${busy.join(', ')}: waiting until that has ended`);
    await clock.sleep(tickMs(1), cancelled);
    seen = await lookAround(desk);
  }
  return seen;
}

/** A look that fails for a passing reason is tried again. */
async function lookAround(desk: Desk): Promise<Seen> {
  const { azure, clock, cancelled } = desk.tools;
  for (;;) {
    try {
      desk.nodes = (await listNodes(azure, desk.left.set)).nodes;
      return { nodes: desk.nodes, logbook: logbookOf(desk), target: goalOf(desk.record) };
    } catch (error) {
      if (!isPassing(error) || clock.now() >= desk.deadline || cancelled.aborted) throw error;
      await clock.sleep(tickMs(1), cancelled);
    }
  }
}

/** Nodes that Azure is at work with, or may be about to begin with; once the record is ended, of ours alone. */
function unsettled(nodes: readonly Node[], { left, record, tools }: Pick<Desk, 'left' | 'record' | 'tools'>) {
  const recent = tools.clock.now() - left.askedAt < lookupMs;
  const mayBegin = ({ id, image }: Node) => recent && left.asked.includes(id) && !sameImage(image, goalOf(record));
  const isOurs = ({ id }: Node) => isHeld(record) || left.drained.includes(id);
  return nodes.filter((node) => isOurs(node) && (node.provisioning === 'working' || mayBegin(node)));
}

/** Of what was taken down, the nodes that stay on their old image and wait for nothing. */
function logbookOf(desk: Desk): Logbook {
  const { nodes, record, tools, handover: word } = desk;
  const waits = new Set(unsettled(nodes, desk).map(({ id }) => id));
  const stays = new Set(nodes.filter(({ image }) => !sameImage(image, goalOf(record))).map(({ id }) => id));
  const since = tools.clock.now();
  return word
    .drained()
    .filter((id) => stays.has(id) && !waits.has(id))
    .reduce((book, id) => noteErrand(book, id, { kind: 'drained', since, note: '' }), emptyLogbook(since, 0));
}

function outcomeOf({ nodes, record, handover: word }: Desk): PutBack {
  word.end(nodes);
  const out = new Set(word.drained());
  const still = nodes.filter(({ id, image }) => out.has(id) && !sameImage(image, goalOf(record)));
  if (still.length === 0) return { kind: 'back', reason: 'what the step had left is put back' };
  const names = still.map(({ name }) => name).join(', ');
  return { kind: 'partly', reason: `${counted(still.length, 'node')} may still be out of service: ${names}` };
}

const nothing = (reason: string): PutBack => ({ kind: 'nothing', reason });

const whoseIsIt = (record: RolloutRecord | undefined) =>
  record ? `another task has taken the rollout over since: ${record.state}` : 'the record is gone from the tags';
