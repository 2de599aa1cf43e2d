#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the failed tests under a build folder had to say: the lines about them and around them in their logs, not all else.
set -eu

find "${1:-.}" -name '*.trs' | sort | while read -r trs; do
	grep -qE '^:test-result: (FAIL|ERROR|XPASS)' "$trs" || continue
	log=${trs%.trs}.log
	echo "$log:"
	# The detail of a TAP test stands before its line or behind it; where none of it is marked, the end is the best guess.
	if grep -qE '^# |not ok|ERROR|Error|error:' "$log"; then
		grep -E -B 3 -A 3 '(^|[^a-z])not ok|^# .*:[0-9]+:|^ERROR|Error|error:' "$log" | tail -n 25
	else
		tail -n 25 "$log"
	fi
done
