#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What `bindwalk trace` prints, from outside: lines that grep finds whole, a walk once for refusals that are alike, a summary,
# files, and JSON that `bindwalk watch` reads. What it traces is another Bindwalk, which really binds.
. "${top_srcdir:-.}/tests/outside.sh"
unset COLUMNS
export LC_ALL=C.UTF-8

"$bindwalk" trace -- true >out 2>err || {
	echo "1..0 # SKIP nothing can be traced here: $(tail -n 1 err)"
	exit 0
}

trace() {
	wanted=$1
	shift
	rm -f told
	"$bindwalk" trace "$@" >out 2>err
	got=$?
	[ "$got" -eq "$wanted" ]
}

# Lines of Bindwalk's own but the first one, which says what is traced.
ours() { grep '^bindwalk: ' "$1" | sed 1d; }
asks="'$bindwalk' explain 192.0.2.1 80"
twice="$asks >/dev/null; $asks >/dev/null; exit 7"

trace 1 -- "$bindwalk" explain 192.0.2.1 80 && [ "$(ours err | wc -l)" -eq 1 ] &&
	ours err | grep -qE '^bindwalk: [A-Z]+ bindwalk\[[0-9]+\] ([^ ]+ )?tcp4 192\.0\.2\.1:80 EADDRNOTAVAIL 192' && ! ours err | grep -qE '^.{161}' &&
	grep -q '^  code   ADDR_NOT_LOCAL' err && grep -q '^  remedy ' err && ! grep -q 'not reached' err && ! grep -vE '^(bindwalk: |  )' err
verdict $? "a refusal is one line, and its walk stands below it"
grep -q '^ADDRESS EADDRNOTAVAIL' out && ! grep -q '^bindwalk: ' out
verdict $? "standard output is the program's"
trace 7 -- sh -c "$twice" && [ "$(ours err | wc -l)" -eq 2 ] && [ "$(grep -c '^  remedy ' err)" -eq 1 ] &&
	ours err | sed -n 2p | grep -q 'EADDRNOTAVAIL (again, 2 times) 192'
verdict $? "the same refusal again takes one line"
trace 1 --full --ascii -o told -- "$bindwalk" explain 192.0.2.1 80 && [ ! -s err ] && grep -q '^  .*not reached' told &&
	! grep -q '[^ -~]' told && ! grep -vE '^(bindwalk: |  )' told && cp told kept
verdict $? "a file has all of it, and --full whole walks"
"$bindwalk" trace -o kept -- true >out 2>err
[ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && cmp -s told kept
verdict $? "a file that exists is not written"
trace 127 -o told -- ./nosuch && [ ! -e told ] && trace 4 -o told -p $$ && [ ! -e told ]
verdict $? "nothing is left of a file where nothing was traced"

trace 7 --summary -- sh -c "$twice" && [ "$(ours err | wc -l)" -eq 1 ] &&
	ours err | grep -q '^bindwalk: ANALYSIS 2 binds, 2 refused; the program ended with status 7$' &&
	grep -q '^  first   .* tcp4 192\.0\.2\.1:80 EADDRNOTAVAIL$' err && grep -q '^  remedy  ' err
verdict $? "a summary says what failed first"
trace 0 --summary -- "$bindwalk" explain 127.0.0.1 && ours err | grep -q '^bindwalk: ANALYSIS .*, none refused; the program ended with status 0$' &&
	! grep -v '^bindwalk: ' err
verdict $? "a summary without refusals is one line"
trace 7 --summary --json -o told -- sh -c "$twice" && [ "$(wc -l <told)" -eq 1 ] && grep -q '^{"binds":2,"refused":2,"first":{"event":{' told
verdict $? "a summary as JSON is one object"

trace 0 --json -o told -- "$bindwalk" explain 127.0.0.1 && grep -q '"local":{"address":"127.0.0.1","port":[1-9]' told &&
	"$bindwalk" watch --all told >out 2>err && [ ! -s err ] && grep -qE ' ok +bindwalk\[[0-9]+\] tcp4 127\.0\.0\.1:0.*, got port [1-9]' out
verdict $? "JSON of a bind that succeeded has its port"
trace 7 --json --failed -o told -- sh -c "$twice" && "$bindwalk" watch --json told >again 2>err && [ ! -s err ] &&
	[ "$(wc -l <told)" -eq 2 ] && cmp -s told again
verdict $? "JSON is the same when it is read again"
echo "1..$tests"
