# The canary was removed over the weekend: another one is made and proves itself before the rest follows.
fleet nodes=4
upgrade imageVersionId=2.0.0 nodes=1
later 60h
delete node=shop_0
later 1h
upgrade imageVersionId=2.0.0 maxUnavailable=2
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

> later 60h
= 2.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record waiting

> delete node=shop_0
= 1.0.0 1.0.0 1.0.0, 3 serve; the model names 1.0.0; record waiting

> later 1h
= 1.0.0 1.0.0 1.0.0, 3 serve; the model names 1.0.0; record waiting

> upgrade imageVersionId=2.0.0 maxUnavailable=2
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 2 unavailable at a time; way back: 1.0.0
00:00  note     looking back: 0 of 1 node of the stages before run 2.0.0; 1 to be brought again before others
00:16  drain    shop_3 (looking back: 0 of 1 node of the stages before run 2.0.0, 1 to be brought again, maxUnavailable is 2)
00:28  drained  shop_3 serves nobody any more (0)
00:44  replace  shop_3 (drained)
03:02  ready    shop_3 is healthy on 2.0.0
03:02  lookBack 1 of 1 node of the stages before runs 2.0.0 and is healthy
03:02  drain    shop_1, shop_2 (2 of 2 old nodes, maxUnavailable is 2)
03:14  drained  shop_1, shop_2 serve nobody any more (0)
03:14  replace  shop_1, shop_2 (drained)
05:32  ready    shop_1, shop_2 are healthy on 2.0.0
05:32  done     3 nodes ready on 2.0.0
completed: 3 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0, 3 serve; the model names 2.0.0; record whole
