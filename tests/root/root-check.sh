#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ./bootstrap run and check in minimal roots of Debian releases, which have nothing that bootstrap does not install, and the tests
# again after ip, sysctl and nsenter are gone: root-check.sh FOLDER RELEASE... The roots are made in the folder from the mirrors that
# this machine's apt uses, and removed; logs stay. What is checked is a clone of HEAD.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$here/../guest/mirrors.sh"

complain()
{
	echo "root-check: $*" >&2
	exit 1
}

[ "$(id -u)" -eq 0 ] || complain "only root can make a root"
for tool in mmdebstrap git unshare pivot_root; do
	command -v $tool >/dev/null 2>&1 || complain "$tool is not installed"
done
folder=$1
shift
mkdir -p "$folder" && cd "$folder" || exit 1
sources=$(machine_sources)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
status=0

# How this machine's apt reaches its mirrors goes for the root as well.
make_root()
{
	apt-config dump | grep '^Acquire::' | grep -v '^Acquire::IndexTargets' >acquire.conf
	rm -rf "$1"
	for suite in "$1" "$1-security"; do
		for mirror in $(mirrors_for "$suite" "$sources"); do
			echo "deb [signed-by=$keyring] $mirror $suite main"
		done
	done | mmdebstrap --quiet --mode=root --variant=minbase --aptopt="$PWD/acquire.conf" "$1" "$1" - &&
		cp /etc/hosts /etc/resolv.conf "$1/etc/" && git clone -q --no-hardlinks "$top" "$1/bindwalk"
}

# step RELEASE NAME COMMAND: runs the command in the root's clone. The last line that it prints is told.
step()
{
	began=$(date +%s)
	# shellcheck disable=SC2046 # name=value, without blanks
	if unshare --mount --pid --ipc --uts --fork --kill-child --propagation private "$here/enter.sh" "$1" \
		/usr/bin/env -i $(env | grep -iE '^([a-z]*_proxy|bindwalk_[a-z_]*)=') HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		sh -c "cd /bindwalk && $3" >"$1-$2.log" 2>&1 </dev/null; then
		result=ok
	else
		result="not ok"
		status=1
	fi
	echo "$result - $1: $3: $(grep . "$1-$2.log" | tail -n 1) ($(($(date +%s) - began)) s)"
}

for release; do
	make_root "$release" >"$release-root.log" 2>&1 || complain "no root of $release: $(tail -n 1 "$release-root.log")"
	step "$release" run "./bootstrap run"
	step "$release" check "./bootstrap check"
	for tool in ip sysctl nsenter; do
		rm -f "$release/bin/$tool" "$release/sbin/$tool" "$release/usr/bin/$tool" "$release/usr/sbin/$tool"
	done
	step "$release" bare "make -C .build check && tests/totals.sh .build"
	rm -rf "$release"
done
exit $status
