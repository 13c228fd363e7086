#!/bin/sh
# Builds one machine out of namespaces that unshare(1) has just made, and becomes its first process.
# Runs with all rights, on the host's programs alone: what the machine's own disk holds is not trusted, so the rights
# are dropped before the first program of that disk runs.
# usage: boot.sh <keeper's pid> <folder of the owner> <root> <overlay options> <host name> <address> <gateway> <node> <capabilities>
set -eu

# What follows changes names, mounts and rights: outside namespaces of its own it would do so to the host. The /proc in
# sight is still the host's.
keeper=$1
for kind in mnt pid net ipc uts; do
  if [ "$(readlink /proc/self/ns/$kind)" = "$(readlink "/proc/$keeper/ns/$kind")" ]; then
    echo "boot.sh: not in a $kind namespace of its own" >&2
    exit 1
  fi
done
if [ $$ != 1 ]; then
  echo 'boot.sh: not the first process of its namespace' >&2
  exit 1
fi

owner=$2 root=$3 options=$4 name=$5 address=$6 gateway=$7 node=$8 capabilities=$9

# The host moves the network link in once it knows that the namespaces exist, and says so on standard input.
echo namespaces
cd "$owner"
hostname "$name"
mount -t overlay -o "nodev,$options" overlay "$root"
cd "$root"

mount -t proc -o nosuid,nodev,noexec proc proc
# What root could change or read of the host by file permission alone: the lists that container runtimes use (OCI runtime-spec, config-linux.md).
for path in bus fs irq sys sysrq-trigger; do
  if [ -e "proc/$path" ]; then mount --bind "proc/$path" "proc/$path" && mount -o remount,bind,ro,nosuid,nodev,noexec "proc/$path"; fi
done
for path in kcore keys latency_stats timer_list sched_debug kmsg; do
  if [ -f "proc/$path" ]; then mount --bind /dev/null "proc/$path"; fi
done
for path in acpi asound scsi; do
  if [ -d "proc/$path" ]; then mount -t tmpfs -o ro,size=4k tmpfs "proc/$path"; fi
done
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
if [ -d sys/firmware ]; then mount -t tmpfs -o ro,size=4k tmpfs sys/firmware; fi

mount -t tmpfs -o nosuid,noexec,mode=755,size=1m tmpfs dev
mkdir dev/pts dev/shm
for device in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "dev/${device%:*}" c 1 "${device#*:}"; done
mknod -m 666 dev/tty c 5 0
mount -t devpts -o newinstance,nosuid,noexec,ptmxmode=0666,mode=0620 devpts dev/pts
mount -t tmpfs -o nosuid,nodev,noexec,mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t tmpfs -o nosuid,nodev,mode=755 tmpfs run
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs tmp
# The node that runs the simulation is the machine's node too, wherever the host keeps it.
mount --bind "$node" usr/local/bin/node
mount -o remount,bind,ro,nosuid,nodev usr/local/bin/node

read -r _
ip link set lo up
ip address add "$address" peer "$gateway" dev eth0
ip link set eth0 up
ip link set md0 up
ip route add 169.254.169.254/32 dev md0 src "$address"

# As an initramfs does it: the new root is moved over the old one. This shell still sees the old one, so setpriv and
# chroot are the host's; the file system of the machine is all that anything started from here on can reach.
mount --move . /
exec setpriv --bounding-set "-all,$capabilities" --inh-caps -all -- chroot . /usr/lib/machine/first-process
