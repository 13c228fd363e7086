import { protectionCalls } from '../../azure/protection-calls.ts';
import { runCommands } from '../../azure/run-command.ts';
import type { ScaleSetModel } from '../../azure/scale-set.ts';
import { patienceMs } from '../../azure/write-once.ts';
import { scriptDrain } from '../../drain/script-drain.ts';
import { Failure } from '../../failure.ts';
import type { Node } from '../../rollout/node.ts';
import { lookupMs } from '../../rollout/state.ts';
import { tickMs } from '../pace.ts';
import { atTheEnd, patiently } from '../patience.ts';
import type { Tools } from '../rollout-plan.ts';
import { patienceOf } from './close.ts';
import type { Left } from './handover.ts';
import { liftsLeft } from './lifts-left.ts';
import { restore } from './put-back.ts';
import { type PutBack, stillLeft } from './what-is-left.ts';

/** Nobody has a rollout whose record is gone, and the agent knows what the step had left: nodes that it drained, and lifts. */
export async function putBackAlone(left: Left, model: ScaleSetModel, tools: Tools): Promise<PutBack> {
  const note = noteIn(left, tools);
  const names = left.drained.length > 0 ? await serveAgain(left, model, note, tools) : [];
  const open = await giveBackAlone(left, note, tools);
  const missing = stillLeft(names, open.length > 0 ? { protection: open } : {}, left.set.name);
  if (missing !== '') return { kind: 'partly', reason: `${gone}; ${missing}` };
  const done = [
    ...(left.drained.length > 0 ? ['nodes that the step had drained are back in service'] : []),
    ...(left.lifted.length > 0 ? ['the protection that the step had lifted is given back'] : []),
  ];
  return { kind: 'back', reason: [gone, ...done].join(', and ') };
}

const gone = 'the record is gone from the tags';

type Note = (changes: Partial<Pick<Left, 'drained' | 'lifted'>>) => void;

/** What is back is taken out of what is left; a process that is killed in the middle leaves the rest. */
function noteIn(left: Left, { leave }: Tools): Note {
  let known = left;
  return (changes) => {
    known = { ...known, ...changes };
    leave(known.drained.length + known.lifted.length > 0 ? known : undefined);
  };
}

/**
 * Names of nodes that may still be out of service. What image they were to get only the record knew: one that was replaced
 * meanwhile gets the script as well, which finds it in service.
 */
async function serveAgain(left: Left, model: ScaleSetModel, note: Note, tools: Tools): Promise<readonly string[]> {
  const { clock, cancelled } = tools;
  const out = new Set(left.drained);
  const tried = new Set<string>();
  const drain = drainOf(left, model, tools, (id) => {
    out.delete(id);
    note({ drained: [...out] });
  });
  for (const deadline = clock.now() + patienceMs; ; await clock.sleep(tickMs(1), cancelled)) {
    const nodes = await look(left, tools);
    const there = nodes.filter(({ id, provisioning }) => out.has(id) && provisioning !== 'deleting');
    const busy = there.filter((node) => isBusy(node, left, clock.now()));
    const free = there.filter((node) => !busy.includes(node) && !tried.has(node.id)).map(({ id }) => id);
    for (const id of free) tried.add(id);
    await restore(free, nodes, drain, tools);
    const isOver = busy.length === 0 || clock.now() >= deadline || cancelled.aborted;
    if (isOver) return there.filter(({ id }) => out.has(id)).map(({ name }) => name);
  }
}

/** Undefined without the script: then nobody can put a node back but a person. */
function drainOf({ set, rolloutId, undrain }: Left, model: ScaleSetModel, tools: Tools, back: (id: string) => void) {
  if (undrain === undefined) return undefined;
  const scripts = { drain: '', timeoutMs: 0, undrain }; // nothing is drained here
  const drain = scriptDrain(runCommands(tools.azure, set, model), rolloutId, scripts, tools.clock);
  return {
    async cancel(id: string) {
      await drain.cancel(id);
      back(id);
    },
  };
}

/** Azure is at work with it, or was asked to replace it and may be about to begin. */
const isBusy = ({ id, provisioning }: Node, { asked, askedAt }: Left, now: number) =>
  provisioning === 'working' || (asked.includes(id) && now - askedAt < lookupMs);

const look = ({ set }: Left, tools: Tools) =>
  patiently(protectionCalls(tools.azure, set).list, atTheEnd(tools, 'the fleet could not be seen'));

/** Ids of nodes that may still be without their protection. */
async function giveBackAlone(left: Left, note: Note, tools: Tools): Promise<readonly string[]> {
  const lifts = liftsLeft(left, '', tools, (lifted) => note({ lifted }));
  try {
    await lifts.end('done', patienceOf(tools));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tools.observer.remarked(error.message);
  }
  return lifts.open;
}
