#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches Debian's cloud kernels and keeps what a guest needs of them: fetch.sh CACHE SERIES...
#
# A series is "6.1", or "newest". For each one a line is printed: "SERIES FOLDER", or "SERIES - why there is none". A folder
# holds vmlinuz, modules.cpio and version ("6.1.192"). Packages come from the mirrors that this machine's apt uses for its own
# Debian; other suites are looked for there, again each day, as Debian drops superseded packages. Without a network the newest
# kernel of the series in the cache serves. The machine's apt is left alone: lists, state and downloads are the cache's.
#
#   BINDWALK_GUEST_MIRROR  a mirror to use instead, with debian/ and debian-security/
set -u
. "$(dirname "$0")/mirrors.sh"

cache=$1
shift
suites="bullseye-security bookworm-security trixie-backports sid"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
apt=$cache/apt
modules="dummy veth vrf sctp libcrc32c crc32c_generic udp_tunnel ip6_udp_tunnel
	inet_diag tcp_diag udp_diag raw_diag sctp_diag mptcp_diag"

# The mirrors that may have a suite.
mirrors()
{
	if [ -z "${BINDWALK_GUEST_MIRROR:-}" ]; then
		mirrors_for "$1" "$sources"
		return
	fi
	case $1 in
	*-security) echo "$BINDWALK_GUEST_MIRROR/debian-security/" ;;
	*) echo "$BINDWALK_GUEST_MIRROR/debian/" ;;
	esac
}

write_config()
{
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	cat >"$apt/apt.conf" <<-TEXT
	Dir::Etc::sourcelist "$apt/sources.list";
	Dir::Etc::sourceparts "-";
	Dir::State "$apt";
	Dir::State::lists "$apt/lists";
	Dir::State::status "/dev/null";
	Dir::Cache "$apt/cache";
	APT::Architecture "amd64";
	APT::Get::List-Cleanup "false";
	APT::Sandbox::User "";
	Acquire::Languages "none";
	Acquire::Retries "1";
	Acquire::http::Timeout "20";
	TEXT
	export APT_CONFIG="$apt/apt.conf"
}

# Reads the package lists of the suites that exist. A suite that was found before is kept when its mirror does not answer.
update_lists()
{
	: >"$apt/sources.new"
	answered=
	for suite in $suites; do
		for mirror in $(mirrors "$suite"); do
			line="deb [arch=amd64 signed-by=$keyring] $mirror $suite main"
			echo "$line" >"$apt/one.list"
			if apt-get -q update -o Dir::Etc::sourcelist="$apt/one.list" >>"$apt/update.log" 2>&1; then
				answered=yes
			elif ! grep -qsxF "$line" "$apt/sources.list"; then
				continue
			fi
			echo "$line" >>"$apt/sources.new"
			break
		done
	done
	[ -n "$answered" ] && mv "$apt/sources.new" "$apt/sources.list"
}

# "VERSION PACKAGE DEPENDS..." of each kernel image on offer, oldest first. Kept for a day.
write_index()
{
	echo "$sources ${BINDWALK_GUEST_MIRROR:-}" >"$apt/machine.new"
	cmp -s "$apt/machine.new" "$apt/machine" || rm -f "$apt/index"
	mv "$apt/machine.new" "$apt/machine"
	[ -z "$(find "$apt/index" -mtime -1 -size +0 2>/dev/null)" ] || return 0
	: >"$apt/update.log"
	update_lists || return 1
	apt-cache dumpavail | awk '
		/^Package: / { package = $2 }
		/^Version: / { version = $2 }
		/^Depends: / { depends = $0 }
		/^$/ {
			if (package ~ /^linux-image-[0-9]+\.[0-9]+\.[0-9].*-cloud-amd64$/)
				print version, package, depends
			package = depends = ""
		}' | sort -V >"$apt/index.new"
	[ -s "$apt/index.new" ] && mv "$apt/index.new" "$apt/index" # apt-get calls it a success when all lists failed
}

of_series()
{
	case $1 in
	newest) cat ;;
	*) grep "^$(echo "$1" | sed 's/\./\\./g')\." ;;
	esac | tail -n 1
}

unpack_modules()
{
	root=$1
	from=$2
	release=$3
	mkdir -p "$root/lib/modules/$release/kernel"
	for name in $modules; do
		file=$(find "$from" -name "$name.ko*" | head -n 1)
		to=$root/lib/modules/$release/kernel/$name.ko
		case $file in # a kernel may lack one, or have it built in
		*.xz) xz -dc "$file" >"$to" ;;
		*.ko) cat "$file" >"$to" ;;
		esac
	done
	busybox depmod -b "$root" "$release"
	(cd "$root" && find . | cpio -o -H newc --quiet)
}

# Into the current folder: kernel/, as the cache keeps it.
unpack()
{
	for deb in *.deb; do
		dpkg -x "$deb" x || return 1
	done
	tree=$(ls -d x/lib/modules/* x/usr/lib/modules/* 2>/dev/null | head -n 1)
	image=$(ls x/boot/vmlinuz-* "$tree/vmlinuz" 2>/dev/null | head -n 1)
	[ -n "$tree" ] && [ -n "$image" ] && mkdir kernel && mv "$image" kernel/vmlinuz &&
		unpack_modules root "$tree" "${tree##*/}" >kernel/modules.cpio && echo "$1" >kernel/version
}

# fetch VERSION PACKAGE DEPENDS...: one kernel into the cache. From 6.19 on its parts are packages of their own.
fetch()
{
	version=${1%%-*}
	package=$2
	shift 2
	parts=$(echo "$*" | tr ' ,' '\n\n' | grep -E '^linux-(binary|modules)-' | sort -u)
	work=$(mktemp -d "$cache/fetch.XXXXXX") || return 1
	if (cd "$work" && apt-get -q download ${parts:-$package} && unpack "$version") >"$work/log" 2>&1; then
		rm -rf "${cache:?}/${package:?}"
		mv "$work/kernel" "$cache/$package"
		failed=0
	else
		sed 's/^/# /' "$work/log" >&2
		failed=1
	fi
	rm -rf "$work"
	return "$failed"
}

cached()
{
	for file in "$cache"/linux-image-*/version; do
		[ -f "$file" ] && echo "$(cat "$file") ${file%/version}"
	done | sort -V | of_series "$1" | cut -d ' ' -f 2
}

provide()
{
	line=$(of_series "$1" <"$apt/index")
	if [ -n "$line" ]; then
		package=$(echo "$line" | cut -d ' ' -f 2)
		if [ -f "$cache/$package/version" ] || fetch $line; then
			echo "$1 $cache/$package"
			return
		fi
	fi
	folder=$(cached "$1")
	if [ -n "$folder" ]; then
		echo "$1 $folder"
	elif [ -n "$line" ]; then
		echo "$1 - cannot download $package"
	elif [ -n "$offline" ]; then
		echo "$1 - nothing cached, and no mirror of this machine's apt has a suite with kernels:" $suites
	else
		echo "$1 - no such kernel in any of $(sed 's/^[^]]*] //; s/ main$/,/; $s/,$//' "$apt/sources.list" | tr '\n' ' ')"
	fi
}

mkdir -p "$cache" && cache=$(cd "$cache" && pwd) && apt=$cache/apt || exit 1
sources=$(machine_sources)
write_config || exit 1
offline=
write_index || offline=yes
[ -f "$apt/index" ] || : >"$apt/index"
for series; do
	provide "$series"
done
