# A scale-in takes the very node that is being drained: the rollout goes on with those that are there.
fleet nodes=4
upgrade imageVersionId=2.0.0
  when drain shop_1: delete node=shop_1
----
> upgrade imageVersionId=2.0.0
00:00  note     all 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
03:02  ready    shop_0 is healthy on 2.0.0
03:02  drain    shop_1 (1 of 3 old nodes, maxUnavailable is 1)
03:26  gone     shop_1 has left the set
03:26  drain    shop_2 (1 of 2 old nodes, maxUnavailable is 1)
03:38  drained  shop_2 serves nobody any more (0)
03:38  replace  shop_2 (drained)
05:56  ready    shop_2 is healthy on 2.0.0
05:56  drain    shop_3 (1 of 1 old node, maxUnavailable is 1)
06:08  drained  shop_3 serves nobody any more (0)
06:08  replace  shop_3 (drained)
08:26  ready    shop_3 is healthy on 2.0.0
08:26  done     3 nodes ready on 2.0.0
completed: 3 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0, 3 serve; the model names 2.0.0; record whole
