# A node that does not get its new image, within the number that may fail, serves again on its old one when the stage is done.
fleet nodes=4
upgrade imageVersionId=2.0.0 maxFailedNodes=1 maxUnavailable=2 nodeHealthTimeout=5m
  before POST /manualupgrade: protect node=shop_0
----
> upgrade imageVersionId=2.0.0 maxFailedNodes=1 maxUnavailable=2 nodeHealthTimeout=5m
00:00  note     all 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 2 unavailable at a time; way back: 1.0.0
00:16  drain    shop_0, shop_1 (2 of 4 old nodes, maxUnavailable is 2)
00:28  drained  shop_0, shop_1 serve nobody any more (0)
00:44  replace  shop_0, shop_1 (drained)
03:02  ready    shop_1 is healthy on 2.0.0
03:02  drain    shop_2 (1 of 2 old nodes, maxUnavailable is 2)
03:14  drained  shop_2 serves nobody any more (0)
03:14  replace  shop_2 (drained)
05:32  ready    shop_2 is healthy on 2.0.0
05:32  drain    shop_3 (1 of 1 old node, maxUnavailable is 2)
05:44  broken   shop_0: still on its old image 300 s after Azure has accepted its replacement
05:44  drained  shop_3 serves nobody any more (0)
05:44  replace  shop_3 (drained)
08:02  ready    shop_3 is healthy on 2.0.0
08:02  done     3 nodes ready on 2.0.0, shop_0 failed within the limit
08:02  restored shop_0 stays: put back into service
completed: 3 nodes ready on 2.0.0, shop_0 failed within the limit
= 1.0.0 2.0.0 2.0.0 2.0.0, 4 serve; the model names 2.0.0; record whole
