# Another tool writes an image of its own into the model in mid-rollout: nobody is brought onto that one.
fleet nodes=4
image 9.0.0
upgrade imageVersionId=2.0.0
  when ready shop_0: writeImage version=9.0.0
upgrade imageVersionId=2.0.0
----
> upgrade imageVersionId=2.0.0
00:00  note     all 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
03:02  ready    shop_0 is healthy on 2.0.0
03:02  drain    shop_1 (1 of 3 old nodes, maxUnavailable is 1)
03:14  drained  shop_1 serves nobody any more (0)
03:14  restored shop_1 stays: put back into service
halted: Another tool changed the image of scale set shop to /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/9.0.0 while rollout 00000001-0000-4000-8000-000000000000 brings /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/2.0.0
= 2.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 9.0.0; record halted

> upgrade imageVersionId=2.0.0
refused (ModelChangedByOthers): Another tool changed the image of scale set shop to /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/9.0.0 while rollout 00000001-0000-4000-8000-000000000000 is open between /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/1.0.0 and /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/2.0.0 Choose. To go on: set the model's image back to /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/1.0.0 or /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/2.0.0, and run the task again. To go back: RollbackScaleSet with to: /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/1.0.0. To take the fleet as it is, once every node runs what the model names: RollbackScaleSet with recordAction: adopt. To forget the rollout and leave model and nodes alone: RollbackScaleSet with recordAction: forget.
= 2.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 9.0.0; record halted
