# Nodes run nine images already: there is room for the new one, and for the way back.
fleet nodes=10
image 1.1.0
image 1.2.0
image 1.3.0
image 1.4.0
image 1.5.0
image 1.6.0
image 1.7.0
image 1.8.0
bring node=shop_1 version=1.1.0
bring node=shop_2 version=1.2.0
bring node=shop_3 version=1.3.0
bring node=shop_4 version=1.4.0
bring node=shop_5 version=1.5.0
bring node=shop_6 version=1.6.0
bring node=shop_7 version=1.7.0
bring node=shop_8 version=1.8.0
writeImage version=1.0.0
upgrade imageVersionId=2.0.0 nodes=1 allowModelDrift=true
upgrade imageVersionId=2.0.0 allowModelDrift=true
----
> bring node=shop_1 version=1.1.0
= 1.0.0 1.1.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0, 9 serve; the model names 1.1.0; record none

> bring node=shop_2 version=1.2.0
= 1.0.0 1.1.0 1.2.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0, 9 serve; the model names 1.2.0; record none

> bring node=shop_3 version=1.3.0
= 1.0.0 1.1.0 1.2.0 1.3.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0, 9 serve; the model names 1.3.0; record none

> bring node=shop_4 version=1.4.0
= 1.0.0 1.1.0 1.2.0 1.3.0 1.4.0 1.0.0 1.0.0 1.0.0 1.0.0 1.0.0, 9 serve; the model names 1.4.0; record none

> bring node=shop_5 version=1.5.0
= 1.0.0 1.1.0 1.2.0 1.3.0 1.4.0 1.5.0 1.0.0 1.0.0 1.0.0 1.0.0, 9 serve; the model names 1.5.0; record none

> bring node=shop_6 version=1.6.0
= 1.0.0 1.1.0 1.2.0 1.3.0 1.4.0 1.5.0 1.6.0 1.0.0 1.0.0 1.0.0, 9 serve; the model names 1.6.0; record none

> bring node=shop_7 version=1.7.0
= 1.0.0 1.1.0 1.2.0 1.3.0 1.4.0 1.5.0 1.6.0 1.7.0 1.0.0 1.0.0, 9 serve; the model names 1.7.0; record none

> bring node=shop_8 version=1.8.0
= 1.0.0 1.1.0 1.2.0 1.3.0 1.4.0 1.5.0 1.6.0 1.7.0 1.8.0 1.0.0, 9 serve; the model names 1.8.0; record none

> writeImage version=1.0.0
= 1.0.0 1.1.0 1.2.0 1.3.0 1.4.0 1.5.0 1.6.0 1.7.0 1.8.0 1.0.0, 9 serve; the model names 1.0.0; record none

> upgrade imageVersionId=2.0.0 nodes=1 allowModelDrift=true
00:00  note     allowed by allowModelDrift: an upgrade changes more than the image of shop_0 (latestModelApplied is false, and its image is that of the model), shop_9 (latestModelApplied is false, and its image is that of the model)
00:00  note     1 of 10 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 2 unavailable at a time; way back: 1.0.0
00:00  note     out of service before we came: 8
00:16  drain    shop_0 (1 of 10 old nodes, maxUnavailable is 2)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
03:02  ready    shop_0 is healthy on 2.0.0
03:02  done     1 node ready on 2.0.0
03:02  note     the model could not be put back and still names 2.0.0: a node that scales out gets it until the rollout goes on (Writing the end of the rollout into the tags of scale set shop failed: 409 OperationNotAllowed: Virtual Machine Scale Set 'shop' has reached its limit of 10 models that may be referenced by one or more VMs belonging to the Virtual Machine Scale Set. Upgrade the VMs to the latest model of the Virtual Machine Scale Set before trying again. (correlation id 76bf9aa9-7c51-4440-a758-76232e86ac36))
completed: 1 node ready on 2.0.0
= 2.0.0 1.1.0 1.2.0 1.3.0 1.4.0 1.5.0 1.6.0 1.7.0 1.8.0 1.0.0, 10 serve; the model names 2.0.0; record waiting

> upgrade imageVersionId=2.0.0 allowModelDrift=true
00:00  note     all 10 nodes of shop go to 2.0.0 of gallery/web
00:00  note     at most 2 unavailable at a time; way back: 1.0.0
00:00  note     looking back: 1 of 1 node of the stages before runs 2.0.0
00:00  note     out of service before we came: 8
00:30  lookBack 1 of 1 node of the stages before runs 2.0.0 and is healthy
00:46  drain    shop_1, shop_2 (2 of 9 old nodes, maxUnavailable is 2)
00:58  drained  shop_1, shop_2 serve nobody any more (0)
00:58  replace  shop_1, shop_2 (drained)
03:16  ready    shop_1, shop_2 are healthy on 2.0.0
03:16  drain    shop_3, shop_4 (2 of 7 old nodes, maxUnavailable is 2)
03:28  drained  shop_3, shop_4 serve nobody any more (0)
03:28  replace  shop_3, shop_4 (drained)
05:46  ready    shop_3, shop_4 are healthy on 2.0.0
05:46  drain    shop_5, shop_6 (2 of 5 old nodes, maxUnavailable is 2)
05:58  drained  shop_5, shop_6 serve nobody any more (0)
05:58  replace  shop_5, shop_6 (drained)
08:16  ready    shop_5, shop_6 are healthy on 2.0.0
08:16  drain    shop_7, shop_8 (2 of 3 old nodes, maxUnavailable is 2)
08:28  drained  shop_7, shop_8 serve nobody any more (0)
08:28  replace  shop_7, shop_8 (drained)
10:46  ready    shop_7, shop_8 are healthy on 2.0.0
10:46  drain    shop_9 (1 of 1 old node, maxUnavailable is 2)
10:58  drained  shop_9 serves nobody any more (0)
10:58  replace  shop_9 (drained)
13:16  ready    shop_9 is healthy on 2.0.0
13:16  done     10 nodes ready on 2.0.0
completed: 10 nodes ready on 2.0.0
= 2.0.0 2.0.0 2.0.0 2.0.0 2.0.0 2.0.0 2.0.0 2.0.0 2.0.0 2.0.0, 10 serve; the model names 2.0.0; record whole
