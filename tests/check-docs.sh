#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is written for users is true: documents made from the tables are up to date and well formed, completions complete, and
# every example in them runs and ends as it says. Speaks TAP.
set -u

src=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
help=$src/help
PATH=$build:$PATH:/usr/sbin:/sbin
export PATH
work=$(mktemp -d "${TMPDIR:-/tmp}/check-docs.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
number=0

result()
{
	number=$((number + 1))
	echo "$1 $number - $2"
}

# A file with complaints fails the test.
judge()
{
	if [ -s "$2" ]; then
		result "not ok" "$1"
		sed 's/^/# /' "$2"
	else
		result ok "$1"
	fi
}

skip()
{
	number=$((number + 1))
	echo "ok $number # SKIP $1"
}

installed()
{
	command -v "$1" >/dev/null 2>&1
}

# 1. Made from the tables.
for made in bindwalk.1 bindwalk.bash bindwalk.zsh bindwalk.fish topics/keys.txt; do
	{ "$build/help/mkdoc" <"$help/${made##*/}.in" | diff "$help/$made" - ||
		echo "run: make docs"; } >"$work/log" 2>&1
	judge "help/$made is what the tables say" "$work/log"
done

# 2. Well formed.
# Minimised systems have a stub for man.
if man --version 2>/dev/null | grep -q '^man [0-9]' && installed groff; then
	LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$help/bindwalk.1" 2>"$work/log" >"$work/page"
	[ -s "$work/page" ] || echo "it printed nothing" >>"$work/log"
	judge "man has no warning about the man page" "$work/log"
else
	skip "man or groff is not installed"
fi
if installed mandoc; then
	mandoc -T lint "$help/bindwalk.1" >"$work/log" 2>&1
	judge "mandoc's lint has no complaint about the man page" "$work/log"
else
	skip "mandoc is not installed"
fi
for shell in bash zsh fish; do
	if installed $shell; then
		$shell -n "$help/bindwalk.$shell" >"$work/log" 2>&1 || echo "status $?" >>"$work/log"
		judge "$shell reads its completion" "$work/log"
	else
		skip "$shell is not installed"
	fi
done
if installed desktop-file-validate; then
	desktop-file-validate "$help/bindwalk.desktop" >"$work/log" 2>&1
	judge "the desktop file is valid" "$work/log"
else
	skip "desktop-file-validate is not installed"
fi

# Keys of the JSON, but those of inputs, options and claims, which are named elsewhere.
sed -n '/^\.SH JSON/,/^\.SH EXIT/p' "$help/bindwalk.1" >"$work/page"
for key in $(bindwalk explain --json ::1 | tr -d '\n' | sed 's/"\(inputs\|options\|claims\)": {[^}]*}//g' |
	grep -o '"[a-z_]*":' | tr -d '":' | sort -u); do
	grep -qw -- "$key" "$work/page" || echo "$key is not in the man page"
done >"$work/log"
judge "the man page has every key of the JSON" "$work/log"

# 3. Names that texts point at.
for topic in "$help"/topics/*.txt; do
	for name in $(sed -n 's/^@see //p' "$topic"); do
		[ -f "$help/topics/$name.txt" ] || echo "${topic##*/} points at $name, which there is not"
	done
done >"$work/log"
judge "topics point at topics" "$work/log"

# 4. All that follows happens in labs.
lab=yes
bindwalk lab -- true 2>"$work/lab" || lab=
why=$(head -n 1 "$work/lab")

# complete_line LINE: prints what the shell offers for it, one a line. CASES: the line, and what must be offered; "=" before it:
# and nothing else; "!" before it: must not.
complete_with()
{
	while IFS='|' read -r line wanted; do
		complete_line "$line" >"$work/offered"
		offered=$(tr '\n' ' ' <"$work/offered")
		case $wanted in
		=*) [ "$(sort "$work/offered")" = "$(echo "${wanted#=}" | tr ' ' '\n' | sort)" ] ;; # a folder has no order
		!*) ! grep -qxF -- "${wanted#!}" "$work/offered" ;;
		*) grep -qxF -- "$wanted" "$work/offered" ;;
		esac && ! LC_ALL=C grep -q '[^ -~]' "$work/offered" ||
			echo "'$line': wanted '$wanted', offered: $offered"
	done >"$work/log"
}

complete_lines()
{
	if ! installed "$1"; then
		skip "$1 is not installed"
	elif [ -z "$lab" ]; then
		skip "no lab: $why"
	else
		# The completions take the host's addresses from ip.
		installed ip || sed -i '/192\.0\|2001:\|fe80:/d' "$work/cases"
		(cd "$work" && complete_with <cases)
		judge "$1 completes command lines" "$work/log"
	fi
}

