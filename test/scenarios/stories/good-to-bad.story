# A good image, then one that never gets healthy: it stops at its first node, and the way back leads to the good one.
fleet nodes=4
image 2.1.0 never-healthy
upgrade imageVersionId=2.0.0 maxUnavailable=2
upgrade imageVersionId=2.1.0
rollback
----
> upgrade imageVersionId=2.0.0 maxUnavailable=2
00:00  note     all 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 2 unavailable at a time; way back: 1.0.0
00:16  drain    shop_0, shop_1 (2 of 4 old nodes, maxUnavailable is 2)
00:28  drained  shop_0, shop_1 serve nobody any more (0)
00:44  replace  shop_0, shop_1 (drained)
03:02  ready    shop_0, shop_1 are healthy on 2.0.0
03:02  drain    shop_2, shop_3 (2 of 2 old nodes, maxUnavailable is 2)
03:14  drained  shop_2, shop_3 serve nobody any more (0)
03:14  replace  shop_2, shop_3 (drained)
05:32  ready    shop_2, shop_3 are healthy on 2.0.0
05:32  done     4 nodes ready on 2.0.0
completed: 4 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0 2.0.0, 4 serve; the model names 2.0.0; record whole

> upgrade imageVersionId=2.1.0
00:00  note     all 4 nodes of shop go to 2.1.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 2.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
10:44  broken   shop_0: unhealthy on 2.1.0 600 s after Azure has accepted its replacement
10:44  halt     1 node failed, the limit is 0: shop_0: unhealthy on 2.1.0 600 s after Azure has accepted its replacement
halted: 1 node failed, the limit is 0: shop_0: unhealthy on 2.1.0 600 s after Azure has accepted its replacement
= 2.1.0 2.0.0 2.0.0 2.0.0, 3 serve; the model names 2.0.0; record halted

> rollback
00:00  note     back to /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/2.0.0: 1 of 4 nodes run something else
00:10  note     the model names the image to go back to: nothing new starts on the bad one
00:40  drain    shop_0 (1 of 1 old node, maxUnavailable is 1)
00:52  drained  shop_0 serves nobody any more (0)
00:52  replace  shop_0 (drained)
03:10  ready    shop_0 is healthy on 2.0.0
03:10  done     4 nodes ready on 2.0.0
completed: 4 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0 2.0.0, 4 serve; the model names 2.0.0; record rolledBack
