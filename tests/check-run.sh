#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `bindwalk run` from outside: exit statuses, where errors are told, JSON, and that a host is never changed without a lab.
. "${top_srcdir:-.}/tests/outside.sh"
export HOME="$folder" XDG_STATE_HOME="$folder/state" XDG_CONFIG_HOME="$folder/config"

# run STATUS ARGUMENT... <script
run() {
	wanted=$1
	shift
	"$bindwalk" run "$@" >out 2>err
	got=$?
	[ "$got" -eq "$wanted" ]
}

# Without a lab
run 4 - <&- && grep -q '^bindwalk: standard input: ' err
verdict $? "a standard input that is closed is reported"
printf 'bind 127.0.0.1\nexpect ok\n' | run 0 -
verdict $? "a script that is met ends with 0"
printf 'bind 127.0.0.1\nexpect refused\nsay never\n' | run 1 - && grep -q '^standard input:2:8: expected refused, found ok' err &&
	! grep -q never out
verdict $? "an expect that is not met ends it with 1"
printf '# comment\n\n\tbind 127.0.0.1 http\n' >script
run 2 script && grep -q '^script:3:17: ' err && [ "$(tail -1 err)" = "  	               ^" ]
verdict $? "a wrong word ends it with 2, and a caret stands under it"
printf 'say Gr\303\274\303\237e\nset \303\274\303\237 x\n' | run 2 - && [ "$(tail -1 err)" = "      ^" ]
verdict $? "the caret counts characters"
printf 'bind 127.0.0.1\0rubbish\n' | run 2 - && grep -q '^standard input:1:15: NUL byte in line' err &&
	printf 'say a\nsay b\rquit\n' >script && run 2 script && grep -q '^script:2:6: carriage return in line' err && [ "$(cat out)" = a ]
verdict $? "a line with a NUL, or a CR within it, is refused"
printf 'say a\nsay \033[2Kb\n' | run 2 - && grep -q '^standard input:2:5: .x1b ' err && ! grep -q "$(printf '\033')" err
verdict $? "a line with a control byte is refused, and the byte told"
printf 'bind 127.0.0.1\r\n# comment\r\nexpect ok\r\n' | run 0 -
verdict $? "lines may end with CR LF"
printf 'say %03000d\n' 1 | run 2 - && grep -q '^standard input:1:5: ' err
verdict $? "a line that is too long for a command is refused"
printf 'say %05000d\n' 1 | run 2 - && grep -q '^standard input:1:4097: ' err && run 4 /dev/zero &&
	grep -q '^bindwalk: /dev/zero: File too large' err
verdict $? "a line that is too long for a line is refused"
printf 'route add local 198.51.100.0/24 dev lo\n' | run 4 - && grep -q 'read-only' err
verdict $? "the host is not changed"
run 4 no-such-file && grep -q 'no-such-file: No such file' err
verdict $? "a file that is missing ends it with 4"
run 2 && run 2 a b && run 2 --nonsense - && run 2 --color=some -
verdict $? "wrong arguments end it with 2"
run 0 --help && grep -q 'Usage: bindwalk run' out
verdict $? "--help"
printf 'bind 127.0.0.1\nbnid\n' | run 2 --json - && [ "$(wc -l <out)" -eq 2 ] &&
	head -1 out | grep -q '^{"line":1,"command":"bind","result":"ok",.*"walk":{' &&
	tail -1 out | grep -q '^{"line":2,"command":null,"result":"wrong","error":{"text":"[^"]*\\"[^"]*\\"[^"]*","column":1}'
