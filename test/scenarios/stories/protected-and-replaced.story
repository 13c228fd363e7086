# Node 1 is protected from actions of the set, and is brought along all the same. The agent dies while its protection is lifted; the next run goes on with it, and gives it back.
fleet nodes=3
protect node=shop_1
upgrade imageVersionId=2.0.0 protectedNodes=replace nodeHealthTimeout=5m
  when paused shop_1: kill
upgrade imageVersionId=2.0.0 protectedNodes=replace nodeHealthTimeout=5m
----
> protect node=shop_1
= 1.0.0 1.0.0 1.0.0, 3 serve; the model names 1.0.0; record none

> upgrade imageVersionId=2.0.0 protectedNodes=replace nodeHealthTimeout=5m
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     protected, and to be replaced all the same: instances 1
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 3 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
03:02  ready    shop_0 is healthy on 2.0.0
03:02  drain    shop_1 (1 of 2 old nodes, maxUnavailable is 1)
03:14  drained  shop_1 serves nobody any more (0)
03:14  paused   shop_1 is not protected from actions of the set until it is replaced
the agent died
= 2.0.0 1.0.0 1.0.0, 2 serve; the model names 2.0.0; record rolling

> upgrade imageVersionId=2.0.0 protectedNodes=replace nodeHealthTimeout=5m
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     protected, and to be replaced all the same: instances 1
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:46  drain    shop_1 (1 of 2 old nodes, maxUnavailable is 1)
00:58  drained  shop_1 serves nobody any more (0)
00:58  replace  shop_1 (drained)
02:34  restored shop_1 is protected from actions of the set again
03:16  ready    shop_1 is healthy on 2.0.0
03:16  drain    shop_2 (1 of 1 old node, maxUnavailable is 1)
03:28  drained  shop_2 serves nobody any more (0)
03:28  replace  shop_2 (drained)
05:46  ready    shop_2 is healthy on 2.0.0
05:46  done     3 nodes ready on 2.0.0
completed: 3 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0, 3 serve; the model names 2.0.0; record whole
