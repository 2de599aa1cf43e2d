# shellcheck shell=sh disable=SC2154 # bench.sh sets what it uses
# SPDX-License-Identifier: GPL-3.0-or-later
# What it costs a program that its binds are seen: the bind itself, watched and not. Sourced by bench.sh.
ip link set lo up
binds=$build/tests/bench/binds

for way in watch watch-all witness; do
	row "bind, $way" refused_ratio,granted_ratio,made,seen,lost 1 bindwalk "$binds $way"
done
