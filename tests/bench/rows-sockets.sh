# shellcheck shell=sh disable=SC2154 # bench.sh sets what it uses
# SPDX-License-Identifier: GPL-3.0-or-later
# With a thousand sockets. Sourced by bench.sh.
ip link set lo up
"$build/tests/bench/hold" 1000 >"$work/held" &
holder=$!
until [ -s "$work/held" ] || ! kill -0 "$holder" 2>/dev/null; do
	sleep 0.05
done

row "1,000 sockets and a restart check" wall_ms,cpu_ms,peak_kib 21 \
	bindwalk "$measure run $bindwalk sockets" \
	"ss -tulpan" "$measure run ss -tulpan"
kill "$holder"
