#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs in a guest: the founding article's binds, seen by bpftrace and by Bindwalk's witness. Both must say the same.
bpftrace -B line /job/article.bt >/tmp/bpftrace 2>/tmp/errors &
tracer=$!
# When it sees binds its probes are attached.
tries=0
until grep -q __inet_bind /tmp/bpftrace; do
	tries=$((tries + 1))
	if [ "$tries" -gt 200 ] || ! kill -0 $tracer 2>/dev/null; then
		cat /tmp/errors
		exit 77
	fi
	bindwalk explain 127.0.0.2 >/dev/null
done
before=$(wc -l </tmp/bpftrace)

# What the witness saw of these functions, in bpftrace's words.
witnessed()
{
	bindwalk explain "$@" --witness --json | awk '
		/"calls": \[$/ { inside = 1 }
		/^ *\]/ { inside = 0 }
		!inside { next }
		/"function":/ { f = $2; gsub(/[",]/, "", f) }
		/"address":/ { address = $2; gsub(/[",]/, "", address) }
		/"returned":/ && f ~ /^__inet6?_bind$/ { print f, $2 + 0 }
		/"returned":/ && f ~ /^(inet_addr_type_table|__ipv6_chk_addr_and_flags)$/ { print f, address, $2 + 0 }' >>/tmp/witness
}

: >/tmp/witness
ip route add default dev lo
witnessed 0.0.0.0
witnessed 127.0.0.1
witnessed 192.168.123.123
witnessed 192.168.123.123 --set freebind
witnessed ::1
witnessed 2001:db8:123::1
witnessed 2001:db8:123::1 --set freebind6
ip route add local 192.168.123.0/24 dev lo
ip -6 route add local 2001:db8:123::/64 dev lo
witnessed 192.168.123.123
witnessed 2001:db8:123::1
kill -INT $tracer
wait $tracer
sed "1,${before}d; /^$/d; /^@/d" /tmp/bpftrace >/tmp/probes
awk 'NR == FNR { left[FNR] = $0; n = FNR; next } { right[FNR] = $0; if (FNR > n) n = FNR }
	END { for (i = 1; i <= n; i++) printf "%-48s %s %s\n", left[i], left[i] == right[i] ? "=" : "!", right[i] }' /tmp/probes /tmp/witness
[ -s /tmp/witness ] && cmp -s /tmp/probes /tmp/witness
