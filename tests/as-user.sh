#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# When root runs the tests: repeats those that differ for an ordinary user. Speaks TAP.
set -u

[ "$(id -u)" -eq 0 ] || { echo "1..0 # SKIP an ordinary user runs all of the tests"; exit 0; }
cd "${top_builddir:-.}" || exit 1
log=as-user-output.$$
trap 'rm -f "$log"' EXIT
number=0
# One copied host and a few kill points will do: the others do not depend on the user.
BINDWALK_TEST_USER=65534
BINDWALK_COPY_STATES=1
BINDWALK_KILL_STEP=101
export BINDWALK_TEST_USER BINDWALK_COPY_STATES BINDWALK_KILL_STEP
for program in $AS_USER_PROGRAMS; do
	number=$((number + 1))
	if ! "./$program" >"$log" 2>&1; then
		echo "not ok $number - $program as an ordinary user"
		sed 's/^/# /' "$log"
	elif skipped=$(grep '^1\.\.0 # SKIP' "$log"); then
		echo "ok $number - $program as an ordinary user # SKIP ${skipped#*SKIP }"
	else
		echo "ok $number - $program as an ordinary user"
	fi
done
echo "1..$number"
