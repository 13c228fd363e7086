import { runCommands } from '../../azure/run-command.ts';
import { readScaleSet, type ScaleSetModel } from '../../azure/scale-set.ts';
import { seeNodes } from '../../azure/uniform-fleet.ts';
import type { Drain } from '../../drain/drain.ts';
import { scriptDrain } from '../../drain/script-drain.ts';
import { Failure } from '../../failure.ts';
import { type Pauses, pausesOf } from '../../pause/pauses.ts';
import { afterwards } from '../../record/afterwards.ts';
import { readRecord } from '../../record/codec.ts';
import { type Hold, holdOn } from '../../record/hold.ts';
import { assertStillOurs } from '../../record/ownership.ts';
import { goalOf, isHeld, isPaused, type RolloutRecord } from '../../record/record.ts';
import { seenBy } from '../../record/renewal.ts';
import { isOn, type Node } from '../../rollout/node.ts';
import { lookupMs } from '../../rollout/state.ts';
import { tickMs } from '../pace.ts';
import { patiently } from '../patience.ts';
import { ownerOf, type Tools } from '../rollout-plan.ts';
import { patienceOf } from './close.ts';
import { putBack } from './finish.ts';
import { type Handover, handover, type Left } from './handover.ts';
import { liftsLeft } from './lifts-left.ts';
import { releaseAsFarAsPossible, restore } from './put-back.ts';
import { putBackAlone } from './put-back-alone.ts';
import { type PutBack, stillLeft } from './what-is-left.ts';

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
  if (!record && left.lifted.length + left.drained.length > 0) return putBackAlone(left, model, tools);
  if (record?.owner.token !== left.token) return nothing(whoseIsIt(record));
  if (!isHeld(record) && left.drained.length === 0 && !isPaused(record))
    return nothing(`the step ended by itself: ${record.state}`);
  const desk = deskFor(left, record, model, tools);
  const nodes = isHeld(record) ? await endRollout(record, desk) : await restoreAlone(desk);
  desk.word.end(nodes);
  return outcomeOf(nodes, desk);
}

/** All that a post-job step works with. */
interface Desk {
  readonly left: Left;
  readonly tools: Tools;
  readonly model: ScaleSetModel;
  /** As it is written from now on: by an owner of our own, so that a main step that still lives stops at its next look. */
  readonly record: RolloutRecord;
  readonly hold: Hold;
  readonly pauses: Pauses;
  readonly drain: Drain;
  readonly word: Handover;
  readonly deadline: number;
}

function deskFor(left: Left, basis: RolloutRecord, model: ScaleSetModel, tools: Tools): Desk {
  const { azure, clock, cancelled, observer, newId, run } = tools;
  const { set, undrain } = left;
  const record = isHeld(basis) ? { ...basis, owner: ownerOf(run, newId(), clock.now()) } : basis;
  const word = handover(tools.leave, { set, record, undrain, owed: left.lifted, now: () => clock.now(), before: left });
  const remark: Tools['observer']['remarked'] = (text, about) => observer.remarked(text, about);
  const around = { azure, set, clock, cancelled, remark, beginning: word.begin };
  const lifts = liftsLeft(left, goalOf(record), tools, word.lift);
  const scripts = { drain: '', timeoutMs: 0, ...(undrain !== undefined && { undrain }) }; // nothing is drained here
  return {
    left,
    tools,
    model,
    record,
    hold: holdOn({ ...around, basis, record, takeover: true, allowModelDrift: false, startsNothing: true }),
    pauses: pausesOf({ ...around, basis, record, lifts }),
    drain: word.watched(scriptDrain(runCommands(azure, set, model), record.rolloutId, scripts, clock)),
    word,
    deadline: clock.now() + patienceMs,
  };
}

