import assert from 'node:assert/strict';
import { groupNodes, movingNodes } from './groups.ts';
import { entryOf } from './logbook.ts';
import type { Choices, Step } from './next-steps.ts';
import { isOn, looksHealthy } from './node.ts';
import type { Situation } from './state.ts';

/**
 * What must hold of every decision before it is carried out. A breach is our mistake, never the world's:
 * the run stops rather than take one node too many.
 */
export function assertSafe(situation: Situation, choices: Choices, steps: readonly Step[]): void {
  const groups = groupNodes(situation);
  const started = steps.flatMap((step) => (step.kind === 'drain' || step.kind === 'replace' ? step.nodeIds : []));
  const putBack = steps.flatMap((step) => (step.kind === 'putBack' ? step.nodeIds : []));
  const chosen = new Set(started);
  const nodes = situation.nodes.filter((node) => chosen.has(node.id));

  assert.equal(chosen.size, started.length, 'a node was chosen twice in one decision');
  assert.equal(nodes.length, started.length, 'a node was chosen that this look did not show');
  for (const id of putBack)
    assert(groups.stuck.some((node) => node.id === id) && !started.includes(id), `${id} is put back without need`);
  for (const node of nodes) assert(!groups.spared.includes(node), `${node.name} is to be left alone`);
  for (const node of nodes) assert(!isOn(node, situation.target), `${node.name} already runs the target image`);

  for (const step of steps)
    if (step.kind === 'replace')
      for (const node of nodes.filter(({ id }) => step.nodeIds.includes(id)))
        assert.equal(node.stale ?? false, step.renews ?? false, `${node.name} would be replaced by the wrong call`);

  const moving = new Set([...movingNodes(groups), ...groups.broken].map((node) => node.id));
  const newlyTaken = nodes.filter((node) => !moving.has(node.id));
  const lost = [...groups.old, ...groups.unchosen, ...groups.spared].filter(
    (node) => !looksHealthy(node) && !choices.sickBefore.has(node.id) && !chosen.has(node.id),
  );
  const limit = situation.limits.maxUnavailable;
  const away = moving.size + newlyTaken.length;
  assert(newlyTaken.length === 0 || away <= limit, `${away} nodes would be on their way, the limit is ${limit}`);
  const unavailable = away + lost.length;
  const takesServer = newlyTaken.some(looksHealthy);
  assert(!takesServer || unavailable <= limit, `${unavailable} nodes would be unavailable, the limit is ${limit}`);
  const relapsed = groups.relapsed.map(({ name }) => name).join(', ');
  assert(newlyTaken.length === 0 || relapsed === '', `${relapsed} fell sick on the target: nothing new may be started`);
  for (const node of newlyTaken)
    assert(entryOf(situation.logbook, node.id).errand === undefined, `${node.name} is already on an errand`);
}
