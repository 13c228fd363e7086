#!/bin/sh
# Listens at the address of the metadata service in the network namespace that unshare(1) has just made, and hands the
# listening socket to the parent over Node's channel. It stays as the namespace's handle until the parent lets go.
# usage: metadata-keeper.sh <folder of the owner> <address> <node>
set -eu
folder=$1 address=$2 node=$3

# Nothing passes through from one machine to another, whatever the host does.
forward=/proc/sys/net/ipv4/ip_forward
if [ "$(cat $forward)" != 0 ]; then echo 0 >$forward; fi
ip link set lo up
ip address add "$address/32" dev lo

exec "$node" -e '
  const server = require("node:net").createServer();
  process.on("message", () => {});
  process.on("disconnect", () => process.exit());
  server.listen(80, process.argv[1], () => process.send("listening", server, () => server.close()));
' "$address" "$folder"
