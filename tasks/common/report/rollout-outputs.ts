import type { RolloutRecord } from '../record/record.ts';
import { groupNodes } from '../rollout/groups.ts';
import type { Situation } from '../rollout/state.ts';

/** What later steps can ask of an upgrade: names as declared in its task.json. */
export function upgradeOutputs(
  outcome: string,
  record: RolloutRecord,
  wayBack: string,
  situation: Situation,
): Readonly<Record<string, string>> {
  const groups = groupNodes(situation);
  const ids = (nodes: readonly { readonly id: string }[]) => nodes.map((node) => node.id).join(',');
  return {
    outcome,
    previousImageId: wayBack,
    newImageId: record.target,
    upgradedNodes: ids(groups.ready),
    failedNodes: ids([...groups.broken, ...groups.stuck]),
    skippedNodes: ids(groups.spared),
    rolloutId: record.rolloutId,
  };
}

/** The same of a rollback. */
export function rollbackOutputs(
  outcome: string,
  record: RolloutRecord,
  rolledBack: readonly string[],
): Readonly<Record<string, string>> {
  return { outcome, restoredImageId: record.stable, rolledBackNodes: rolledBack.join(','), badImageId: record.target };
}
