#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `bindwalk explain` from outside: exit statuses, one line for each wrong request and nothing printed half, colours, and the
# story that `bindwalk lab` tells without a terminal. Speaks TAP.
. "${top_srcdir:-.}/tests/outside.sh"
unset NO_COLOR

# refused STATUS TEXT ARGUMENT...: it prints nothing but one line, which has the text in it.
refused() {
	wanted=$1
	text=$2
	shift 2
	"$bindwalk" "$@" >out 2>err
	got=$?
	[ "$got" -eq "$wanted" ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$text" err &&
		! LC_ALL=C grep -q '[[:cntrl:]]' err
	verdict $? "$1: $text"
}

# 1. Wrong requests.
long=$(head -c 100000 /dev/zero | tr '\0' 7)
refused 2 "needs an address, as in: bindwalk explain 192.0.2.1" explain
refused 2 "''" explain ''
refused 2 "'300.1.1.1'" explain 300.1.1.1
refused 2 "'7777777777" explain "$long"
refused 2 "'\\x1b[2J\\x0ax'" explain "$(printf '\033[2J\nx')"
refused 2 "'nosuch' here; there are lo" explain ::1%nosuch
refused 2 "'nosuch' here; there are lo" explain ::1 --scope nosuch
refused 2 "--scope ''" explain ::1 --scope ''
refused 2 "--scope 'lo'" explain 127.0.0.1 --scope lo
refused 2 "--scope 'lo'" explain fe80::1%lo --scope lo
refused 2 "'70000'" explain 127.0.0.1 --port 70000
refused 2 "'7777777777" explain 127.0.0.1 "$long"
refused 2 "''" explain 127.0.0.1 ''
refused 2 "'81'" explain 127.0.0.1:80 81
refused 2 "'81'" explain 127.0.0.1 81 --port 80
refused 2 "--port '81'" explain 127.0.0.1:80 --port 81
refused 2 "'82'" explain 127.0.0.1 80 82
refused 2 "option '--port'" explain 127.0.0.1 --port
refused 2 "--set 'nosuch'" explain 127.0.0.1 --set nosuch
refused 2 "--set 'freebind=x'" explain 127.0.0.1 --set freebind=x
refused 2 "--device 'device='" explain 127.0.0.1 --device ''
refused 2 "--proto 'nosuch'" explain ::1 --proto nosuch
refused 2 "--type 'nosuch'" explain ::1 --type nosuch
refused 2 "--proto 'udp'" explain ::1 --type stream --proto udp
refused 2 "--kernel '4.19'" explain ::1 --kernel 4.19
refused 2 "--color 'red'" explain ::1 --color red
refused 2 "option '--nosuch'" explain ::1 --nosuch
refused 2 "option '--json=yes'" explain ::1 --json=yes
refused 2 "--wait 'soon'" explain ::1 --wait=soon
refused 2 "--wait" explain ::1 --wait --kernel 6.1
refused 2 "or a command: " nosuch
refused 2 "'exlpain' is not a command; did you mean explain?" exlpain 127.0.0.1
refused 2 "'x\\xff%'" explain "$(printf 'x\377%%')"
refused 2 "'é'" explain é
refused 2 "--family 'unspec'" explain ::1 --family unspec
refused 2 '--addrlen "70000"' explain ::1 --addrlen 70000
refused 2 "'a/b'" explain a/b
refused 2 "'[localhost]:80'" explain '[localhost]:80'
refused 2 "'localhost:70000'" explain localhost:70000
refused 2 "--scope 'lo'" explain localhost --scope lo
refused 2 "--as 'x'" explain ::1 --as x
refused 2 "--as '0'" explain ::1 --as 0
refused 2 "--as '-1'" explain ::1 --as=-1
refused 2 "leave out --netns" explain ::1 --as $$ --netns $$
refused 2 "leave out --unprivileged" explain ::1 --as $$ --unprivileged
refused 2 "leave out --witness" explain ::1 --as $$ --witness
refused 4 "4194305" explain ::1 --as 4194305
set --
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do set -- "$@" --set mark=$i; done
refused 2 "--set 'mark=17'" explain ::1 "$@"

# Nothing is passed over because it stands before the subcommand.
refused 4 "no network namespace 'nosuch'" explain ::1 --netns nosuch
refused 4 "no network namespace 'nosuch'" --netns nosuch explain ::1
refused 4 "no network namespace 'nosuch'" --netns nosuch run -
refused 2 "option '--edit' is unknown; see bindwalk explain --help" --edit explain ::1

# 2. Output that can't be written.
"$bindwalk" explain ::1 >&- 2>err
[ $? -eq 4 ] && grep -q 'standard output is closed; it must be' err && [ "$(wc -l <err)" -eq 1 ]
verdict $? "a closed standard output is said"
for arguments in "explain ::1" "explain ::1 --json" "explain --help" "help bind" "--help" "--version" "--print-config" "lab"; do
	"$bindwalk" $arguments </dev/null >/dev/full 2>err
	[ $? -eq 4 ] && [ "$(wc -l <err)" -eq 1 ]
	verdict $? "a full disk is said, once: $arguments"
done

# The reader is gone before the first byte: the writer then ends as others do, by SIGPIPE, and says nothing.
mkfifo gate
for arguments in "explain ::1" "explain ::1 --json" "explain 203.0.113.10 --wait=60" "explain --help" \
	"sockets" "sockets --json" "help" "help bind" "--help" "--version" "--print-config" "run script" "run --json script" "lab"; do
	printf 'help\nshow routes\nbind ::1\n' >script
	{
		cat gate >/dev/null
		"$bindwalk" $arguments </dev/null 2>err
		echo $? >ended
	} | {
		exec <&-
		: >gate
	}
	[ "$(cat ended)" -eq 141 ] && [ ! -s err ]
	verdict $? "a pipe that nobody reads is no matter: $arguments"
done
(
	trap '' PIPE
	{
		cat gate >/dev/null
		"$bindwalk" explain ::1 2>err
		echo $? >ended
	} | {
		exec <&-
		: >gate
	}
)
[ "$(cat ended)" -eq 4 ] && [ ! -s err ]
verdict $? "who started it with SIGPIPE ignored gets a status instead"

# Between words, at the width that is asked for.
for width in 40 60 100 200; do
	for arguments in "explain fe80::1 443" "explain 203.0.113.10 443" "help nonlocal" "help" "--help" "explain --help"; do
		COLUMNS=$width "$bindwalk" $arguments --ascii >out 2>err
		awk -v width=$width 'length > width { wrong++ } END { exit wrong > 0 }' out &&
			COLUMNS=1000 "$bindwalk" $arguments --ascii 2>>err | tr -s ' \n' '\n\n' | sort -u >words &&
			tr -s ' \n' '\n\n' <out | sort -u | cmp -s - words && [ ! -s err ]
		verdict $? "$width columns, and no word is broken: $arguments"
	done
done

# 3. Colours: the wish, then NO_COLOR, then the terminal, which a file is not.
coloured() {
	"$bindwalk" "$@" >out 2>err && LC_ALL=C grep -q "$(printf '\033')\[" out
}
coloured explain 127.0.0.1 --color always && coloured --color always explain 127.0.0.1 &&
	NO_COLOR=1 coloured explain 127.0.0.1 --color=always && ! coloured explain 127.0.0.1 --color auto &&
	! coloured explain 127.0.0.1 --color never && ! coloured explain 127.0.0.1
verdict $? "--color"

# 4. How a bind ends.
"$bindwalk" explain 127.0.0.1 >out 2>err && grep -q '^code ADDR_LOCAL, ' out && [ ! -s err ]
verdict $? "a bind that succeeds ends with 0"
"$bindwalk" explain fe80::1%999999 >out 2>err
[ $? -eq 1 ] && grep -q '^ARGUMENT ENODEV  ' out && [ ! -s err ]
verdict $? "one that is refused ends with 1; a scope may be a number that is none here"
"$bindwalk" explain 127.0.0.1 --as $$ >out 2>err && grep -q "^asked as process $$ (.*), uid $(id -u)\$" out && [ ! -s err ]
verdict $? "for a process that is like us nothing is missing"
if grep -qw localhost /etc/hosts && wanted=$(getent --no-addrconfig ahosts localhost); then
	echo "$wanted" | awk '!seen[$1]++ { print $1 }' >wanted
	"$bindwalk" explain localhost --json >out 2>err &&
		sed -n 's/^    "address": "\(.*\)",$/\1/p' out | diff wanted - >>err && [ "$(head -n 1 out)" = "[" ] && [ "$(tail -n 1 out)" = "]" ]
	verdict $? "each address of a name, in the order of getaddrinfo"
	"$bindwalk" explain localhost >out 2>err && [ "$(grep -c '^bind ' out)" -eq "$(wc -l <wanted)" ] && grep -q '^localhost has ' out
	verdict $? "and as text"
else
	tests=$((tests + 1))
	echo "ok $tests - each address of a name # SKIP there is no localhost in /etc/hosts"
fi
"$bindwalk" --version >out 2>err && head -n 1 out | grep -q '^bindwalk [0-9]' && sed -n 2p out | grep -q '^tier T[0-4]$' &&
	grep -q '^  T0  yes  ' out && [ "$(grep -c '^  T[0-4]  \(yes\|no \)  ' out)" -eq 5 ] &&
	awk '/^  (T[0-4]|units)/ { if (lacks) exit 1; lacks = /^  [^ ]+ +no  / } /^           [^ ]/ { lacks = 0 } END { exit lacks }' out
verdict $? "--version prints the tier, and a reason for each that is not to be had"
LC_ALL=C "$bindwalk" explain 127.0.0.1 >out 2>err && ! LC_ALL=C grep -q '[^ -~]' out
verdict $? "ASCII where the locale has no more"

PATH=/usr/bin:/bin "$bindwalk" lab -- sh -c 'echo $PATH' >out 2>err
status=$?
[ $status -eq 4 ] || { [ $status -eq 0 ] && grep -qxF /usr/bin:/bin:/usr/sbin:/sbin out; }
verdict $? "what a lab's root needs is found from there, too"

# 5. The story, each bind with its code, and with the live bind agreeing. One line for each: code, then the command.
"$bindwalk" lab </dev/null >out 2>err
status=$?
if [ $status -eq 4 ] && grep -q '^bindwalk: no lab' err; then
	tests=$((tests + 1))
	echo "ok $tests - the story # SKIP $(head -n 1 err)"
else
	awk '/^# bindwalk explain / { sub(/^# bindwalk explain /, ""); command = $0 }
		/^# a brand-new namespace/ { command = "8.8.8.8" }
		/^code / { sub(/,$/, "", $2); print $2, agreement, command }
		{ agreement = /^(open|changed|hook|DISAGREEMENT): / ? "unlike" : $NF }' out >told
	cat >wanted <<-'STORY'
		ADDR_ANY ok 0.0.0.0
		ADDR_LOCAL ok 127.0.0.1
		ADDR_NOT_LOCAL EADDRNOTAVAIL 192.168.123.123
		NONLOCAL_BY_FREEBIND ok 192.168.123.123 --set freebind
		ADDR_ANYIP ok 192.168.123.123
		ADDR_NOT_LOCAL EADDRNOTAVAIL 2001:db8:123::1
		NONLOCAL_BY_FREEBIND ok 2001:db8:123::1 --set freebind
		ADDR_ROUTED_ONLY EADDRNOTAVAIL 2001:db8:123::1
		NONLOCAL_BY_FREEBIND ok 2001:db8:123::1 --set freebind
		NONLOCAL_BY_TRANSPARENT ok 2001:db8:123::1 --set transparent
		OPTION_REFUSED EPERM 2001:db8:123::1 --set transparent --unprivileged
		NONLOCAL_BY_SYSCTL ok 2001:db8:123::1
		ADDR_ANYIP ok ::ffff:192.168.123.123
		SCOPE_MISSING EINVAL fe80::b1d
		SCOPE_MISSING EINVAL fe80::b1d --set freebind
		ADDR_CONFIGURED ok fe80::b1d%eth0
		ADDR_TENTATIVE EADDRNOTAVAIL 2001:db8:7::1
		ADDR_NOT_LOCAL EADDRNOTAVAIL 198.51.100.1 80 --unprivileged
		PORT_PRIVILEGED EACCES 2001:db8:99::1 80 --unprivileged
		TABLE_MISSING ok 8.8.8.8
	STORY
	[ $status -eq 0 ] && [ ! -s err ] && diff wanted told >>err
	verdict $? "the story: every bind ends with the code it is there for, and as predicted"
fi
echo "1..$tests"
