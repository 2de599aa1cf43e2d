#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The program has the protections that configure chose, and does not say where it was built. Speaks TAP.
set -u

[ "$HARDENING" = yes ] || { echo "1..0 # SKIP built without hardening, or with sanitizers"; exit 0; }
command -v readelf >/dev/null 2>&1 || { echo "1..0 # SKIP readelf is not installed"; exit 0; }
top=$(cd "${top_srcdir:-.}" && pwd)
cd "${top_builddir:-.}" || exit 1
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT INT TERM HUP
tests=0

# has NAME: the test passes if the last command found something; lacks NAME: if it found nothing.
has()
{
	[ $? -eq 0 ] && result=ok || result="not ok"
	tests=$((tests + 1))
	echo "$result $tests - $1"
}
lacks()
{
	[ $? -ne 0 ]
	has "$1"
}
skip()
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# Our objects alone: what else is linked in is not ours to build.
archives=$(ls lib*.a)
readelf -hlWd bindwalk >"$work/program"
readelf -nW $archives >"$work/notes" 2>/dev/null
"${NM:-nm}" -u $archives 2>/dev/null | awk 'NF == 2 { print $2 }' | sort | uniq -c >"$work/calls"
readelf --debug-dump=info --dwarf-depth=1 bindwalk 2>/dev/null | grep 'DW_AT_producer *:.* GNU C' >"$work/units"

grep -q 'Type: *DYN' "$work/program" && grep -q 'FLAGS_1.* PIE' "$work/program"
has "position-independent executable"
grep -q GNU_RELRO "$work/program" && grep -q 'FLAGS.*NOW' "$work/program"
has "full RELRO: read-only relocations, bound at start"
grep -q 'GNU_STACK.* RW ' "$work/program"
has "the stack is not executable"
grep -q 'LOAD.* RWE' "$work/program"
lacks "no segment is writable and executable"
grep -qE 'RPATH|RUNPATH|TEXTREL' "$work/program"
lacks "no RPATH, no RUNPATH, no text relocations"
grep -q ' __stack_chk_fail$' "$work/calls"
has "stack protector: $(awk '$2 == "__stack_chk_fail" { print $1 }' "$work/calls") objects"
case $HARDENING_CFLAGS in
*-D_FORTIFY_SOURCE=*)
	level=${HARDENING_CFLAGS##*-D_FORTIFY_SOURCE=}
	grep -q '_chk$' "$work/calls"
	has "fortified (level ${level%% *}): $(awk '/_chk$/ { n += $1 } END { print n + 0 }' "$work/calls") calls"
	;;
*) skip "fortified" "CFLAGS do not optimise, or set a level of their own" ;;
esac
if [ -s "$work/units" ]; then
	for flag in -fstack-protector-strong -fstack-clash-protection -fPIE; do
		grep -v -e " $flag" "$work/units" | sed 's/^/# /' | grep .
		lacks "$flag: all $(wc -l <"$work/units") files"
	done
else
	skip "flags of each file" "only gcc -g writes them down"
fi
# A program has these marks only if all that is linked in has them.
case $(uname -m) in
x86_64 | i?86) mark='IBT, SHSTK' ;;
aarch64) mark='BTI, PAC' ;;
*) mark= ;;
esac
if [ -n "$mark" ]; then
	objects=$(for archive in $archives; do "${AR:-ar}" t "$archive"; done | wc -l)
	[ "$(grep -c "$mark" "$work/notes")" -eq "$objects" ]
	has "branch protection ($mark): all $objects objects"
else
	skip "branch protection" "none is known for $(uname -m)"
fi
{
	strings -a bindwalk | grep -xF -e "$top" -e "$PWD"
	grep -aoF -e "$top/core/" -e "$top/tui/" -e "$PWD/help/" bindwalk
} | sed 's/^/# /' | grep .
lacks "the program does not name the folder it was built in"
echo "1..$tests"
