# All nodes run the image already: a canary gets a fresh disk of it, then the agent dies over the others, and the next run renews those that are left.
fleet nodes=4 zones=3
upgrade imageVersionId=1.0.0 force=true nodes=1
upgrade imageVersionId=1.0.0 force=true
  when renew shop_2: kill
later 5m
upgrade imageVersionId=1.0.0
upgrade imageVersionId=1.0.0 force=true
upgrade imageVersionId=1.0.0 force=true
upgrade imageVersionId=1.0.0
----
> upgrade imageVersionId=1.0.0 force=true nodes=1
00:00  note     1 of 4 nodes of shop go to 1.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: none, 1.0.0 is the proven image already
00:00  note     force: 4 of 4 nodes run 1.0.0 already and are to get a fresh disk of it
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:28  renew    shop_0 (drained)
02:46  ready    shop_0 is healthy on 1.0.0
02:46  done     1 node ready on 1.0.0
completed: 1 node ready on 1.0.0
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record waiting

> upgrade imageVersionId=1.0.0 force=true
00:00  note     all 4 nodes of shop go to 1.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: none, 1.0.0 is the proven image already
00:00  note     force: 3 of 4 nodes run 1.0.0 already and are to get a fresh disk of it
00:00  note     looking back: 1 of 1 node of the stages before runs 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:30  lookBack 1 of 1 node of the stages before runs 1.0.0 and is healthy
00:46  drain    shop_1 (1 of 3 old nodes, maxUnavailable is 1)
00:58  drained  shop_1 serves nobody any more (0)
00:58  renew    shop_1 (drained)
03:16  ready    shop_1 is healthy on 1.0.0
03:16  drain    shop_2 (1 of 2 old nodes, maxUnavailable is 1)
03:28  drained  shop_2 serves nobody any more (0)
03:28  renew    shop_2 (drained)
the agent died
= 1.0.0 1.0.0 1.0.0 1.0.0, 3 serve; the model names 1.0.0; record rolling

> later 5m
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record rolling

> upgrade imageVersionId=1.0.0
refused (ForceChangedMidway): Input "force" is false, and rollout 00000001-0000-4000-8000-000000000000 of scale set shop to /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/1.0.0 (rolling) was begun with force: true: it also renews nodes that ran the image before Run the task with force: true until that rollout is finished. Or close it as it stands: RollbackScaleSet with recordAction: adopt, when every node runs the image. There is nothing to take back.
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record rolling

> upgrade imageVersionId=1.0.0 force=true
00:00  note     all 4 nodes of shop go to 1.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: none, 1.0.0 is the proven image already
00:00  note     force: 1 of 4 nodes runs 1.0.0 already and is to get a fresh disk of it
00:00  note     looking back: 1 of 1 node of the stages before run 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:30  lookBack 1 of 1 node of the stages before run 1.0.0 and are healthy
00:46  drain    shop_3 (1 of 1 old node, maxUnavailable is 1)
00:58  drained  shop_3 serves nobody any more (0)
00:58  renew    shop_3 (drained)
03:16  ready    shop_3 is healthy on 1.0.0
03:16  done     4 nodes ready on 1.0.0
completed: 4 nodes ready on 1.0.0
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record whole

> upgrade imageVersionId=1.0.0 force=true
00:00  note     all 4 nodes of shop go to 1.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: none, 1.0.0 is the proven image already
00:00  note     force: this pipeline run has renewed the nodes already, so none is renewed again; another run renews them
00:00  note     looking back: 4 of 4 nodes of the stages before run 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:30  lookBack 4 of 4 nodes of the stages before run 1.0.0 and are healthy
00:30  done     4 nodes ready on 1.0.0
completed: 4 nodes ready on 1.0.0
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record whole

> upgrade imageVersionId=1.0.0
00:00  note     all 4 nodes of shop go to 1.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: none, 1.0.0 is the proven image already
00:00  note     looking back: 4 of 4 nodes of the stages before run 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:30  lookBack 4 of 4 nodes of the stages before run 1.0.0 and are healthy
00:30  done     4 nodes ready on 1.0.0
completed: 4 nodes ready on 1.0.0
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record whole
