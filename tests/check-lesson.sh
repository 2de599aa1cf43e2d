#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `bindwalk lesson` from outside: lessons played without a terminal, checked, listed, asked again, and the progress of a
# class; what goes wrong is one line and an exit status. Speaks TAP.
. "${top_srcdir:-.}/tests/outside.sh"
export HOME="$folder" XDG_STATE_HOME="$folder/state" XDG_CONFIG_HOME="$folder/config"
unset COLUMNS
progress=$XDG_STATE_HOME/bindwalk/progress

# lesson STATUS ARGUMENT... <answers
lesson() {
	wanted=$1
	shift
	"$bindwalk" lesson "$@" >out 2>err
	got=$?
	[ "$got" -eq "$wanted" ]
}

# complains PART: the only line on standard error has it.
complains() { [ "$(wc -l <err)" -eq 1 ] && grep -q -e "$1" err; }

cat >good.lesson <<-'END'
	lesson "Good"
	goal "See it."
	time 1
	step "One"
	say "Your own address."
	ask "Will it bind?" [binds refused]
	do bind 127.0.0.1:8080
	check ok ADDR_LOCAL
	step "Two"
	ask "And that one?" [binds refused]
	do bind 203.0.113.9
	check refused EADDRNOTAVAIL
	done "Your own, not theirs."
	read bind
END
sed 's/refused EADDRNOTAVAIL/ok/' good.lesson >wrong.lesson
sed 's/^say .*/say "One two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six."/' \
	good.lesson >long.lesson
sed 's/bind 203/bnid 203/' good.lesson >broken.lesson
printf 'lesson "None"\nstep "One"\nsay Nothing.\n' >bare.lesson

# Without a lab
lesson 0 list </dev/null && grep -q '^Lessons$' out && grep -q '^  1 refused  * [0-9] min  A refused bind' out && [ ! -e "$progress" ]
verdict $? "the list has each lesson, and to look at it leaves nothing behind"
lesson 0 list --json && [ "$(wc -l <out)" -eq 1 ] &&
	grep -q '^{"lessons":\[{"name":"refused","number":1,"kind":"lesson","title":"A refused bind, and why",' out &&
	grep -q '"progress":{"begun":false,"done":0,' out
verdict $? "the list as JSON"
lesson 2 refuse && complains "'refuse' is neither a lesson nor a file; did you mean refused?" && lesson 2 99 && complains "'99'" &&
	lesson 2 ./none && complains 'none' && lesson 2 . && complains 'expected a regular file' && lesson 2 /dev/zero &&
	complains 'expected a regular file'
verdict $? "what is not a lesson is named"
lesson 2 && complains 'needs a name' && lesson 2 check && complains 'check needs a file' && lesson 2 report &&
	complains 'report needs a folder' && lesson 2 list more && complains "'more' is one argument too many" && lesson 2 --edit 1
verdict $? "wrong arguments end it with 2"
lesson 2 ./broken.lesson && complains 'broken.lesson:11:4: ' && lesson 2 check broken.lesson &&
	grep -q '^broken.lesson:11:4: ' err && [ "$(tail -1 err)" = "     ^" ]
verdict $? "an error in a lesson has its place, and check sets a caret there"
lesson 2 check none && complains 'none: No such file' && lesson 2 check . && complains 'expected a regular file' &&
	printf 'bind 127.0.0.1\n' >script && lesson 2 check script && grep -q '^script:1:1: a lesson begins with' err &&
	: >empty && lesson 2 check empty && grep -q 'empty: the file is empty' err
verdict $? "check of what is not a lesson ends with 2"
mkdir class && printf '2026-11-29T20:00:00Z anyip answer step=2 question=1 said=binds was=refused judged=wrong\n' >class/bea &&
	printf '2026-11-29T20:00:00Z anyip begin\n2026-11-29T20:00:00Z anyip done\n' >"class/$(printf 'a\033[2J')" && mkfifo class/fifo &&
	lesson 0 report class && [ "$(sed -n '2p' out)" = 'a\x1b[2J     1     1      0      0      0         0  2026-11-29' ] &&
	[ "$(sed -n '3p' out)" = 'bea          1     0      1      0      0         0  2026-11-29' ] &&
	grep -q '^    1 of 1     anyip, step 2$' out && grep -q '^2 learners$' out
verdict $? "the progress of a class is one table, hostile names made visible"
lesson 0 report class --json && [ "$(wc -l <out)" -eq 1 ] && grep -q '^{"learners":\[{"name":"a\\u001B\[2J","begun":1,"done":1,' out &&
	mkdir none && lesson 2 report none && complains 'holds no progress files' && lesson 2 report nowhere && complains 'nowhere: No such file'
verdict $? "the same as JSON, and a class of nobody"

