#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Lists the flaky test cases of all test runs under a build folder (passed at the second attempt only) and what they said
# at the first, and sums all cases in its last line. Fails when one failed or none ran.
set -eu

results=$(find "${1:-.}" -name '*.trs' | sort)
for trs in $results; do
	awk '
		/^ok [0-9]+ - .* # flaky: / {
			sub(/^ok [0-9]+ - /, "flaky: "); sub(/ # flaky:/, ":"); print
			left = 60
			next
		}
		!/^#/ { left = 0 }
		left-- > 0' "${trs%.trs}.log" 2>/dev/null || :
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
