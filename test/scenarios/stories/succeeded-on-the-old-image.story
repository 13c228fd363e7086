# Azure says that the upgrade succeeded, but the node still runs the old image: its own disk is believed, not the operation.
fleet nodes=4
upgrade imageVersionId=2.0.0 nodes=1 nodeHealthTimeout=5m
  at 25s: protect node=shop_0
----
> upgrade imageVersionId=2.0.0 nodes=1 nodeHealthTimeout=5m
00:00  note     1 of 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
05:44  broken   shop_0: still on its old image 300 s after Azure has accepted its replacement
05:44  halt     1 node failed, the limit is 0: shop_0: still on its old image 300 s after Azure has accepted its replacement
05:44  restored shop_0 stays: put back into service
halted: 1 node failed, the limit is 0: shop_0: still on its old image 300 s after Azure has accepted its replacement
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record halted