: >"$work/script-a"
: >"$work/script-b"
cat >"$work/complete.bash" <<'BASH'
COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
source "$1"
COMP_LINE=$2 COMP_POINT=${#2}
read -ra COMP_WORDS <<<"$2"
[[ $2 != *' ' ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_bindwalk
[[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\n' "${COMPREPLY[@]}"
BASH
# Interfaces can be called what a shell runs, or a terminal acts on: neither is offered.
cat >"$work/in-lab" <<'SH'
#!/bin/sh
ip link add '$(id>ran)' type veth peer name '`id>ran`' &&
	ip link add '*' type veth peer name "$(printf 'x\033[31m\233\342\200\256')" &&
	exec "$@"
SH
chmod +x "$work/in-lab"
complete_line()
{
	bindwalk lab -- "$work/in-lab" bash --norc "$work/complete.bash" "$help/bindwalk.bash" "$1" 2>&1
}
# After a ":" or "=" readline wants the rest only.
cat >"$work/cases" <<'CASES'
bindwalk ex|=explain
bindwalk |lab
bindwalk |192.0.2.2
bindwalk |fe80::2%eth0
bindwalk fe80::2%|2%eth0
bindwalk 2001:db8::|2
bindwalk --co|=--color
bindwalk --color |=auto always never
bindwalk lab --mouse=|=on off
bindwalk explain |!lab
bindwalk explain 192|=192.0.2.2
bindwalk explain --pr|=--proto --predict
bindwalk explain --proto |mptcp
bindwalk explain --proto=t|=tcp
bindwalk explain ::1 --set reuse|=reuseaddr reuseport
bindwalk explain ::1 --set dev|=device=
bindwalk explain ::1 --set device=l|lo
bindwalk explain --device |lo
bindwalk explain --device |!*
bindwalk explain --scope |lo
bindwalk explain --predict 192.0|=192.0.2.2
bindwalk explain --kernel |=
bindwalk explain ::1 80 |=
bindwalk help ADDR_NOT|=ADDR_NOT_LOCAL
bindwalk help --|--search
bindwalk lab -- printf|printf
bindwalk run --l|=--lab
bindwalk run script-|=script-a script-b
bindwalk run --lab script-a |=
bindwalk lesson fr|=freebind
bindwalk lesson check script-|=script-a script-b
bindwalk stage de|=demo
bindwalk replay script-|=script-a script-b
bindwalk replay --to c|=cast
bindwalk notes |=
CASES
complete_lines bash

# fish 4 offers fuzzy matches as well: only what begins with the typed word is compared.
complete_line()
{
	bindwalk lab -- "$work/in-lab" env HOME="$work" fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$help/bindwalk.fish" "$1" 2>&1 |
		cut -f 1 | awk -v typed="${1##* }" 'index($0, typed) == 1'
}
cat >"$work/cases" <<'CASES'
bindwalk ex|=explain
bindwalk |fe80::2%eth0
bindwalk --co|=--color
bindwalk --color a|=always auto
bindwalk explain 192|=192.0.2.2
bindwalk explain --pr|=--predict --proto
bindwalk explain --set reuse|=reuseaddr reuseport
bindwalk explain --set device=l|device=lo
bindwalk explain --device |lo
bindwalk explain --device |!*
bindwalk help ADDR_NOT|=ADDR_NOT_LOCAL
bindwalk lab -- printf|printf
bindwalk run --l|=--lab
bindwalk run script-|=script-a script-b
bindwalk lesson fr|=freebind
bindwalk stage de|=demo
bindwalk replay script-|=script-a script-b
bindwalk compare 192|=192.0.2.2
bindwalk compare --ma|=--markdown
CASES
complete_lines fish
: >"$work/log"
[ ! -e "$work/ran" ] || echo "the name of an interface was run as a command" >"$work/log"
judge "completing runs nothing that is called as a command" "$work/log"

# zsh completes only at a terminal: it gets one of its own. What it adds is written down on the way.
cat >"$work/complete.zsh" <<'ZSH'
zmodload zsh/zpty
zpty terminal "TERM=dumb ZDOTDIR=$1 zsh -i"
zpty -w -n terminal "$2"$'\t'
while zpty -r terminal; do :; done >/dev/null
ZSH
cat >"$work/.zshrc" <<'ZSH'
PROMPT= fpath=($ZDOTDIR/functions $fpath)
autoload -Uz compinit
compinit -u -d $ZDOTDIR/dump
compadd()
{
	local -a hits
	if [[ " $* " != *' -'[AOD]' '* ]]; then # those only ask
		builtin compadd -O hits "$@"
		(($#hits)) && print -rl -- $IPREFIX${^hits} >>$ZDOTDIR/hits
	fi
	builtin compadd "$@"
}
complete-and-end()
{
	zle complete-word
	kill -9 $$
}
zle -N complete-and-end
bindkey '^I' complete-and-end
ZSH
mkdir "$work/functions"
cp "$help/bindwalk.zsh" "$work/functions/_bindwalk"
complete_line()
{
	: >"$work/hits"
	bindwalk lab -- env HOME="$work" zsh -f "$work/complete.zsh" "$work" "$1" 2>&1
	sort "$work/hits"
}
cat >"$work/cases" <<'CASES'
bindwalk ex|=explain
bindwalk |fe80::2%eth0
bindwalk fe80::2%|fe80::2%lo
bindwalk --co|=--color
bindwalk --color |=always auto never
bindwalk explain 192|=192.0.2.2
bindwalk explain --pr|=--predict --proto
bindwalk explain --set reuse|=reuseaddr reuseport
bindwalk explain --set device=l|device=lo
bindwalk explain --device l|lo
bindwalk help ADDR_NOT|=ADDR_NOT_LOCAL
bindwalk lab -- printf|printf
bindwalk run --l|=--lab
bindwalk run script-|=script-a script-b
bindwalk lesson fr|=freebind
bindwalk stage de|=demo
bindwalk replay script-|=script-a script-b
bindwalk compare 192|=192.0.2.2
bindwalk compare --ma|=--markdown
CASES
complete_lines zsh

# 5. Examples: each text's, in a lab of its own, one after the other. "# exit status N, CODE" says how they end: with 0 and
# whatever code where nothing is said.
can_try=$lab
for tool in ip sysctl unshare; do
	installed $tool || can_try=
done
run_examples()
{
	name=$1
	text=$2
	if [ -z "$can_try" ]; then
		skip "the examples of $name need ip, sysctl, unshare and a lab: $why"
		return
	fi
	sed -n 's/^    \$ //p' "$text" >"$work/examples"
	if [ ! -s "$work/examples" ]; then
		return
	fi
	cat >"$work/run.sh" <<'RUN'
while IFS= read -r example <&3; do
	said=${example##*  # }
	[ "$said" != "$example" ] || said=
	case $said in *"exit status "*) wanted=${said#*exit status } wanted=${wanted%%,*} ;; *) wanted=0 ;; esac
	code=$(printf '%s\n' "$said" | grep -o '[A-Z][A-Z0-9_]*$')
	sh -c "$example" >"$1/output" 2>&1 </dev/null 3<&-
	status=$?
	if [ "$status" != "$wanted" ]; then
		echo "'$example' ended with $status:"
	elif [ -n "$code" ] && ! grep -q "^code $code\\([, ]\\|\$\\)" "$1/output"; then
		echo "'$example' gave another code:"
	else
		continue
	fi
	tail -n 20 "$1/output"
done 3<"$1/examples"
RUN
	bindwalk lab -- sh "$work/run.sh" "$work" >"$work/log" 2>&1
	judge "the examples of $name end as they say" "$work/log"
}
for topic in "$help"/topics/*.txt; do
	run_examples "${topic##*/}" "$topic"
done
sed 's/\\-/-/g' "$help/bindwalk.1.in" >"$work/man"
run_examples "the man page" "$work/man"

# 6. The README's commands, as written but for the folder that the program is in. They may be refused a bind, as they say, but
# never complain. The story in them is told by its codes.
if [ -n "$can_try" ]; then
	awk -v to="$work/readme" '/^```/ { on = !on; n += on; next } on { print >(to n) }' "$src/README.md"
	blocks=0
	for block in $(grep -l '^\.build/bindwalk' "$work"/readme*); do
		blocks=$((blocks + 1))
		sed 's|\.build/bindwalk|bindwalk|g' "$block" >"$work/run.sh"
		sh "$work/run.sh" >>"$work/output.readme" 2>"$work/complaints" </dev/null
		status=$?
		[ $status -le 1 ] && [ ! -s "$work/complaints" ] || {
			echo "ended with $status:"
			cat "$work/run.sh" "$work/complaints"
		}
	done >"$work/log"
	sed -n 's/^code \([A-Z_0-9]*\).*/\1/p' "$work/output.readme" | tr '\n' ' ' >"$work/codes"
	grep -q "ADDR_NOT_LOCAL ADDR_ANYIP ADDR_ROUTED_ONLY NONLOCAL_BY_FREEBIND" "$work/codes" ||
		echo "the story's codes are $(cat "$work/codes")" >>"$work/log"
	[ $blocks -ge 3 ] || echo "$blocks blocks with commands were found" >>"$work/log"
	judge "the commands of the README do as they say" "$work/log"
	awk '/^```$/ { on = 0 } on; /^```console/ { on = 1 }' "$src/README.md" >"$work/page"
	sh "$help/answer.sh" "$build/bindwalk" 2>&1 | diff "$work/page" - >"$work/log" 2>&1
	judge "the README opens with what the program prints (else: make docs)" "$work/log"
else
	skip "the README's commands need ip and a lab: $why"
fi

# 7. Wrong examples have to be caught.
if [ -n "$can_try" ]; then
	cat >"$work/wrong" <<'WRONG'
    $ bindwalk explain 192.0.2.2  # ADDR_LOCAL
    $ bindwalk explain 192.0.2.2  # exit status 1
    $ bindwalk explain 192.0.2.2  # ADDR_LOC
WRONG
	before=$number
	run_examples "a wrong text" "$work/wrong" >"$work/told"
	number=$before
	grep '^# .bindwalk' "$work/told" >"$work/caught"
	printf '%s\n' "# 'bindwalk explain 192.0.2.2  # exit status 1' ended with 0:" \
		"# 'bindwalk explain 192.0.2.2  # ADDR_LOC' gave another code:" | diff - "$work/caught" >"$work/log" 2>&1
	judge "examples that end otherwise are caught" "$work/log"
else
	skip "it needs ip, sysctl, unshare and a lab: $why"
fi

echo "1..$number"