verdict $? "--json gives an object a line"
printf 'say one\nquit\nsay two\n' | run 0 - && [ "$(cat out)" = one ]
verdict $? "quit ends it"
printf 'ask Why?\npause\nsay on' | run 0 - && [ "$(cat out)" = "Why?
on" ]
verdict $? "nobody is waited for, and a last line needs no end"
printf 'say x\n' | "$bindwalk" run - >/dev/full 2>err
[ $? -eq 4 ]
verdict $? "output that can't be written ends it with 4"
"$bindwalk" --print-config >out 2>err && grep -q '^#theme dark$' out && grep -q '^#key F1 help$' out
verdict $? "--print-config"

# The port stands behind the address, or is a word of its own; one of them is enough.
refuses_port() {
	"$bindwalk" "$@" >out 2>err
	[ $? -eq 2 ] && grep -q "$said" err
}
said="is a second port"
refuses_port sockets 127.0.0.1:80 90 && refuses_port sockets 80 90 && refuses_port 127.0.0.1:80 90 &&
	refuses_port lab '[::1]:80' 90 && said="is not a port" && refuses_port sockets 127.0.0.1 x &&
	refuses_port 127.0.0.1 70000 && said="one argument too many" && refuses_port sockets 127.0.0.1 80 90
verdict $? "a second port is refused"
"$bindwalk" sockets 127.0.0.1 1 >out 2>err
[ $? -le 1 ]
verdict $? "a port of its own"

# In a lab
if printf '' | "$bindwalk" run --lab - 2>err; then
	cat >story <<-'END'
		bind 192.168.123.123
		expect ADDR_NOT_LOCAL
		ip route add local 192.168.123.0/24 dev lo
		bind
		expect ADDR_ANYIP
		undo
		bind
		expect EADDRNOTAVAIL
		reset
	END
	run 0 --lab story
	verdict $? "a story with changes, in a lab"
	printf 'route add 10.0.0.0/8 via 203.0.113.1\n' | run 2 --lab - && grep -q 'invalid gateway' err
	verdict $? "the kernel's own words on a change that it refuses"
	# The host is a lab that it knows nothing of.
	printf 'route add local 10.9.0.0/16 dev lo\nbind 10.9.0.1\nexpect ok\nsay done\n' >script
	"$bindwalk" lab -- sh -c '
		setsid -w "$0" run --edit script; [ $? -eq 4 ] || exit 1
		cat script | setsid -w "$0" run --edit /dev/stdin; [ $? -eq 4 ] || exit 1
		"$0" run --edit --yes script && cat script | "$0" run --edit --yes /proc/self/fd/0 &&
			! "$0" explain 10.9.0.1 --predict
	' "$bindwalk" >out 2>err && [ "$(grep -c "^done$" out)" -eq 2 ] && [ "$(grep -c "1 change undone" err)" -eq 2 ] &&
		[ "$(grep -c "pass --yes" err)" -eq 2 ]
	verdict $? "a script changes a host when that is confirmed, from a file or a pipe, and only then"
	printf 'route add local 10.9.0.0/16 dev lo\nkeep\n\nbnid\n' >script
	"$bindwalk" lab -- sh -c '"$0" run --edit --yes script; [ $? -eq 2 ] && ! "$0" explain 10.9.0.1 --predict >out' \
		"$bindwalk" 2>err && grep -q "^script:4:1: " err
	verdict $? "a script with a wrong line changes nothing of a host"
	printf 'route append local 10.9.0.0/16 dev lo\n' >script
	"$bindwalk" lab -- sh -c '"$0" run --edit --yes script' "$bindwalk" >out 2>err
	[ $? -eq 2 ] && grep -q "only in a lab" err
	verdict $? "what undo could not give back exactly is refused on a host"
	mkfifo pipe
	"$bindwalk" lab -- sh -c '
		"$0" run --edit --yes - <pipe >/dev/null 2>said &
		exec 3>pipe
		echo "route add local 10.9.0.0/16 dev lo" >&3
		tries=0
		until "$0" explain 10.9.0.1 --predict >/dev/null || [ $((tries += 1)) -gt 6000 ]; do sleep 0.02; done
		[ "$tries" -le 6000 ] && kill -TERM $! && { wait $!; [ $? -eq 143 ]; } &&
			grep -q "1 change undone" said && ! "$0" explain 10.9.0.1 --predict >/dev/null
	' "$bindwalk" >out 2>err
	verdict $? "a run that is ended undoes what it changed of a host"

	"$bindwalk" lab --with anyip >out 2>err </dev/null
	[ $? -eq 4 ] && [ ! -s out ] && grep -q "^bindwalk: --with anyip needs a terminal" err
	verdict $? "the story is told in the lab that it is about"

	# Sysctls of a user namespace that is ours, and nobody else's.
	if unshare -Ur true 2>err; then
		unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$0" lab' "$bindwalk" >out 2>err </dev/null
		[ $? -eq 4 ] && grep -q 'sysctl -w user.max_net_namespaces=15000' err && grep -q 'read-only' err &&
			grep -q '^# bindwalk explain 192.168.123.123 --set freebind' out && grep -q '^code NONLOCAL_BY_FREEBIND' out &&
			! grep -q '^# ip ' out
		verdict $? "where a lab is refused, the story is told without changes"
	else
		tests=$((tests + 1))
		echo "ok $tests - where a lab is refused, the story is told without changes # SKIP $(head -1 err)"
	fi

	# An ordinary user's lab is joined by himself and by root, with the capabilities to change it.
	maker=
	if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
		maker="setpriv --reuid 65534 --regid 65534 --clear-groups"
	fi
	chmod 755 . && cp "$bindwalk" ./bindwalk
	if command -v nsenter >/dev/null && command -v ip >/dev/null && $maker ./bindwalk lab -- true 2>err; then
		mkfifo hold
		$maker ./bindwalk lab -- sh -c 'echo "$BINDWALK_LAB"; read -r end' <hold >how_to_join 2>err &
		exec 3>hold
		tries=0
		until [ -s how_to_join ] || [ $((tries += 1)) -gt 6000 ]; do sleep 0.02; done
		status=0
		for who in "$maker" ""; do
			# shellcheck disable=SC2046 # the words of the command
			$who $(cat how_to_join) sh -c 'ip route add local 203.0.113.0/24 dev lo && ./bindwalk explain 203.0.113.9 &&
				ip route del local 203.0.113.0/24 dev lo' >out 2>err || status=1
		done
		exec 3>&-
		wait
		[ -s how_to_join ]
		verdict $((status | $?)) "the line that joins a lab"
	else
		tests=$((tests + 1))
		echo "ok $tests - the line that joins a lab # SKIP no nsenter, no ip, or $(head -1 err)"
	fi
else
	for what in "a story with changes, in a lab" "the kernel's own words on a change that it refuses" \
		"a script changes a host when that is confirmed, from a file or a pipe, and only then" \
		"a script with a wrong line changes nothing of a host" \
		"what undo could not give back exactly is refused on a host" \
		"a run that is ended takes back what it changed of a host" \
		"the story is told in the lab that it is about" "where a lab is refused, the story is told without changes" "the line that joins a lab"; do
		tests=$((tests + 1))
		echo "ok $tests - $what # SKIP $(head -1 err)"
	done
fi
echo "1..$tests"
