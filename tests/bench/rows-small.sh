# shellcheck shell=sh disable=SC2154 # bench.sh sets what it uses
# SPDX-License-Identifier: GPL-3.0-or-later
# On a small host. Sourced by bench.sh.
ip link set lo up
ip link add eth0 type veth peer name eth1
ip address add 192.0.2.2/24 dev eth0
ip link set eth0 up
ip link set eth1 up

row "explain" wall_ms,cpu_ms,peak_kib 51 \
	bindwalk "$measure run $bindwalk explain 127.0.0.1" \
	"ip route get" "$measure run ip route get 127.0.0.1"
row "first frame" wall_ms,cpu_ms,peak_kib 21 \
	bindwalk "$measure screen $bindwalk" \
	bmon@bmon "$measure screen bmon"
row "wake-ups when idle" wakeups_s,idle_cpu_ms_s,idle_bytes_s 3 \
	bindwalk "$measure screen -i 5 $bindwalk" \
	bmon@bmon "$measure screen -i 5 bmon" \
	htop@htop "$measure screen -i 5 htop"
row "wake-ups when idle, 200x60" wakeups_s,idle_cpu_ms_s,idle_bytes_s 3 \
	bindwalk "$measure screen -z 200x60 -i 5 $bindwalk" \
	bmon@bmon "$measure screen -z 200x60 -i 5 bmon" \
	htop@htop "$measure screen -z 200x60 -i 5 htop"
