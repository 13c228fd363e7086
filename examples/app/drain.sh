#!/bin/sh
# Sent to a node before it leaves (drainScript). Exit code 0: nobody is left on this node, it may go.
#
# SETTLE_SECONDS: how long the balancer may still send new connections after the health check has begun to fail: more
# than the probe's interval times its threshold. An empty node that left before that would cut off who comes last.
# LONGEST_SECONDS: when to give up; keep it under the task's drainTimeout.
settle=${SETTLE_SECONDS:-7}
longest=${LONGEST_SECONDS:-90}

phoenix-drain start > /dev/null || exit 1
sleep "$settle"
waited=$settle
while true; do
  sessions=$(phoenix-drain status) || exit 1
  [ "$sessions" = 0 ] && break
  if [ "$waited" -ge "$longest" ]; then
    echo "$sessions sessions are left after $waited seconds"
    exit 2
  fi
  sleep 1
  waited=$((waited + 1))
done
echo "No session is left after $waited seconds"
