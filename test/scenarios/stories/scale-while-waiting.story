# Autoscale adds two nodes while the canary waits for its approval: they start on the proven image, and follow later.
fleet nodes=4
upgrade imageVersionId=2.0.0 nodes=1
scale to=6
later 10m
upgrade imageVersionId=2.0.0 nodes=50%
scale to=5
later 10m
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

> scale to=6
= 2.0.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record waiting

> later 10m
= 2.0.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0, 6 serve; the model names 1.0.0; record waiting

> upgrade imageVersionId=2.0.0 nodes=50%
00:00  note     3 of 6 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     looking back: 1 of 1 node of the stages before runs 2.0.0
00:30  lookBack 1 of 1 node of the stages before runs 2.0.0 and is healthy
00:46  drain    shop_1 (1 of 5 old nodes, maxUnavailable is 1)
00:58  drained  shop_1 serves nobody any more (0)
01:14  replace  shop_1 (drained)
03:32  ready    shop_1 is healthy on 2.0.0
03:32  drain    shop_2 (1 of 4 old nodes, maxUnavailable is 1)
03:44  drained  shop_2 serves nobody any more (0)
03:44  replace  shop_2 (drained)
06:02  ready    shop_2 is healthy on 2.0.0
06:02  done     3 nodes ready on 2.0.0
completed: 3 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0 1.0.0 1.0.0 1.0.0, 6 serve; the model names 1.0.0; record waiting

> scale to=5
= 2.0.0 2.0.0 2.0.0 1.0.0 1.0.0, 5 serve; the model names 1.0.0; record waiting

> later 10m
= 2.0.0 2.0.0 2.0.0 1.0.0 1.0.0, 5 serve; the model names 1.0.0; record waiting

> upgrade imageVersionId=2.0.0
00:00  note     all 5 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     looking back: 3 of 3 nodes of the stages before run 2.0.0
00:30  lookBack 3 of 3 nodes of the stages before run 2.0.0 and are healthy
00:46  drain    shop_3 (1 of 2 old nodes, maxUnavailable is 1)
00:58  drained  shop_3 serves nobody any more (0)
01:14  replace  shop_3 (drained)
03:32  ready    shop_3 is healthy on 2.0.0
03:32  drain    shop_4 (1 of 1 old node, maxUnavailable is 1)
03:44  drained  shop_4 serves nobody any more (0)
03:44  replace  shop_4 (drained)
06:02  ready    shop_4 is healthy on 2.0.0
06:02  done     5 nodes ready on 2.0.0
completed: 5 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0 2.0.0 2.0.0, 5 serve; the model names 2.0.0; record whole
