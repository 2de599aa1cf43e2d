#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a test program and hands on its TAP. Releases of cmocka before 1.1.6 call a skipped test "not ok", which TAP takes for
# a failure. A status that only repeats failures which were told already is not handed on, or they would count twice. Without
# any TAP, status 77 is a skip. A test that hangs fails: it must not keep the others from their end. What such a test started
# may still hold the pipe, so the status ends the output.
limit=${BINDWALK_TEST_SECONDS:-1200}
{
	timeout --foreground -k 10 "$limit" "$@"
	printf '\ntap.sh: status %d\n' $?
} | sed '/^tap\.sh: status /q' | awk -v limit="$limit" '
	/^tap\.sh: status / { status = $3; next }
	/^not ok [0-9]+ # SKIP/ { sub(/^not /, "") }
	/^not ok/ { failed++ }
	/^1\.\./ { planned = 1 }
	/[^ ]/ { last = $0 }
	{ print; fflush() }
	END {
		if (status == 124 || status == 137) print "# ended after " limit " seconds: it hangs"
		if (status == 77 && !planned) {
			print "1..0 # SKIP " last
			exit 0
		}
		exit failed && status <= 125 ? 0 : status
	}'
