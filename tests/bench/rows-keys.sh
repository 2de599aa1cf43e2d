# shellcheck shell=sh disable=SC2154 # bench.sh sets what it uses
# SPDX-License-Identifier: GPL-3.0-or-later
# Keys on a host with 10,000 routes and 10,000 addresses, against programs that show as many lines. Sourced by bench.sh.
ip link set lo up
ip link add eth0 type veth peer name eth1
ip link set eth0 up
ip link set eth1 up
"$build/tests/bench/routes" 10000
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "address add 10.%d.%d.%d/32 dev eth0\n", i / 65536, i / 256 % 256, i % 256 }' |
	ip -batch -
lines=$work/lines
seq -f 'a line that is as long as one of the panes, number %.0f' 10000 >"$lines"

# key_row NAME FIRST KEY PEER-KEY [N]. What is typed first goes to a pane: F2 or F3.
key_row()
{
	row "$1" key_ms,key_bytes,key_cpu_ms 3 \
		bindwalk "$measure screen -s '$2' -k '$3' -n ${5:-20} $bindwalk 192.0.2.77" \
		less "$measure screen -k '$4' -n 20 less '$lines'" \
		vim@vim "$measure screen -k '$4' -n 20 vim -u NONE -R '$lines'"
}

key_row "a line down, 10k addresses" '\eOQ' '\e[B' '\e[B'
key_row "a line down, 10k routes" '\eOR' '\e[B' '\e[B'
key_row "a page down, 10k routes" '\eOR' '\e[6~' ' '
key_row "the next step, 10k rows" 's' 'n' 'n' 8
key_row "an option, 10k rows" '\eOR' 'f' '\e[B'
key_row "another order, 10k routes" '\eOR' 'O' 'G'
key_row "hide link-local, 10k rows" '\eOR' 'H' 'G'
key_row "a filter's letter, 10k rows" '&1' '1' '/' 4
