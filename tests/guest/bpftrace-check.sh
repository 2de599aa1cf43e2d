#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Bindwalk's witness beside bpftrace: the two probes of the founding article, on its binds, under other kernels. Speaks TAP: one
# test for each kernel of BINDWALK_GUEST_KERNELS ("6.1 6.12"). A guest takes 1500 MB and a minute: not part of the checks.
set -u

here=$(cd "$(dirname "$0")" && pwd)
. "$here/guest.sh"

why=$(guest_lacks) || { echo "1..0 # SKIP $why"; exit 0; }
command -v bpftrace >/dev/null 2>&1 || { echo "1..0 # SKIP bpftrace is missing (Debian's package bpftrace)"; exit 0; }
guest_folder || exit 1
kernels=${BINDWALK_GUEST_KERNELS:-6.1 6.12}
"$here/fetch.sh" "$guest_cache" $kernels >"$work/kernels" || { echo "1..0 # SKIP cannot make a cache in $guest_cache"; exit 0; }
add_userland
add_program "$build/bindwalk" usr/sbin/bindwalk
add_program "$(command -v bpftrace)" usr/sbin/bpftrace
install -m 755 "$here/article.sh" "$root/job/programs/article"
cp "$here/article.bt" "$root/job/"
echo "export LC_ALL=C.UTF-8" >"$root/job/environment"
pack "$work/programs.cpio"
memory=1500
number=0
bad=0
while read -r series folder reason; do
	number=$((number + 1))
	if [ "$folder" = - ]; then
		echo "ok $number - $series # SKIP $reason"
		continue
	fi
	cat "$folder/modules.cpio" "$work/programs.cpio" >"$work/initrd"
	boot tcg 400 "$folder" "$work/initrd" "$work/output"
	if grep -q '^@@STATUS 0' "$work/output"; then
		echo "ok $number - $(cat "$folder/version"): bpftrace and Bindwalk say the same"
	elif grep -q '^@@STATUS 77' "$work/output"; then
		echo "ok $number - $(cat "$folder/version") # SKIP bpftrace does not run there"
	else
		echo "not ok $number - $(cat "$folder/version"): bpftrace and Bindwalk differ"
		grep -q '^@@END' "$work/output" || tail -n 20 "$work/output.console" | tr -d '\r' | sed 's/^/# /'
		bad=1
	fi
	tr -d '\r' <"$work/output" | grep -v '^@@' | sed 's/^/# /'
done <"$work/kernels"
echo "1..$number"
exit "$bad"
