#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Lists the flaky test cases of all test runs under a build folder (passed at the second attempt only), and sums all cases in its
# last line. Fails when one failed or none ran.
set -eu

results=$(find "${1:-.}" -name '*.trs' | sort)
for trs in $results; do
	sed -n 's/^ok [0-9]* - \(.*\) # flaky: /flaky: \1: /p' "${trs%.trs}.log" 2>/dev/null || :
done
cat /dev/null $results | awk '
	$1 == ":test-result:" { n[$2]++ }
	END {
		passed = n["PASS"] + n["XFAIL"]
		failed = n["FAIL"] + n["XPASS"] + n["ERROR"]
		printf "%d passed, %d failed", passed, failed
		if (n["SKIP"])
			printf ", %d skipped", n["SKIP"]
		printf "\n"
		exit failed > 0 || passed == 0
	}'
