#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Test programs and the program itself under valgrind, one for each processor: no error, no leak. Speaks TAP.
set -u

# one WORK NUMBER: runs one line of the cases: the accepted statuses, and the command. Each program prints its own TAP; here it is
# one test case, and its output is shown only if it fails.
one()
{
	accepted=$(sed -n "$2p" "$1/cases" | cut -d : -f 1)
	command=$(sed -n "$2p" "$1/cases" | cut -d : -f 2)
	valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible --child-silent-after-fork=yes \
		$command >"$1/$2.said" 2>&1 </dev/null
	status=$?
	case " $accepted " in
	*" $status "*) echo "ok $2 - $command under valgrind" ;;
	*)
		echo "not ok $2 - $command under valgrind (status $status)"
		sed 's/^/# /' "$1/$2.said"
		;;
	esac >"$1/$2.result"
}

if [ "${1-}" = one ]; then
	one "$2" "$3"
	exit 0
fi

command -v valgrind >/dev/null 2>&1 || { echo "1..0 # SKIP valgrind is not installed"; exit 0; }
self=$(cd "$(dirname "$0")" && pwd)/${0##*/}
cd "${top_builddir:-.}" || exit 1
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT INT TERM HUP
{
	for program in $VALGRIND_PROGRAMS; do
		case $program in
		# They compute long here, and run under the sanitizers as well.
		*/test_decide_range | */test_port_conflict | */test_recording | */test_tables | */test_visible) ;;
		*) echo "0 77:./$program" ;;
		esac
	done
	if [ -x bindwalk ]; then
		echo "0:./bindwalk explain 127.0.0.1"
		echo "0 1:./bindwalk explain --json 192.168.123.123"
		echo "2:./bindwalk explain 300.1.1.1"
		echo "0 4:./bindwalk lab"
	fi
} >"$work/cases"
count=$(wc -l <"$work/cases")
seq "$count" | xargs -P "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)" -n 1 sh "$self" one "$work"
for number in $(seq "$count"); do
	cat "$work/$number.result"
done
echo "1..$count"