/** Nodes that wait for nothing serve at once; then the model, which scale-outs get; then what Azure is still at work with. */
async function endRollout(basis: RolloutRecord, desk: Desk): Promise<readonly Node[]> {
  const { hold, pauses, model, record, tools, drain } = desk;
  const first = await look(desk);
  await restore(outIn(first, desk), first, drain, tools);
  await hold.ensure();
  if (busyIn(first, desk).length > 0) await releaseAsFarAsPossible({ record, modelImage: record.stable }, hold, tools);
  const nodes = await settled(first, desk);
  await hold.ensure(); // it may have become somebody else's meanwhile
  const outcome = tools.cancelled.aborted ? 'cancelled' : 'incomplete';
  const after = afterwards(record, { completed: false, whole: false, failed: false });
  await putBack(
    { basis, model },
    { outcome, out: outIn(nodes, desk), nodes, after },
    { ...tools, hold, pauses, drain },
  );
  return nodes;
}

/** The record is ended already: only nodes are left, and what could not be put back in time. */
async function restoreAlone(desk: Desk): Promise<readonly Node[]> {
  const { drain, tools, left, record, hold, pauses, model } = desk;
  const nodes = await settled(await look(desk), desk);
  assertStillOurs(readRecord((await readScaleSet(tools.azure, left.set)).tags), record.owner);
  await restore(outIn(nodes, desk), nodes, drain, tools);
  if (!pauses.isOpen) return nodes;
  await pauses.end('done', patienceOf(tools));
  await hold.giveBack({ policy: {}, image: model.image, stillPaused: pauses.left });
  return nodes;
}

/** Looks until Azure is at work with no node, as long as we may wait: what it is at work with then is the next run's to see. */
async function settled(first: readonly Node[], desk: Desk): Promise<readonly Node[]> {
  const { clock, cancelled, observer } = desk.tools;
  let nodes = first;
  for (let told = false; clock.now() < desk.deadline && !cancelled.aborted; told = true) {
    const names = busyIn(nodes, desk).map(({ name }) => name);
    if (names.length === 0) return nodes;
    if (!told) observer.remarked(`Azure is at work with ${names.join(', ')}: waiting until that has ended`);
    await clock.sleep(tickMs(1), cancelled);
    nodes = await look(desk);
  }
  return nodes;
}

async function look({ tools, left, record, deadline }: Desk): Promise<readonly Node[]> {
  const forMs = Math.max(0, deadline - tools.clock.now());
  const patience = { ...tools, forMs, what: 'the fleet could not be seen' };
  return (await patiently(() => seeNodes(tools.azure, left.set, anyHealth, (nodes) => seenBy(record, nodes)), patience))
    .nodes;
}

/** How healthy a node is does not count here. */
const anyHealth = { judge: async (nodes: readonly Node[]) => nodes, close: async () => {} };

/** Nodes that Azure is at work with, or may be about to begin with; once the record is ended, of ours alone. */
function busyIn(nodes: readonly Node[], { left, record, tools }: Desk): readonly Node[] {
  const recent = tools.clock.now() - left.askedAt < lookupMs;
  const mayBegin = (node: Node) => recent && left.asked.includes(node.id) && isOld(node, record);
  const isOurs = ({ id }: Node) => isHeld(record) || left.drained.includes(id);
  return nodes.filter((node) => isOurs(node) && (node.provisioning === 'working' || mayBegin(node)));
}

/** Nodes that were taken out of service, stay on their old image and wait for nothing. */
function outIn(nodes: readonly Node[], desk: Desk): readonly string[] {
  const busy = new Set(busyIn(nodes, desk));
  return stillOut(nodes, desk)
    .filter((node) => !busy.has(node))
    .map(({ id }) => id);
}

function stillOut(nodes: readonly Node[], { word, record }: Desk): readonly Node[] {
  const drained = new Set(word.drained());
  return nodes.filter((node) => drained.has(node.id) && isOld(node, record));
}

const isOld = (node: Node, record: RolloutRecord) => !isOn(node, goalOf(record));

function outcomeOf(nodes: readonly Node[], desk: Desk): PutBack {
  const names = stillOut(nodes, desk).map(({ name }) => name);
  const missing = stillLeft(names, desk.pauses.left, desk.left.set.name);
  if (missing !== '') return { kind: 'partly', reason: missing };
  return { kind: 'back', reason: 'what the step had left is put back' };
}

const nothing = (reason: string): PutBack => ({ kind: 'nothing', reason });

const whoseIsIt = (record: RolloutRecord | undefined) =>
  record ? `another task has taken the rollout over since: ${record.state}` : 'the record is gone from the tags';
