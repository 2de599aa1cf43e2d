#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz-check.sh RUNS PROGRAM...: gives each fuzzer, built with libFuzzer, that many inputs, two fuzzers at a time; those
# that were found before come first. A table of what was run; what breaks a parser is kept beside the corpus, and named.
set -eu

run_one()
{
	runs=$1 program=$2
	name=${program##*/fuzz_}
	dir=corpus/$name
	mkdir -p "$dir/seeds" "$dir/found"
	FUZZ_SEEDS=$dir/seeds "$program"
	mv "$dir/seeds/words.dict" "$dir/words.dict"
	dict=
	[ ! -s "$dir/words.dict" ] || dict=-dict=$dir/words.dict
	length=512
	case $name in
	config | events | journal) length=192 ;; # what many lines or messages in one input cost
	event) length=2048 ;;                    # one line has all members
	esac
	begun=$(date +%s)
	"$program" -entropic=0 -runs="$runs" -seed="${FUZZ_SEED:-1}" -max_len=$length $dict -timeout=10 -rss_limit_mb=1024 \
		-malloc_limit_mb=64 -artifact_prefix="$dir/" -print_final_stats=1 -reload=0 "$dir/found" "$dir/seeds" \
		>"$dir/log" 2>&1 && verdict=held || verdict=BROKEN
	took=$(($(date +%s) - begun))
	done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/log")
	edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$dir/log" | tail -n 1)
	memory=$(sed -n 's/^stat::peak_rss_mb: *//p' "$dir/log")
	printf '%-12s %10s runs %6ss %7s/s  %6s edges %5s MiB  %s\n' "$name" "${done:-0}" "$took" \
		"$((${done:-0} / (took ? took : 1)))" "${edges:-0}" "${memory:-0}" "$verdict"
	[ "$verdict" = held ] || { grep -a -A 12 'not so:\|ERROR:\|SUMMARY:' "$dir/log" >&2; return 1; }
}

# So that a run costs less.
export ASAN_OPTIONS="malloc_context_size=4:quarantine_size_mb=8${ASAN_OPTIONS:+:$ASAN_OPTIONS}"

if [ "${1-}" = one ]; then
	run_one "$2" "$3"
	exit
fi
runs=$1
shift
printf '%s\n' "$@" | xargs -P 2 -I '{}' sh "$0" one "$runs" '{}'
