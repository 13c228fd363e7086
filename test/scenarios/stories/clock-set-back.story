# Somebody sets the agent's clock three hours back: nothing waits longer by that.
fleet nodes=3
upgrade imageVersionId=2.0.0 nodes=2
  when replace shop_0: jump hours=-3
----
> upgrade imageVersionId=2.0.0 nodes=2
00:00  note     2 of 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 3 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
03:02  ready    shop_0 is healthy on 2.0.0
03:02  drain    shop_1 (1 of 2 old nodes, maxUnavailable is 1)
03:14  drained  shop_1 serves nobody any more (0)
03:14  replace  shop_1 (drained)
05:32  ready    shop_1 is healthy on 2.0.0
05:32  done     2 nodes ready on 2.0.0
completed: 2 nodes ready on 2.0.0
= 2.0.0 2.0.0 1.0.0, 3 serve; the model names 1.0.0; record waiting
