import { isHeld } from '../../../tasks/common/record/record.ts';
import type { Instance } from '../../azure/compute/state.ts';
import { keyOf } from '../../azure/core/ids.ts';
import { addAlertRule } from '../../azure/index.ts';
import type { Behaviour } from '../../azure/machines/virtual/behaviour.ts';
import { instancesOf } from '../../support/fleet-guard.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { idsIn, isUpgrade } from '../invariants/invariants.ts';
import type { Picture, PicturedNode } from '../invariants/picture.ts';
import { drawFrom, type WorldPlan } from './draw.ts';

/** The same for the same node of the same seed, however often it is asked. */
const drawnFor = (seed: number, text: string) =>
  drawFrom([...text].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed)).number();

/** The number at the end of a machine's id. */
const numberOf = (id: string) => id.split('/').at(-1) ?? '';

/** A world in which a machine, by its key, can be made sick for a while. */
export type OpenWorld = Shop & { readonly sicken: (key: string, forMs: number) => void };

export function openWorld(plan: WorldPlan): OpenWorld {
  const { seed, times } = plan;
  const isIn = (share: number, word: string, id: string) => drawnFor(seed, `${word} ${numberOf(id)}`) < share;
  const sick = new Set<string>();
  const drawn = (ms: number) => (machine: { id: string }, random: () => number) => {
    sick.delete(machine.id); // a new disk makes it well
    return Math.round(ms * (1 + times.spread * random()));
  };
  const behaviour = ({ id, disk }: { id: string; disk: { content: string } }): Behaviour | undefined => {
    if (disk.content === '1.0.0') return undefined;
    if (plan.image === 'flapping') return isIn(plan.breaking, 'flaps', id) ? 'flapping' : undefined;
    if (plan.image === 'someBreak') return isIn(plan.breaking, 'breaks', id) ? 'breaks' : undefined;
    return undefined;
  };
  const shop = openShop({
    settings: plan.settings,
    set: {
      capacity: plan.nodes,
      zones: plan.zones,
      upgradeMode: plan.upgradeMode,
      ...(plan.repairs && { automaticRepairs: 'Replace' }),
    },
    drainMs: times.drainMs,
    machines: {
      behaviour,
      reimageMs: drawn(times.diskMs),
      bootMs: drawn(times.diskMs),
      healthyAfterMs: drawn(times.healthyMs),
      health: ({ id }, now) => (sick.has(id) ? { state: 'unhealthy', since: now } : undefined),
    },
  });
  const { machines } = shop.world;
  const run = machines.runScript.bind(machines);
  machines.runScript = (id, script, done) => {
    const fails = script.lines.includes('start') && isUndrainable(plan, id);
    const asks = script.lines === isItWell;
    return run(id, script, (result) => {
      if (fails) done({ ...result, exitCode: 3, output: '1 session left' });
      else done(asks ? { ...result, exitCode: machines.health(id)?.state === 'healthy' ? 0 : 1 } : result);
    });
  };
  for (const instance of instancesOf(shop.world, shop.set)) {
    if (isIn(plan.leftOut, 'left out', instance.id)) instance.tags = { ...instance.tags, 'phoenix-leave-out': 'true' };
    if (isIn(plan.protectedNodes, 'protected', instance.id)) protect(instance, plan);
    else if (isIn(plan.sickBefore, 'sick', instance.id)) sick.add(keyOf(instance.id));
  }
  heed(shop, plan);
  const sicken = (key: string, forMs: number) => {
    sick.add(key);
    setTimeout(() => sick.delete(key), forMs);
  };
  return { ...shop, sicken };
}

/** A health script: its exit code says how the machine is. */
export const isItWell = 'is-it-well';

/** Its drain script never ends well. Where that halts at once there would be nothing else to see. */
export const isUndrainable = ({ seed, undrainable, cutSessions, skipsToEnd }: WorldPlan, id: string): boolean =>
  (cutSessions || skipsToEnd) && drawnFor(seed, `undrainable ${numberOf(id)}`) < undrainable;

/** A rule that says what health does not, or nothing at all. */
function heed(shop: Shop, plan: WorldPlan): void {
  if (plan.alert === 'none') return;
  const isBad = () =>
    instancesOf(shop.world, shop.set).some(({ image }) => image.reference['id'] === targetOf(shop, plan));
  const holds = () => plan.alert === 'fires' && plan.image !== 'good' && isBad();
  addAlertRule(shop.world, { name: 'errors', target: shop.set, holds });
}

function protect(instance: Instance, { protectedUntilMs }: WorldPlan): void {
  const set = (protectFromScaleSetActions: boolean) => {
    instance.protection = { protectFromScaleIn: protectFromScaleSetActions, protectFromScaleSetActions };
  };
  set(true);
  if (protectedUntilMs !== undefined) setTimeout(() => set(false), protectedUntilMs);
}

export const targetOf = (shop: Shop, { image }: WorldPlan) => (image === 'neverHealthy' ? shop.v3 : shop.v2);

/**
 * Nodes out of service that nobody can blame us for: not made yet, never served yet, sick on the image they had, or
 * fallen sick after they had served on the one that we brought; those that the record names as sick before the
 * stage, until they are replaced; and those that Azure rolls by itself before a task has begun, since somebody changed
 * the model. What is drained or has not served since its upgrade is ours.
 */
export function lossesOfOthers(shop: Shop, plan: WorldPlan): (picture: Picture) => number {
  const target = targetOf(shop, plan);
  const served = new Map<string, string>();
  const isDrained = (id: string) => shop.drained.has(keyOf(`${shop.set.id}/virtualMachines/${id}`));
  const fellSick = ({ id, image }: PicturedNode) => !isDrained(id) && (image !== target || served.get(id) === image);
  const isRolled = ({ id, busy }: PicturedNode) => busy && !isDrained(id) && !asked.has(id);
  const isLeftAlone = ({ busy, getsCommand }: PicturedNode) => !busy || getsCommand;
  const asked = new Set<string>();
  shop.world.observers.push((call) => {
    if (isUpgrade(call)) for (const id of idsIn(call)) asked.add(id);
  });
  return ({ nodes, capacity, record }) => {
    for (const { id, image, serves } of nodes) if (serves) served.set(id, image);
    const staying = nodes.filter(({ deleting }) => !deleting);
    const sick = new Set(record?.sick);
    const isTaken = record !== undefined && isHeld(record);
    const isOthers = (node: PicturedNode) =>
      !served.has(node.id) ||
      (!isTaken && isRolled(node)) ||
      (isLeftAlone(node) && (sick.has(node.id) || fellSick(node)));
    const lost = staying.filter((node) => !node.serves && isOthers(node));
    return lost.length + Math.max(0, capacity - staying.length);
  };
}
