#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a test program and hands on its TAP and its status. Releases of cmocka before 1.1.6 call a skipped test
# "not ok", which TAP takes for a failure.
exec 4>&1
status=$({ { "$@" 3>&- 4>&-; echo $? >&3; } | sed 's/^not ok \([0-9]*\) # SKIP/ok \1 # SKIP/' >&4 3>&-; } 3>&1)
exit "$status"