# In a lab
if printf '' | "$bindwalk" run --lab - 2>err; then
	lesson 0 ./good.lesson </dev/null && grep -q '^Step 1 of 2: One$' out && grep -q '^\$ bind 127.0.0.1:8080$' out &&
		grep -q '^? And that one? (binds, refused)$' out && grep -q '^= The answer is EADDRNOTAVAIL.$' out
	verdict $? "a lesson is played straight, with the kernel's answers"
	lesson 0 1 </dev/null && lesson 0 refused </dev/null && [ ! -e "$progress" ]
	verdict $? "a lesson by its number and its name; who only reads it has no progress"
	lesson 0 --json ./good.lesson && head -1 out | grep -q '^{"kind":"lesson","name":"good","title":"Good",' &&
		grep -q '^{"kind":"ask","line":6,"text":"Will it bind?","asks":"choice","choices":\["binds","refused"\]}$' out &&
		grep -q '^{"kind":"answer","line":6,"said":null,"was":"binds","judged":null}$' out &&
		grep -q '^{"line":11,"command":"bind","result":"ok",' out && tail -1 out | grep -q '^{"kind":"done",' &&
		! grep -v '^{.*}$' out
	verdict $? "the same as JSON, an object a line"
	lesson 1 ./wrong.lesson && grep -q '^./wrong.lesson:12: not yet: expected ok, the kernel says EADDRNOTAVAIL' err
	verdict $? "a check that does not hold ends it with 1"
	lesson 0 check good.lesson && grep -q 'Good: lesson of 2 steps, 18 words, 2 questions, 0:37 by reading speed; 0' out &&
		grep -q '^Played in a lab on Linux ' out
	verdict $? "check says what a lesson is, and that it was played"
	lesson 1 check long.lesson && grep -q '^long.lesson:5:6: this sentence has 26 words' out && lesson 1 check wrong.lesson &&
		grep -q '^wrong.lesson:12:1: the check stops here on this kernel: not yet: expected ok' out &&
		lesson 1 check bare.lesson && grep -q '^bare.lesson:1:1: a lesson has at least 2 questions' out
	verdict $? "complaints have their place, and end it with 1"
	sed 's/\[binds refused\]/[EACCES EPERM]/' good.lesson >hopeless.lesson && lesson 1 check hopeless.lesson &&
		grep -q '^hopeless.lesson:6:5: none of these choices is what the kernel answers: ok (ADDR_LOCAL)' out
	verdict $? "a question that nobody can answer right is found"
	lesson 1 check long.lesson --json && [ "$(wc -l <out)" -eq 1 ] &&
		grep -q '"complaints":\[{"line":5,"column":6,"text":"this sentence has 26 words; ' out && grep -q '"played":{"kernel":"' out
	verdict $? "check as JSON"

	printf 'refused\nperhaps\n1\n1\n1\n1\n' | lesson 0 review && grep -q '^= Wrong. You said refused; the answer is binds.$' out &&
		complains "'perhaps' is not one of the choices" && grep -q ' of 5 right$' out &&
		head -1 "$progress" | grep -q '^20..-..-..T..:..:..Z refused answer step=[0-9]* question=1 said=refused was=binds judged=wrong$'
	verdict $? "review asks, has a real bind judge, and keeps the answers"
	first=$(sed -n '1s/.* step=\([0-9]*\) .*/\1/p' "$progress")
	printf 'binds\n' | lesson 0 review --json && head -1 out | grep -q "^{\"kind\":\"ask\",.*\"lesson\":\"refused\",\"step\":$first,\"before\":\"wrong\"," &&
		sed -n 2p out | grep -q '^{"kind":"answer","said":"binds","was":"binds","judged":"right"}$' &&
		tail -1 out | grep -q '"answered":1,"right":1}$'
	verdict $? "what was answered wrongly comes first"
	lesson 4 review </dev/null && grep -q '^bindwalk: no answers: ' err
	verdict $? "review without anybody to answer ends with 4"

	# Killed in the middle: what was answered stays.
	rm -f "$progress" && mkfifo answers
	"$bindwalk" lesson review <answers >out 2>err &
	review=$!
	exec 3>answers
	echo binds >&3
	until [ -s "$progress" ]; do
		sleep 0.05
	done
	kill -9 "$review"
	wait "$review" 2>/dev/null
	exec 3>&-
	[ "$(wc -l <"$progress")" -eq 1 ] && printf '2026-11-29T20:0' >>"$progress" && lesson 0 list && grep -q 'of 1 right$' out &&
		printf 'refused\n' | lesson 0 review && [ "$(grep -c ' answer ' "$progress")" -eq 2 ]
	verdict $? "what was answered before a kill stays, and a torn line takes no other with it"
	chmod 666 "$progress" && lesson 0 list && complains 'chmod go-w' && printf 'binds\n' | lesson 0 review && complains 'chmod go-w'
	verdict $? "progress that cannot be kept costs one line, not the lesson"
	"$bindwalk" lesson ./good.lesson >/dev/full 2>err
	[ $? -eq 4 ]
	verdict $? "output that can't be written ends it with 4"
else
	for what in "a lesson is played straight, with the kernel's answers" "check, review and progress in a lab"; do
		tests=$((tests + 1))
		echo "ok $tests - $what # SKIP $(head -1 err)"
	done
	lesson 4 ./good.lesson && complains '^bindwalk: no lab: '
	verdict $? "where a lab is refused, a lesson says so"
	lesson 0 check good.lesson && grep -q '^Not played: no lab: ' out
	verdict $? "where a lab is refused, the texts are checked all the same"
fi
echo "1..$tests"
