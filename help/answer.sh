#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Usage: answer.sh BINDWALK. Prints the answer that README.md opens with, as the program gives it in a lab, without the
# kernel's release. `make docs` puts it there; tests/check-docs.sh compares. Ends with 4 where there is no lab.
LC_ALL=C.UTF-8
export LC_ALL
unset COLUMNS
answer=$("$1" lab -- sh -c '"$0" explain 203.0.113.10 443' "$1" 2>/dev/null)
status=$?
[ $status -eq 1 ] || exit 4 # 1: the bind is refused
printf '%s\n' '$ bindwalk explain 203.0.113.10 443' "$answer" | sed 's/ *Linux [0-9][^ ]*$//'
