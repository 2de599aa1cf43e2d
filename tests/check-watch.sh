#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `bindwalk watch` from outside: files of binds, as anyone may have written them, exit statuses, what is refused; and, where the
# kernel lets binds be watched, a command and a watch that ends.
. "${top_srcdir:-.}/tests/outside.sh"
unset COLUMNS

watch() {
	wanted=$1
	shift
	"$bindwalk" watch "$@" >out 2>err
	got=$?
	[ "$got" -eq "$wanted" ]
}

lines() { [ "$(wc -l <out)" -eq "$1" ]; }
told() { [ "$(wc -l <err)" -eq "$1" ]; }

# line PID PROGRAM ADDRESS PORT ERROR MORE
line() {
	printf '{"time":"2026-11-30T18:03:12.12345678%sZ","source":"bpf","pid":%s,"thread":%s,"program":"%s","uid":0,' $(($1 % 10)) "$1" "$1" "$2"
	printf '"netns":4026532000,"family":"inet","protocol":"tcp","address":"%s","port":%s,"addrlen":16,' "$3" "$4"
	printf '"options":{"reuseaddr":"1"},"error":%s%s}\n' "$5" "$6"
}
{
	line 1 web 192.0.2.1 80 99 ',"netns_name":"blue","unit":"web.service","verdict":{"code":"ADDR_NOT_LOCAL","agreement":"agrees","sentence":"It is not here."}'
	line 2 web 192.0.2.1 80 99 ',"netns_name":"blue","unit":"web.service"'
	line 3 mail 127.0.0.1 25 0 ''
	line 4 mail 127.0.0.1 25 98 ',"container":"docker 1a2b3c4d5e6f"'
} >binds

# Files
watch 0 binds && lines 3 && told 0 && grep -q '^2026-11-30 18:03:12.123456 EADDRNOTAVAIL web\[1\] tcp4 192.0.2.1:80 reuseaddr .*It is not here\.$' out
verdict $? "a file shows its refused binds, each on a line"
watch 0 --all binds && lines 4 && watch 0 --all - <binds && lines 4
verdict $? "all of them, and from standard input as well"
watch 0 --pid 4 binds && lines 1 && watch 0 --port 80 binds && lines 2 && watch 0 --family inet6 binds && lines 0 &&
	watch 0 --netns blue binds && lines 2 && watch 0 --netns 4026532000 binds && lines 3 && watch 0 --unit web binds && lines 2 &&
	watch 0 --unit 1a2b3c4d5e6f binds && lines 1 && watch 0 --count 2 binds && lines 2
verdict $? "they are selected by process, port, family, namespace, unit and number"
watch 0 --summary --all binds && lines 3 && head -n 1 out | grep -q '^ *2 EADDRNOTAVAIL web .*It is not here\.$' && tail -n 1 out | grep -q ' ok '
verdict $? "a summary has the worst first"
watch 0 --json --all binds && lines 4 && cp out again && watch 0 --json --all -o more again && cmp -s again out && cmp -s again more
verdict $? "JSON of a file is the same when it is read again"
watch 0 --summary --json binds && lines 2 && head -n 1 out | grep -q '^{"times":2,"first":"2026-11-30T18:03:12.123456781Z","last":"2026-11-30T18:03:12.123456782Z","program":"web"'
verdict $? "a summary as JSON"
watch 2 -o binds binds && told 1 && [ "$(wc -l <binds)" -eq 4 ]
verdict $? "a file that exists is not written"

# From a stranger
{
	sed -n 1p binds
	echo rubbish
	echo
	printf '{"time":1}\n\0\0\n'
	sed -n 4p binds
	printf '{"time":'
} >bad
watch 2 bad && lines 2 && told 4 && grep -q 'bad:2: ' err && grep -q 'bad:4: .*time: ' err && grep -q 'bad:5: ' err && grep -q 'bad:7: ' err
verdict $? "a line that is not a bind is named by its number"
{ head -c 600000 /dev/zero | tr '\0' x && echo && sed -n 1p binds; } >long
watch 2 long && lines 1 && told 1 && grep -q 'long:1: .*expected at most' err
verdict $? "a line that is too long is passed over"
yes x | head -n 100 >many
watch 2 many && told 6 && grep -q '95 more lines' err
verdict $? "many lines are not each complained about"
line 5 'a\u001b[2J\u202e' 192.0.2.1 80 99 ',"unit":"\u009b","verdict":{"code":"ADDR_NOT_LOCAL","agreement":"agrees","sentence":"\u001b]0;x\u0007"}' >hostile
watch 0 --color never hostile && lines 1 && ! LC_ALL=C grep -q '[^ -~]' out && grep -q 'a.x1b\[2J' out
verdict $? "bytes from a file can be seen"
: >empty
watch 0 empty && lines 0 && told 0
verdict $? "an empty file has no binds"
watch 2 no-such-file && told 1 && watch 2 /dev/null && told 1 && watch 2 . && told 1
verdict $? "what is not a file is refused in a line"

# Wrong requests
accepted=
for words in '--port 65536' '--pid 0' '--pid x' '--family 4' '--count 0' '--unit=' 'a b' 'a -- b' '--' '--netns no-such-namespace' \
	'--nonsense' '-o' '-x'; do
	# shellcheck disable=SC2086 # words
	{ watch 2 $words && told 1 && lines 0; } || accepted="$accepted $words"
done
[ -z "$accepted" ]
verdict $? "a wrong request is told in a line"
watch 0 --help && grep -q '^Usage: bindwalk watch ' out && ! grep -q 'every route' out
verdict $? "--help"

# The kernel
if watch 0 -- true; then
	printf 'x' >old
	watch 2 -o old -- touch ran && [ ! -e ran ]
	verdict $? "a command does not run where its file cannot be written"
	watch 3 -- sh -c 'echo out; echo err >&2; exit 3' && [ "$(cat out)" = out ] && grep -qx err err
	verdict $? "a command's output and exit status are its own"
	# shellcheck disable=SC2016 # the command's
	watch 143 -- sh -c 'kill $$'
	verdict $? "a signal that ends it gives the exit status"
	watch 127 -- ./no-such-command && watch 126 -- .
	verdict $? "a command that is not there, or is none"
	"$bindwalk" watch -- sh -c 'trap "exit 9" TERM; : >ready; while :; do sleep 0.1; done' >out 2>err &
	pid=$!
	while [ ! -e ready ] && kill -0 $pid; do sleep 0.1; done
	kill -TERM $pid
	wait $pid
	[ $? -eq 9 ]
	verdict $? "a signal to a watch reaches its command"
	# Nobody else need bind for it to end.
	"$bindwalk" watch -o events >out 2>err &
	pid=$!
	while [ ! -s err ] && kill -0 $pid; do sleep 0.1; done
	kill -TERM $pid
	wait $pid
	[ $? -eq 143 ] && tail -n 1 err | grep -q ' seen, .* shown, .* lost'
	verdict $? "a watch that is ended says what it saw"
	mkfifo pipe
	"$bindwalk" watch >pipe 2>err &
	pid=$!
	exec 3<pipe
	while [ ! -s err ] && kill -0 $pid; do sleep 0.1; done
	exec 3<&-
	wait $pid
	status=$? # SIGPIPE where there was a row to write meanwhile
	{ [ $status -eq 0 ] || [ $status -eq 141 ]; } && tail -n 1 err | grep -q ' seen, .* shown, .* lost'
	verdict $? "it ends when nobody reads any more"
else
	tests=$((tests + 1))
	echo "ok $tests # SKIP $(sed 's/^bindwalk: //' err | head -n 1)"
fi
echo "1..$tests"
