#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Speed and memory of the program against named peers: prints a table and writes bench.json. Run by `make bench` in the build
# folder.
#
# The machine may be busy, so only ratios count: the programs take turns (A B A B ...), and medians are shown. Nothing is judged.
# Each rows-NAME.sh beside this file runs in a network namespace of its own, sets it up, and calls `row` for each operation.
# BENCH="NAME..." runs only some of the files, BENCH_ROUNDS=N at most N rounds.
set -u

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
# shellcheck disable=SC2034 # rows-*.sh use it
measure=$build/tests/bench/measure
bindwalk=$build/bindwalk
tab=$(printf '\t')

# row NAME METRICS ROUNDS PROGRAM COMMAND [PEER COMMAND]...: runs the commands in turn. Each prints words "METRIC=NUMBER"; METRICS
# lists the ones to compare. A peer "htop@PACKAGE" is skipped where htop is not installed.
row()
{
	name=$1
	metrics=$2
	rounds=$3
	[ "${BENCH_ROUNDS:-$rounds}" -ge "$rounds" ] || rounds=$BENCH_ROUNDS
	shift 3
	: >"$work/samples"
	: >"$work/skipped"
	: >"$work/programs"
	round=0
	while [ "$round" -lt "$rounds" ]; do
		for word; do
			if [ -z "${program:-}" ]; then
				program=$word
				continue
			fi
			run_once "$program" "$word"
			program=
		done
		round=$((round + 1))
	done
	awk -F "$tab" -v row="$name" -v metrics="$metrics" -v rounds="$rounds" -v json="$results" -f "$here/row.awk" \
		"$work/programs" "$work/skipped" "$work/samples"
}

run_once()
{
	label=${1%@*}
	[ "$round" -gt 0 ] || echo "$label" >>"$work/programs"
	! grep -q "^$label$tab" "$work/skipped" || return 0
	if [ "$label" != "$1" ] && ! command -v "$label" >/dev/null 2>&1; then
		echo "$label${tab}not installed (package ${1#*@})" >>"$work/skipped"
	elif said=$(eval "$2" 2>"$work/err" </dev/null); then
		for pair in $said; do
			echo "$label$tab${pair%%=*}$tab${pair#*=}"
		done >>"$work/samples"
	else
		echo "$label${tab}failed: $(tail -n 1 "$work/err")" >>"$work/skipped"
	fi
}

if [ "${1-}" = rows ]; then
	# shellcheck disable=SC1090 # one of rows-*.sh
	. "$2"
	exit 0
fi

work=$(mktemp -d) || exit 0
trap 'rm -rf "$work"' EXIT
trap 'exit 0' INT TERM HUP
results=$work/results
: >"$results"
export work results top_builddir="$build"
alone="unshare -n"
[ "$(id -u)" -eq 0 ] || alone="unshare -rn"
printf '%-36s %-13s %12s  %-18s %12s %8s\n' operation metric bindwalk peer "the peer's" ratio
for rows in "$here"/rows-*.sh; do
	file=${rows##*/rows-}
	case " ${BENCH:-${file%.sh}} " in
	*" ${file%.sh} "*) $alone sh "$0" rows "$rows" || echo "no private network namespace: the rows of ${file%.sh} are left out" ;;
	esac
done
{
	printf '{"version": "%s", "kernel": "%s", "processors": %s, "date": "%s", "rows": [\n' \
		"$("$bindwalk" --version | sed -n '1s/.* //p')" "$(uname -r)" "$(getconf _NPROCESSORS_ONLN)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
	sed '$!s/$/,/' "$results"
	echo ']}'
} >"$build/bench.json"
echo "in JSON: $build/bench.json"
