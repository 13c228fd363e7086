# Terraform writes its own tags in mid-rollout: the record is gone, so the run stops and says so.
fleet nodes=4
upgrade imageVersionId=2.0.0
  when ready shop_0: wipeTags
upgrade imageVersionId=2.0.0
----
> upgrade imageVersionId=2.0.0
00:00  note     all 4 nodes of shop go to /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/2.0.0
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
03:02  ready    shop_0 is healthy on 2.0.0
03:02  drain    shop_1 (1 of 3 old nodes, maxUnavailable is 1)
03:14  drained  shop_1 serves nobody any more (0)
refused (OwnershipLost): The rollout is no longer ours; it is held by nobody: the record is gone from the tags Another tool rewrote the tags of the scale set; let it keep those that begin with "phoenix-". Then choose. To go on: run the task again. To go back: RollbackScaleSet with the image version id in `to`. To take the fleet as it is, once every node runs what the model names: RollbackScaleSet with recordAction: adopt.
= 2.0.0 1.0.0 1.0.0 1.0.0, 3 serve; the model names 2.0.0; record none

> upgrade imageVersionId=2.0.0
00:00  note     all 4 nodes of shop go to /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/2.0.0
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     looking back: 1 of 1 node of the stages before runs 2.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:00  note     out of service before we came: 1
00:30  lookBack 1 of 1 node of the stages before runs 2.0.0 and is healthy
00:46  drain    shop_1 (1 of 3 old nodes, maxUnavailable is 1)
00:58  drained  shop_1 serves nobody any more (0)
00:58  replace  shop_1 (drained)
03:16  ready    shop_1 is healthy on 2.0.0
03:16  drain    shop_2 (1 of 2 old nodes, maxUnavailable is 1)
03:28  drained  shop_2 serves nobody any more (0)
03:28  replace  shop_2 (drained)
05:46  ready    shop_2 is healthy on 2.0.0
05:46  drain    shop_3 (1 of 1 old node, maxUnavailable is 1)
05:58  drained  shop_3 serves nobody any more (0)
05:58  replace  shop_3 (drained)
08:16  ready    shop_3 is healthy on 2.0.0
08:16  done     4 nodes ready on 2.0.0
completed: 4 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0 2.0.0, 4 serve; the model names 2.0.0; record whole
