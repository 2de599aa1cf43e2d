#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Static analysis: gcc's analyzer, clang-tidy, cppcheck, shellcheck. Their releases differ in what they suspect, so only one
# of each judges. A finding is excused beside the code, or for gcc, which takes no such comment, in analysis-excused.txt.
# DEEP=1 adds clang's path analysis, which takes minutes. Speaks TAP.
set -u
cd "${top_srcdir:-.}" || exit 1
build=${top_builddir:-.build}
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
sources=$(echo core/*/*.c tui/*.c tui/*/*.c help/*.c)
# What is compiled with libbpf only.
grep -q '^#define HAVE_BPF' "$build/config.h" || sources=$(echo "$sources" | tr ' ' '\n' | grep -v '/probe_\(attach\|load\|types\)\.c$')
scripts=$(echo bootstrap .ci/run tests/*.sh tests/*/*.sh)
flags="-std=gnu17 -D_GNU_SOURCE -DHAVE_CONFIG_H -I. -I$build"

# judge TOOL RELEASE: does this release judge? $tool is its command.
judges()
{
	for tool in "$1-$2" "$1" none; do
		command -v "$tool" >/dev/null 2>&1 || continue
		"$tool" --version | grep -qE "(version:? |Cppcheck |\) )$2([. ]|$)" && return 0
	done
	return 1
}

# each COMMAND...: over all sources, a few at a time, on all processors. "{}" stands for the files.
each()
{
	# shellcheck disable=SC2086 # names of sources are words
	printf '%s\n' $sources | xargs -P "$jobs" -n 12 "$@"
}

# One file at a time, so that two findings never mix: the output of each goes to a file of its own.
gcc_analyzer()
{
	# shellcheck disable=SC2016 # the inner shell expands them
	each sh -c 'tool=$1 flags=$2 out=$3; shift 3; for file; do
		$tool $flags -O1 -fanalyzer -S -o /dev/null "$file" >"$out/$(echo "$file" | tr / :).gcc" 2>&1 || echo "$file: does not build"
	done' sh "$tool" "$flags" "$scratch"
	cat "$scratch"/*.gcc | awk '
		FILENAME ~ /excused/ {
			if (/^[^#]/) { split($0, part, ": "); excused[part[1]] = 1 }
			next
		}
		/: In function / { where = $NF; gsub(/[^A-Za-z0-9_]/, "", where) }
		/ (warning|error): / {
			split($1, file, ":")
			key = file[1] " " where " " $NF
			if (key in excused) used[key] = 1
			else print key ": " $0
		}
		END { for (key in excused) if (!(key in used)) print "excused, but not found any more: " key }
	' tests/analysis-excused.txt -
}

clang_tidy()
{
	# shellcheck disable=SC2016,SC2086 # the inner shell expands them; flags are words
	each sh -c 'tool=$1 deep=$2 flags=$3; shift 3; $tool --quiet $deep "$@" -- $flags 2>/dev/null' sh "$tool" \
		"${DEEP:+--checks=}${DEEP:---checks=-clang-analyzer-*}" "$flags"
}

cpp_check()
{
	# shellcheck disable=SC2086 # names of sources are words
	"$tool" -q -j "$jobs" --std=c11 --enable=warning,performance,portability --inline-suppr -D_GNU_SOURCE -I. \
		--suppress=missingIncludeSystem $sources 2>&1
}

shell_check()
{
	# shellcheck disable=SC2086 # names of scripts are words
	"$tool" -x -S warning -f gcc $scripts 2>&1
}

n=0
# check TOOL RELEASE FUNCTION WHAT
check()
{
	n=$((n + 1))
	if ! judges "$1" "$2"; then
		echo "ok $n - $4 # SKIP $1 $2, whose findings are judged, is not installed"
		return
	fi
	if said=$($3 | grep .); then
		echo "not ok $n - $4"
		echo "$said" | head -n 40 | sed 's/^/# /'
		return
	fi
	echo "ok $n - $4"
}

echo "1..4"
check gcc 12 gcc_analyzer "gcc's analyzer finds nothing that is not excused"
check clang-tidy 14 clang_tidy "clang-tidy finds nothing"
check cppcheck 2.10 cpp_check "cppcheck finds nothing"
check shellcheck 0.9.0 shell_check "shellcheck finds nothing"
