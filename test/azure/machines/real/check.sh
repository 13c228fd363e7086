#!/bin/sh
# Tries, in namespaces of its own, what a machine needs of the kernel. Nothing of it outlives this script.
set -eu
mount -t tmpfs tmpfs /mnt
mkdir /mnt/up /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work overlay /mnt/root
ip link add phxtry type veth peer name phxtry2
