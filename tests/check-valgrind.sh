#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One pass of test programs and of the program itself under valgrind: no error, no leak. Speaks TAP.
set -u

command -v valgrind >/dev/null 2>&1 || { echo "1..0 # SKIP valgrind is not installed"; exit 0; }
cd "${top_builddir:-.}" || exit 1
# Each program prints TAP of its own; here it is one test case, and what it says goes to the log only when it fails.
log=valgrind-output.$$
trap 'rm -f "$log"' EXIT
number=0
# A look at the memory, not at the model: a few attempts do, and a few points to be killed at.
BINDWALK_ORACLE_ATTEMPTS=1000
BINDWALK_KILL_STEP=101
export BINDWALK_ORACLE_ATTEMPTS BINDWALK_KILL_STEP

under_valgrind()
{
	number=$((number + 1))
	accepted=$1
	shift
	valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible --child-silent-after-fork=yes \
		--suppressions="$top_srcdir/tests/valgrind.supp" "$@" >"$log" 2>&1
	status=$?
	case " $accepted " in
	*" $status "*) echo "ok $number - $* under valgrind" ;;
	*)
		echo "not ok $number - $* under valgrind (status $status)"
		sed 's/^/# /' "$log"
		;;
	esac
}

for program in $VALGRIND_PROGRAMS; do
	case " ${VALGRIND_SPARED:-} " in *" $program "*) continue ;; esac
	under_valgrind "0 77" "./$program"
done
if [ -x bindwalk ]; then
	under_valgrind "0" ./bindwalk explain 127.0.0.1
	under_valgrind "0 1" ./bindwalk explain --json 192.168.123.123
	under_valgrind "2" ./bindwalk explain 300.1.1.1
	under_valgrind "0 4" ./bindwalk lab
fi
echo "1..$number"
