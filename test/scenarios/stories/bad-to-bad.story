# Two bad images one after the other: each takes one node and is taken back; the way back never leads to a bad one.
fleet nodes=4
image 1.8.0 never-healthy
image 1.9.0 breaks
upgrade imageVersionId=1.8.0 onFailure=rollback
upgrade imageVersionId=1.9.0 onFailure=rollback
----
> upgrade imageVersionId=1.8.0 onFailure=rollback
00:00  note     all 4 nodes of shop go to 1.8.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
10:44  broken   shop_0: unhealthy on 1.8.0 600 s after Azure has accepted its replacement
10:44  halt     1 node failed, the limit is 0: shop_0: unhealthy on 1.8.0 600 s after Azure has accepted its replacement
10:54  back     taking it back to 1.0.0: 1 node failed, the limit is 0: shop_0: unhealthy on 1.8.0 600 s after Azure has accepted its replacement
11:04  note     the model names the image to go back to: nothing new starts on the bad one
11:34  drain    shop_0 (1 of 1 old node, maxUnavailable is 1)
11:46  drained  shop_0 serves nobody any more (0)
11:46  replace  shop_0 (drained)
14:04  ready    shop_0 is healthy on 1.0.0
14:04  done     4 nodes ready on 1.0.0
rolledBack: 1 node failed, the limit is 0: shop_0: unhealthy on 1.8.0 600 s after Azure has accepted its replacement; 4 nodes ready on 1.0.0
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record rolledBack

> upgrade imageVersionId=1.9.0 onFailure=rollback
00:00  note     all 4 nodes of shop go to 1.9.0 of gallery/web
00:00  note     at most 1 unavailable at a time; way back: 1.0.0
00:00  note     maxUnavailable 20% of 4 nodes is less than one node; 1 is used
00:16  drain    shop_0 (1 of 4 old nodes, maxUnavailable is 1)
00:28  drained  shop_0 serves nobody any more (0)
00:44  replace  shop_0 (drained)
02:14  broken   shop_0: Upgrade failed: OSProvisioningTimedOut: OS Provisioning for VM 'shop000000' did not finish in the allotted time. The VM may still finish provisioning successfully. Please check provisioning status later. (correlation id cadf80e5-bb63-4727-a9fe-cbf5a1583b1f)
02:14  halt     1 node failed, the limit is 0: shop_0: Upgrade failed: OSProvisioningTimedOut: OS Provisioning for VM 'shop000000' did not finish in the allotted time. The VM may still finish provisioning successfully. Please check provisioning status later. (correlation id cadf80e5-bb63-4727-a9fe-cbf5a1583b1f)
02:24  back     taking it back to 1.0.0: 1 node failed, the limit is 0: shop_0: Upgrade failed: OSProvisioningTimedOut: OS Provisioning for VM 'shop000000' did not finish in the allotted time. The VM may still finish provisioning successfully. Please check provisioning status later. (correlation id cadf80e5-bb63-4727-a9fe-cbf5a1583b1f)
02:34  note     the model names the image to go back to: nothing new starts on the bad one
03:04  drain    shop_0 (1 of 1 old node, maxUnavailable is 1)
03:16  drained  shop_0 serves nobody any more (0)
03:16  replace  shop_0 (drained)
05:34  ready    shop_0 is healthy on 1.0.0
05:34  done     4 nodes ready on 1.0.0
rolledBack: 1 node failed, the limit is 0: shop_0: Upgrade failed: OSProvisioningTimedOut: OS Provisioning for VM 'shop000000' did not finish in the allotted time. The VM may still finish provisioning successfully. Please check provisioning status later. (correlation id cadf80e5-bb63-4727-a9fe-cbf5a1583b1f); 4 nodes ready on 1.0.0
= 1.0.0 1.0.0 1.0.0 1.0.0, 4 serve; the model names 1.0.0; record rolledBack
