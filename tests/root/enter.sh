#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in another root: enter.sh ROOT COMMAND... Nothing of the old root is left in sight but its devices. To be started
# as process 1 of namespaces of its own: unshare --mount --pid --fork --propagation private.
set -eu

root=$1
shift
mountpoint -q "$root" || mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null zero full random urandom tty kvm; do
	[ -c "/dev/$device" ] || continue
	: >"$root/dev/$device"
	mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"

cd "$root"
mkdir -p .old-root
pivot_root . .old-root
exec chroot . /bin/sh -c 'umount -l /.old-root && rmdir /.old-root && exec "$@"' sh "$@"
