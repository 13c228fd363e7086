# An upgrade call never arrives at Azure: the node is looked up for a minute, then asked for again.
fleet nodes=4 zones=3
upgrade imageVersionId=2.0.0 nodes=1
  at 1s: fault on="POST /manualupgrade" lost=none
----
> upgrade imageVersionId=2.0.0 nodes=1
00:00  note     1 of 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
01:44  drained  shop_0 serves nobody any more
01:44  replace  shop_0 (drained)
04:02  ready    shop_0 is healthy on 2.0.0
04:02  done     1 node ready on 2.0.0
completed: 1 node ready on 2.0.0
= 2.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record waiting
