# A node vanishes between the look that chose it and the call that upgrades it.
fleet nodes=4
upgrade imageVersionId=2.0.0
  before POST /manualupgrade: vanish node=shop_0
----
> upgrade imageVersionId=2.0.0
00:00  note     all 4 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  note     shop_0 left the set meanwhile, looking again: Upgrading instances 0 of scale set shop failed: 400 InvalidParameter: The provided instanceId 0 is not an active Virtual Machine Scale Set VM instanceId. (correlation id b54fc349-5618-4211-a49e-bf317b644e09)
01:08  gone     shop_0 has left the set
01:08  drain    shop_3 (1 of 3 old nodes, maxUnavailable is 1)
01:20  drained  shop_3 serves nobody any more (0)
01:20  replace  shop_3 (drained)
03:38  ready    shop_3 is healthy on 2.0.0
03:38  drain    shop_1 (1 of 2 old nodes, maxUnavailable is 1)
03:50  drained  shop_1 serves nobody any more (0)
03:50  replace  shop_1 (drained)
06:08  ready    shop_1 is healthy on 2.0.0
06:08  drain    shop_2 (1 of 1 old node, maxUnavailable is 1)
06:20  drained  shop_2 serves nobody any more (0)
06:20  replace  shop_2 (drained)
08:38  ready    shop_2 is healthy on 2.0.0
08:38  done     3 nodes ready on 2.0.0
completed: 3 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0, 3 serve; the model names 2.0.0; record whole
