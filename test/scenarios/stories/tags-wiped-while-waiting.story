# Terraform writes its own tags while the canary waits for its approval.
fleet nodes=4
upgrade imageVersionId=2.0.0 nodes=1
wipeTags
upgrade imageVersionId=2.0.0
----
> upgrade imageVersionId=2.0.0 nodes=1
00:00  note     1 of 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
03:02  ready    shop_0 is healthy on 2.0.0
03:02  done     1 node ready on 2.0.0
completed: 1 node ready on 2.0.0
= 2.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record waiting

> wipeTags
= 2.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record none

> upgrade imageVersionId=2.0.0
00:00  note     shop_1, shop_2, shop_3 have not the latest model, and nothing that can be seen of them differs from it: a change of tags may be all of it. If not, the upgrade brings the rest too
00:00  note     all 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     looking back: 1 of 1 node of the stages before runs 2.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:30  lookBack 1 of 1 node of the stages before runs 2.0.0 and is healthy
00:46  drain    shop_1 (1 of 3 old nodes, maxUnavailable is 1)
00:58  drained  shop_1 serves nobody any more (0)
01:14  replace  shop_1 (drained)
03:32  ready    shop_1 is healthy on 2.0.0
03:32  drain    shop_2 (1 of 2 old nodes, maxUnavailable is 1)
03:44  drained  shop_2 serves nobody any more (0)
03:44  replace  shop_2 (drained)
06:02  ready    shop_2 is healthy on 2.0.0
06:02  drain    shop_3 (1 of 1 old node, maxUnavailable is 1)
06:14  drained  shop_3 serves nobody any more (0)
06:14  replace  shop_3 (drained)
08:32  ready    shop_3 is healthy on 2.0.0
08:32  done     4 nodes ready on 2.0.0
completed: 4 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0 2.0.0, 4 serve; the model names 2.0.0; record whole
