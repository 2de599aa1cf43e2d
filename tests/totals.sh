#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sums the test cases of all test runs under a build folder. Fails when one failed or none ran.
set -eu

find "${1:-.}" -name '*.trs' -exec cat {} + | awk '
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
