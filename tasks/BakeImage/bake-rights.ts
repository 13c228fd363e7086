import { signInAdvice } from '../common/packer/credentials.ts';
import { imageGroupIn } from '../common/packer/image-group.ts';
import { assertUnlocked, missingRights, refuseMissing } from '../common/preflight/rights.ts';
import type { BakeRequest } from './inputs.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Refuses what would fail after the half hour of a build: no right to make the image, or a locked group. Only where the
 * template tells the group, and builds with this connection in its subscription; everything else is Packer's to find.
 */
export async function assertMayBake(request: BakeRequest, text: string, around: Surroundings): Promise<void> {
  const { connection, template, variables } = request;
  const group = imageGroupIn(text, template.kind, variables);
  if (group === undefined || signInAdvice(text, connection.secret.scheme) !== undefined) return;
  if (!/\barm_subscription_id\b/i.test(text)) return;
  const azure = around.azure;
  const scope = `/subscriptions/${azure.subscriptionId}/resourceGroups/${group}`;
  const remark = around.agent.log.warning;
  refuseMissing(azure, await missingRights(azure, [{ scope, parts: ['imageGroup'] }], remark));
  await assertUnlocked(azure, scope, ['ReadOnly'], remark);
}
