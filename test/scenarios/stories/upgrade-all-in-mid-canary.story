# Somebody presses "upgrade all" in the portal while the canary gets its new disk.
fleet nodes=4
upgrade imageVersionId=2.0.0 nodes=1
  when replace shop_0: upgradeAll
----
> upgrade imageVersionId=2.0.0 nodes=1
00:00  note     1 of 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
02:14  others   shop_1, shop_2, shop_3 got 2.0.0 by an upgrade that this run did not start
03:02  ready    shop_0 is healthy on 2.0.0
04:32  done     4 nodes ready on 2.0.0
completed: 4 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0 2.0.0, 4 serve; the model names 2.0.0; record whole
