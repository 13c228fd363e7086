# The agent dies again and again, each time a little later: each run goes on where the one before was, and the last one ends it.
fleet nodes=3
upgrade imageVersionId=2.0.0
  at 20s: kill
upgrade imageVersionId=2.0.0
  when replace shop_0: kill
later 1m
upgrade imageVersionId=2.0.0
  when drain shop_1: kill
upgrade imageVersionId=2.0.0
  when replace shop_1: kill
later 2m
upgrade imageVersionId=2.0.0
  when drained shop_2: kill
upgrade imageVersionId=2.0.0
----
> upgrade imageVersionId=2.0.0
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 3 old nodes, maxUnavailable is 1)
the agent died
= 1.0.0 1.0.0 1.0.0, 2 serve; the model names 1.0.0; record rolling

> upgrade imageVersionId=2.0.0
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:06  drained  shop_0 serves nobody any more (0)
00:32  replace  shop_0 (drained)
the agent died
= 2.0.0 1.0.0 1.0.0, 2 serve; the model names 2.0.0; record rolling

> later 1m
= 2.0.0 1.0.0 1.0.0, 2 serve; the model names 2.0.0; record rolling

> upgrade imageVersionId=2.0.0
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
01:34  drain    shop_1 (1 of 2 old nodes, maxUnavailable is 1)
the agent died
= 2.0.0 1.0.0 1.0.0, 3 serve; the model names 2.0.0; record rolling

> upgrade imageVersionId=2.0.0
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:46  drain    shop_1 (1 of 2 old nodes, maxUnavailable is 1)
00:58  drained  shop_1 serves nobody any more (0)
00:58  replace  shop_1 (drained)
the agent died
= 2.0.0 2.0.0 1.0.0, 2 serve; the model names 2.0.0; record rolling

> later 2m
= 2.0.0 2.0.0 1.0.0, 3 serve; the model names 2.0.0; record rolling

> upgrade imageVersionId=2.0.0
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:46  drain    shop_2 (1 of 1 old node, maxUnavailable is 1)
00:58  drained  shop_2 serves nobody any more (0)
the agent died
= 2.0.0 2.0.0 1.0.0, 2 serve; the model names 2.0.0; record rolling

> upgrade imageVersionId=2.0.0
00:00  note     all 3 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 3 nodes is less than one node; 1 is used
00:46  drain    shop_2 (1 of 1 old node, maxUnavailable is 1)
00:58  drained  shop_2 serves nobody any more (0)
00:58  replace  shop_2 (drained)
03:16  ready    shop_2 is healthy on 2.0.0
03:16  done     3 nodes ready on 2.0.0
completed: 3 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0, 3 serve; the model names 2.0.0; record whole
