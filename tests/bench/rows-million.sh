# shellcheck shell=sh disable=SC2154 # bench.sh sets what it uses
# SPDX-License-Identifier: GPL-3.0-or-later
# On a host with a million local routes. Sourced by bench.sh.
ip link set lo up
"$build/tests/bench/routes" 1000000
dump=$build/tests/bench/dump

row "full dump of 1M routes" wall_ms,cpu_ms,peak_kib 5 \
	bindwalk "$measure run $bindwalk explain 127.0.0.1 --full --predict --json" \
	"bare dump" "$measure run $dump" \
	"ip route show" "$measure run ip route show table local"
row "explain at 1M routes" wall_ms,cpu_ms,peak_kib 21 \
	bindwalk "$measure run $bindwalk explain 127.0.0.1" \
	"ip route get" "$measure run ip route get 127.0.0.1"
row "first frame at 1M routes" wall_ms 5 \
	bindwalk "$measure screen $bindwalk" \
	bmon@bmon "$measure screen bmon"
row "one change at 1M routes" cpu_ms,frame_ms,peak_kib 3 \
	bindwalk "$build/tests/bench/one_change $bindwalk 203.0.113.77" \
	"bare dump" "$measure run $dump"

# A list that is longer than the screen on either side.
crowd=
for _ in $(seq 60); do
	sleep 600 &
	crowd="$crowd $!"
done
row "a scrolled line" key_bytes,key_cpu_ms 3 \
	bindwalk "$measure screen -s '\eOR' -k '\e[B' -n 80 $bindwalk" \
	htop@htop "$measure screen -k '\e[B' -n 80 htop -d 100"
row "a scrolled line, pane zoomed" key_bytes,key_cpu_ms 3 \
	bindwalk "$measure screen -s '\eORz' -k '\e[B' -n 80 $bindwalk" \
	htop@htop "$measure screen -k '\e[B' -n 80 htop -d 100"
kill $crowd
