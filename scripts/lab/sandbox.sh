#!/bin/bash
# sandbox.sh DIR SCRIPT SECONDS: runs SCRIPT in a throw-away copy of this machine and prints what it prints.
#
# The copy is an overlay whose upper layer is a tmpfs in DIR, with its own processes, network (loopback only), host name,
# devices and temporary folders. A script may therefore remove libraries, fill disks and take ports. Needs root.
set -eu
dir=$1 script=$2 seconds=$3

if [ -z "${LAB_INSIDE:-}" ]; then
    exec env -i LAB_INSIDE=1 PATH="$PATH" TERM=dumb \
        unshare --mount --pid --net --uts --ipc --fork --kill-child "$BASH" "$0" "$@"
fi

mount --make-rprivate /
mount -t tmpfs -o size=1g lab "$dir"
mkdir "$dir/upper" "$dir/work" "$dir/root"
mount -t overlay -o "lowerdir=/,upperdir=$dir/upper,workdir=$dir/work" overlay "$dir/root"
root=$dir/root
cp "$script" "$dir/script"

hostname app
ip link set lo up 2>/dev/null || true

# What names this machine is replaced, and what does not belong to a container is hidden.
for hidden in work root home tmp run var/tmp var/log media mnt; do
    [ -d "$root/$hidden" ] && mount -t tmpfs -o size=256m tmpfs "$root/$hidden"
done
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
echo app >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 app\n' >"$root/etc/hosts"
echo 'nameserver 127.0.0.1' >"$root/etc/resolv.conf"
sed -i '/^[^:]*:[^:]*:1000:/d' "$root/etc/passwd" "$root/etc/group"
echo 'retro:x:1000:1000::/home/retro:/bin/bash' >>"$root/etc/passwd"
echo 'retro:x:1000:' >>"$root/etc/group"

mount -t proc proc "$root/proc"
sed -E 's/^(model name\s*: ).*/\1AMD Ryzen 7 5700X 8-Core Processor/; s/^(vendor_id\s*: ).*/\1AuthenticAMD/' /proc/cpuinfo >"$dir/cpuinfo"
mount --bind "$dir/cpuinfo" "$root/proc/cpuinfo"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir -p "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777,size=256m tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
node() { mknod -m 666 "$root/dev/$1" c "$2" "$3"; }
node null 1 3; node zero 1 5; node full 1 7; node random 1 8; node urandom 1 9; node tty 5 0

mkdir -p "$root/run/user/wolf" "$root/run/lock" "$root/run/dbus" "$root/home/retro" "$root/tmp/.X11-unix" "$root/var/log"
chmod 1777 "$root/tmp" "$root/tmp/.X11-unix" "$root/var/tmp"
chmod 700 "$root/run/user/wolf"
chown 1000:1000 "$root/run/user/wolf" "$root/home/retro"
chmod 755 "$root/home"
chmod 755 "$dir" "$root"

{
    cat <<'PRELUDE'
# app CMD…: runs CMD as the user of the app container
app() { setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps=-all -- env HOME=/home/retro USER=retro LOGNAME=retro "$@"; }
# display: a compositor that stands in for Wolf's, at wayland-1; what it prints is not part of the record
display() {
    app weston --backend=headless-backend.so --socket=wayland-1 --idle-time=0 --width=1280 --height=720 >/dev/null 2>&1 &
    for _ in $(seq 50); do [ -S /run/user/wolf/wayland-1 ] && break; sleep 0.1; done
    export WAYLAND_DISPLAY=wayland-1
}
# sound: a sound server in the place of Wolf's, likewise
sound() {
    export PULSE_SERVER=unix:/run/user/wolf/pulse-socket
    app pulseaudio -n --exit-idle-time=-1 -L module-null-sink -L "module-native-protocol-unix auth-anonymous=1 socket=/run/user/wolf/pulse-socket" >/dev/null 2>&1 &
    for _ in $(seq 50); do [ -S /run/user/wolf/pulse-socket ] && break; sleep 0.1; done
}
# startup: runs the script on its standard input as that user, under the name that it has in the app images
startup() { mkdir -p /opt/gow; cat >/opt/gow/startup-app.sh; chmod 755 /opt/gow/startup-app.sh; app bash /opt/gow/startup-app.sh; }
# lib NAME: the path of a shared library
lib() { ldconfig -p | awk -v n="$1" '$1 == n { print $NF; exit }'; }
# gone LIB: removes a shared library, all its names
gone() { p=$(readlink -f "$(lib "$1")"); rm -f "$p" "$(lib "$1")"; }
# cgroups: mounts the control groups (version 1) where container runtimes look for them
cgroups() {
    mount -t tmpfs cgroup /sys/fs/cgroup
    for c in memory cpu cpuacct cpuset pids devices freezer blkio; do mkdir "/sys/fs/cgroup/$c"; mount -t cgroup -o "$c" cgroup "/sys/fs/cgroup/$c"; done
    mkdir /sys/fs/cgroup/systemd; mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
}
# rootfs DIR: puts the smallest root file system there, with a shell
rootfs() {
    mkdir -p "$1"/bin "$1"/proc "$1"/dev "$1"/sys "$1"/etc "$1"/tmp "$1"/lib64 "$1"/lib/x86_64-linux-gnu
    cp /bin/busybox "$1/bin/"
    for tool in sh ls cat sleep echo id mount true mkdir; do ln -s busybox "$1/bin/$tool"; done
    cp /lib64/ld-linux-x86-64.so.2 "$1/lib64/"
    ldd /bin/busybox | awk '/=> \// { print $3 }' | xargs -I{} cp {} "$1/lib/x86_64-linux-gnu/"
}
# small DIR SIZE: puts a small file system at DIR
small() { mkdir -p "$1"; mount -t tmpfs -o "size=$2,mode=1777" tmpfs "$1"; }
export HOME=/root USER=root LANG=C.UTF-8 XDG_RUNTIME_DIR=/run/user/wolf PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games
unset LAB_INSIDE OLDPWD
cd /home/retro
PRELUDE
    cat "$dir/script"
} >"$root/entrypoint.sh"

exec chroot "$root" timeout -k 2 "$seconds" bash /entrypoint.sh </dev/null 2>&1
