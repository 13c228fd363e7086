import type { Azure } from '../common/azure/connect.ts';
import type { SourceId } from '../common/azure/gallery-source.ts';
import {
  formatGalleryId,
  formatGroupId,
  formatImageDefinitionId,
  type ImageVersionId,
} from '../common/azure/resource-id.ts';
import { assertUnlocked, missingRights, type Remark, refuseMissing } from '../common/preflight/rights.ts';

/** Refuses what Azure would refuse in the middle: rights on gallery and source that are missing, a lock on the gallery. */
export async function assertMayPublish(
  azure: Azure,
  version: ImageVersionId,
  source: SourceId,
  remark: Remark,
): Promise<void> {
  const missing = await missingRights(
    azure,
    [
      { scope: formatGalleryId(version), parts: ['gallery'] },
      { scope: formatGroupId(version), parts: ['galleryOperations'] },
      { scope: source.id, parts: [source.kind === 'managedImage' ? 'sourceImage' : 'sourceVersion'] },
    ],
    remark,
  );
  refuseMissing(azure, missing);
  await assertUnlocked(azure, formatImageDefinitionId(version), ['ReadOnly'], remark);
}
