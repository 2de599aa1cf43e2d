#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The namespace in which the tests run is byte for byte the same before the first and after the last of them: links, addresses,
# routes of all tables, next hops, rules, the sysctls that bind sees, and all those of interfaces. "before FILE" takes the
# picture; without arguments it is compared. Speaks TAP.
set -u

picture()
{
	# What counts down or up on its own does not count.
	strip='s/ \(valid_lft\|preferred_lft\|expires\|age\) [^ ]*//g; s/ users [0-9]* / /; s/[ \t]*$//'
	for what in link address rule; do
		echo "== $what"
		ip -o $what show | sed "$strip"
	done
	echo "== nexthop"
	ip nexthop show 2>/dev/null
	echo "== rule, IPv6"
	ip -6 rule show
	for family in 4 6; do
		echo "== route, IPv$family"
		ip -$family route show table all | sed "$strip" | sort
	done
	echo "== sysctl"
	for name in ipv4/ip_nonlocal_bind ipv6/ip_nonlocal_bind ipv4/ip_unprivileged_port_start ipv4/ip_local_port_range \
		ipv4/ip_local_reserved_ports ipv4/ip_autobind_reuse ipv4/tcp_l3mdev_accept ipv4/udp_l3mdev_accept \
		ipv4/raw_l3mdev_accept ipv6/bindv6only ipv4/ping_group_range ipv4/ip_forward; do
		[ -r /proc/sys/net/$name ] && echo "$name $(cat /proc/sys/net/$name)"
	done
	grep -s . /proc/sys/net/mptcp/enabled /proc/sys/net/ipv[46]/conf/*/*
}

if [ "${1-}" = before ]; then
	command -v ip >/dev/null 2>&1 || { echo "no ip" >"$2"; exit 0; }
	picture >"$2" 2>&1
	exit 0
fi

before=${top_builddir:-.}/host-before.txt
echo "1..1"
if ! command -v ip >/dev/null 2>&1; then
	echo "ok 1 # SKIP ip is not installed"
	exit 0
fi
if [ ! -s "$before" ]; then
	echo "not ok 1 - no picture was taken before the first test"
	exit 0
fi
if picture 2>&1 | diff "$before" - >"$before.diff"; then
	echo "ok 1 - the namespace of the tests is as it was before them"
else
	echo "not ok 1 - the namespace of the tests is as it was before them"
	sed 's/^/# /' "$before.diff"
fi
rm -f "$before.diff"
