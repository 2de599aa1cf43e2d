#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `bindwalk compare` from outside: exit statuses, text, Markdown, JSON, and wrong arguments.
. "${top_srcdir:-.}/tests/outside.sh"

# compare STATUS ARGUMENT...
compare() {
	wanted=$1
	shift
	"$bindwalk" compare "$@" >out 2>err
	got=$?
	[ "$got" -eq "$wanted" ]
}

compare 0 127.0.0.1 && grep -q 'IPv4 tcp4 127.0.0.1:0 .*IPv6 tcp6 \[::1\]:0' out && grep -q '^address configured ' out
verdict $? "a bind stands beside its counterpart, and the matrix below them"
compare 1 127.0.0.1 203.0.113.9 && grep -q '^≠ classify ' out && grep -q '^≠ First difference: classify ' out
verdict $? "two binds that end differently end it with 1, and the step is marked"
compare 0 127.0.0.1 8080 '[::1]:9090' --proto udp --set reuseaddr --set freebind &&
	grep -q 'udp4 127.0.0.1:8080' out && grep -q 'udp6 \[::1\]:9090' out &&
	grep -q '^  setsockopt  *. *2 SO_REUSEADDR = 1 ' out
verdict $? "ports and options are taken"
compare 0 127.0.0.1 --markdown && [ "$(grep -c '^|---|---|---|---|$' out)" -eq 2 ]
verdict $? "--markdown gives two tables"
compare 1 127.0.0.1 203.0.113.9 --json && grep -q '"first_difference": "classify"' out && grep -q '"with": "address configured"' out
verdict $? "--json gives one object"
compare 0 127.0.0.1 --ascii && ! grep -q '[^ -~]' out
verdict $? "--ascii"
compare 2 && compare 2 1.2.3 && compare 2 127.0.0.1 99999 && grep -q "'99999' is not a port" err &&
	compare 2 127.0.0.1 80 ::1 9 && compare 2 127.0.0.1 --set frebind && grep -q 'did you mean freebind' err &&
	compare 2 127.0.0.1 --json --markdown && compare 2 127.0.0.1 --predict
verdict $? "wrong arguments end it with 2"
compare 0 --help && grep -q 'Usage: bindwalk compare' out
verdict $? "--help"
"$bindwalk" compare 127.0.0.1 >/dev/full 2>err
[ $? -eq 4 ]
verdict $? "output that can't be written ends it with 4"
echo "1..$tests"
