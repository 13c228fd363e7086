# Runs Node.js in a container: a root of its own with nothing in it but libraries, the agent's folders where the agent mounts
# them, and a user that has no name. $0 is the step's folder on the host, $1 Node.js, $2 the task's program.
set -e
root="$0/container"
mkdir "$root"
mount -t tmpfs container "$root"
mkdir -p "$root"/{usr,proc,dev,tmp} "$root"/__w/{1/s,_temp,_tasks/Task} "$root"/__a/externals/node/bin
for folder in lib lib64 usr/lib usr/lib64; do
  [ -e "/$folder" ] || continue
  if [ -L "/$folder" ]; then cp -P "/$folder" "$root/$folder"; continue; fi
  mkdir -p "$root/$folder"
  mount --rbind -o ro "/$folder" "$root/$folder"
done
mount -t proc proc "$root/proc"
for device in null urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
touch "$root/__a/externals/node/bin/node"
mount --bind "$1" "$root/__a/externals/node/bin/node"
chmod -R a+rwX "$0/work" "$0/temp"
mount --bind "$0/work" "$root/__w/1/s"
mount --bind "$0/temp" "$root/__w/_temp"
mount --bind "$0/task" "$root/__w/_tasks/Task"
mount -o remount,bind,ro "$root/__w/_tasks/Task"
chmod -R a+rX "$0/task"
# The agent, too, starts the task by a program of its own in there, which goes to the working folder first.
start='process.chdir("/__w/1/s"); require("node:child_process").spawn(process.execPath, [process.argv[1]], { stdio: "inherit" }).on("exit", (code) => process.exit(code))'
exec chroot --userspec=4711:4711 --groups= "$root" /__a/externals/node/bin/node -e "$start" "/__w/_tasks/Task/$(basename "$2")"
