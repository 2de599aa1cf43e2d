#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `bindwalk trace` from outside: a command ends, writes, and is given what it would be without a trace; what can't be traced is
# told in a line; a program that misses what its file gives is named. The words of a trace are check-trace-text.sh's.
. "${top_srcdir:-.}/tests/outside.sh"
unset COLUMNS
export LC_ALL=C.UTF-8

"$bindwalk" trace -- true >out 2>err || {
	echo "1..0 # SKIP nothing can be traced here: $(tail -n 1 err)"
	exit 0
}

# trace STATUS ARGUMENTS: passes when it ends with that status.
trace() {
	wanted=$1
	shift
	"$bindwalk" trace "$@" >out 2>err
	got=$?
	[ "$got" -eq "$wanted" ]
}

told() { [ "$(grep -c '^bindwalk: ' err)" -eq "$1" ]; }

# Statuses
trace 3 -- sh -c 'echo out; echo err >&2; exit 3' && [ "$(cat out)" = out ] && grep -qx err err && trace 3 --stay -- sh -c 'exit 3'
verdict $? "a command's output and exit status are its own"
# shellcheck disable=SC2016 # the command's
trace 143 -- sh -c 'kill $$' && trace 137 -- sh -c 'kill -KILL $$' && trace 134 --stay -- sh -c 'ulimit -c 0; kill -ABRT $$'
verdict $? "a signal that ends it ends Bindwalk"
echo 'echo told' >plain
printf '#!/nowhere/interpreter\n' >wild
chmod +x plain wild
: >closed
trace 127 -- ./no-such-command && told 2 && trace 127 -- '' && told 2 && trace 127 -- ./wild && trace 126 -- . && told 2 &&
	trace 126 -- ./closed && trace 0 -- ./plain && grep -qx told out
verdict $? "a command that is not there, or is none"
printf 'x' >old
trace 2 -o old -- touch ran && trace 4 -o nowhere/file -- touch ran && [ ! -e ran ]
verdict $? "a command does not run where its file cannot be written"
"$bindwalk" trace -- sh -c 'exit 5' 2>/dev/full >out
full=$?
"$bindwalk" trace -- sh -c 'exit 5' 2>&- >out
[ $? -eq 5 ] && [ $full -eq 5 ] && [ ! -s out ]
verdict $? "a trace that cannot be written does not touch the command"
accepted=
for words in '-p 0' '-p x' '-p 1 -- true' 'true' '' '-p 1 --user root' '-p 1 --netns 1' '--nonsense -- true'; do
	# shellcheck disable=SC2086 # words
	{ trace 2 $words && told 1 && [ ! -s out ]; } || accepted="$accepted [$words]"
done
[ -z "$accepted" ] || echo "$accepted" >>err
[ -z "$accepted" ]
verdict $? "a wrong request is told in a line"

# What it is given. Numbers of pipes and processes differ each time.
cat >given <<'END'
grep -E '^(Sig[BIC]|ShdPnd|Cap|Uid|Gid|Groups|Umask)' /proc/self/status
ls /proc/self/fd
env | grep -v '^_=' | sort
ulimit -a
END
same() {
	sh given >untraced 2>err && "$bindwalk" trace -- sh given >traced 2>err && "$bindwalk" trace --stay -- sh given >stayed 2>err &&
		cmp untraced traced >>err 2>&1 && cmp untraced stayed >>err 2>&1
}
same && (trap '' PIPE XFSZ CHLD INT TERM TSTP && same) && (ulimit -f 1000 && same)
verdict $? "a command has the signals, descriptors, environment and limits that it has untraced"
printf 'in' | "$bindwalk" trace -- cat >out 2>err && [ "$(cat out)" = in ]
verdict $? "standard input is the command's"

# Signals
"$bindwalk" trace -- sh -c 'trap "exit 9" TERM; : >ready; while :; do sleep 0.1; done' >out 2>err &
pid=$!
while [ ! -e ready ] && kill -0 $pid; do sleep 0.1; done
kill -TERM $pid
wait $pid
[ $? -eq 9 ]
verdict $? "a signal to Bindwalk reaches its command"
rm ready
sh -c ': >ready; while [ ! -e enough ]; do sleep 0.1; done; exit 6' >out 2>err &
program=$!
while [ ! -e ready ] && kill -0 $program; do sleep 0.1; done
"$bindwalk" trace -p $program -o first >out 2>err &
pid=$!
while [ ! -s first ] && kill -0 $pid; do sleep 0.1; done
kill -TERM $pid
wait $pid
status=$?
: >enough
wait $program
[ $? -eq 6 ] && [ $status -eq 0 ]
verdict $? "a process that was attached to goes on when the trace ends"
# Nobody reads, and there is more to tell than a pipe holds.
mkfifo pipe
"$bindwalk" trace --full -- sh -c "while :; do '$bindwalk' explain 192.0.2.1 80; done" >out 2>pipe &
pid=$!
exec 3<pipe
read -r line <&3
kill -TERM $pid
wait $pid
[ $? -eq 143 ] && [ -n "$line" ]
verdict $? "who does not read keeps nobody from the end"
exec 3<&-

# What can't be traced
trace 4 -p $$ && told 1 && grep -q 'another terminal' err && trace 4 -p 4194304 && told 1 && trace 4 -p $pid && told 1
verdict $? "a process that cannot be traced is told in a line"
if [ "$(id -u)" -eq 0 ]; then
	trace 2 --user no-such-user -- true && told 1 && trace 0 --user nobody -- id -u && [ "$(cat out)" = "$(id -u nobody)" ] &&
		trace 0 --user nobody -- id -G && [ "$(cat out)" = "$(id -G nobody)" ]
