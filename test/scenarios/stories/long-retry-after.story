# Azure asks for five minutes of patience: the upgrade call waits, and the rollout goes on.
fleet nodes=3
upgrade imageVersionId=2.0.0 nodes=1
  at 1s: fault on="POST /manualupgrade" status=429 retryAfter=300
----
> upgrade imageVersionId=2.0.0 nodes=1
00:00  note     1 of 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 3 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
08:02  ready    shop_0 is healthy on 2.0.0
08:02  done     1 node ready on 2.0.0
completed: 1 node ready on 2.0.0
= 2.0.0 1.0.0 1.0.0, 3 serve; the model names 1.0.0; record waiting