else
	trace 4 --user root -- true && told 1 && grep -q 'sudo bindwalk trace --user' err
fi
verdict $? "--user is root's"

# Another network namespace, as long as a process of it waits for a file.
if unshare --net true 2>err; then
	# shellcheck disable=SC2016 # the shell's that is there
	unshare --net sh -c 'readlink /proc/self/ns/net >there; : >ready2; while [ ! -e enough2 ]; do sleep 0.1; done' &
	other=$!
	while [ ! -e ready2 ] && kill -0 $other; do sleep 0.1; done
	trace 0 --netns $other -- readlink /proc/self/ns/net && cmp -s out there && told 1
	verdict $? "--netns takes the command there"
	: >enough2
	wait $other
else
	tests=$((tests + 1))
	echo "ok $tests - --netns takes the command there # SKIP $(cat err)"
fi

# A program that its file gives privileges.
raised=$(command -v su)
low=
[ "$(id -u)" -ne 0 ] || low="setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all"
if [ -u "$raised" ] && chmod 755 . && $low "$bindwalk" trace -- true 2>err && $low sh -c "cd '$folder'" 2>>err; then
	# shellcheck disable=SC2086 # words
	$low "$bindwalk" trace -- sh -c 'su --version; su --version' 'a b' >out 2>err && [ "$(grep -c 'fewer capabilities than usual' err)" -eq 1 ] &&
		grep -q "sudo bindwalk trace --user [^ ]* -- sh -c 'su --version; su --version' 'a b'\$" err
	verdict $? "a set-uid program is named once, with the way to trace it whole"
	long=$(printf '%01500d' 0)
	# shellcheck disable=SC2086
	$low "$bindwalk" trace --summary -- sh -c 'su --version' "$long" >out 2>err && ! grep -q 00000 err
	verdict $? "a command that is too long for a note is not cut"
	# shellcheck disable=SC2086
	$low "$bindwalk" trace -- su --version >out 2>err && sed -n 2p err | grep -q 'fewer capabilities than usual'
	verdict $? "before it begins"
	[ "$(id -u)" -ne 0 ] || { trace 0 -- su --version && told 1 && trace 0 --user nobody -- su --version && told 1; }
	verdict $? "and not where it has them"
else
	tests=$((tests + 1))
	echo "ok $tests # SKIP su is not set-uid here, or cannot be run as an ordinary user: $(tail -n 1 err)"
fi

# Programs whose binds are not seen.
skip() {
	tests=$((tests + 1))
	echo "ok $tests # SKIP $1"
}
cat >narrow.s <<'END'
.globl _start
_start:	xorl %ebx, %ebx
	movl $1, %eax
	int $0x80
END
if as --32 -o narrow.o narrow.s 2>/dev/null && ld -m elf_i386 -o narrow narrow.o 2>/dev/null && ./narrow 2>/dev/null; then
	trace 0 -- sh -c './narrow; true' && grep -q 'narrow\[[0-9]*\] is a 32-bit program' err && trace 0 --stay -- ./narrow && told 2
	verdict $? "a 32-bit program is named"
else
	skip "no 32-bit program can be made or run here"
fi
ring='import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall(425, 4, ctypes.create_string_buffer(120)) < 0)'
if python3 -c "$ring" 2>/dev/null && printf '6.11\n%s\n' "$(uname -r)" | sort -VC; then
	trace 0 -- python3 -c "$ring" && told 2 && grep -q 'uses io_uring' err
	verdict $? "a program with a ring for its calls is named"
else
	skip "there is no io_uring here that binds"
fi

# A filter that was there before Bindwalk refuses bind(): our own is not asked then.
cat >confined.py <<'END'
import ctypes, os, struct, sys
libc = ctypes.CDLL(None)
rules = [(0x20, 0, 0, 0), (0x15, 0, 1, int(sys.argv[1])), (6, 0, 0, 0x5000d), (6, 0, 0, 0x7fff0000)]
code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *r) for r in rules))
program = ctypes.create_string_buffer(struct.pack('HxxxxxxQ', len(rules), ctypes.addressof(code)))
libc.prctl(38, 1, 0, 0, 0)
if libc.prctl(22, 2, program, 0, 0):
    sys.exit(99)
os.execv(sys.argv[2], sys.argv[2:])
END
case $(uname -m) in
x86_64) number=49 ;;
*) number=200 ;; # of the newer architectures
esac
binds='import socket, sys
try: socket.socket().bind(("127.0.0.1", 0))
except PermissionError: sys.exit(9)'
python3 confined.py $number "$bindwalk" trace -- python3 -c "$binds" >out 2>err
hidden=$?
[ $hidden -eq 9 ] && told 2 && grep -q 'seccomp filter.*--stay' err && {
	python3 confined.py $number "$bindwalk" trace --stay -- python3 -c "$binds" >out 2>err
	[ $? -eq 9 ] && grep -q '^bindwalk: HOOK .* EACCES' err
}
verdict $? "a filter that Bindwalk is under is named, and --stay shows what it refuses"
python3 confined.py 99999 "$bindwalk" trace -- "$bindwalk" explain 192.0.2.1 80 >out 2>err
[ $? -eq 1 ] && told 2
verdict $? "but not where a bind was seen to be refused"

# There our numbers are those of other processes.
if unshare --pid --fork true 2>err; then
	unshare --pid --fork "$bindwalk" trace -- true 2>err
	[ $? -eq 4 ] && grep -q '^bindwalk: /proc is that of another PID namespace' err && [ "$(wc -l <err)" -eq 1 ]
	verdict $? "no trace with the /proc of another PID namespace"
else
	skip "no PID namespace: $(tail -n 1 err)"
fi
echo "1..$tests"
