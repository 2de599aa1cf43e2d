#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Puts single faults into the model and into what follows a host, one at a time, and demands that the tests catch each.
# Run by `make mutation-check` in the build folder, with everything built; prints TAP.
set -u
src=${top_srcdir:?}
list=$src/tests/mutants/list.txt
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT INT TERM
tab=$(printf '\t')
: "${BINDWALK_ORACLE_ATTEMPTS:=6000}" "${BINDWALK_ORACLE_SEED:=7}"
export BINDWALK_ORACLE_ATTEMPTS BINDWALK_ORACLE_SEED

# The tests, linked against an archive with the fault in it. The unit tests come first: they are quick.
caught() {
	for test in $UNIT_PROGRAMS; do
		$CC -o "$work/test" "$test.o" $archives $LIBS >"$work/log" 2>&1 || { cat "$work/log"; return 2; }
		timeout 120 "$work/test" >"$work/log" 2>&1 || return 0
	done
	$CC -o "$work/test" $ORACLE_OBJECTS $archives $LIBS >"$work/log" 2>&1 || { cat "$work/log"; return 2; }
	timeout 300 "$work/test" >"$work/log" 2>&1 || return 0
	return 1
}

number=0 failed=0
while IFS=$tab read -r file fault; do
	case $file in ''|'#'*) continue ;; esac
	number=$((number + 1))
	mutant=$work/$(basename "$file")
	archive=lib$(basename "$(dirname "$file")").a
	# An archive with flags of its own puts its name before those of its objects.
	object=$(ar t "$archive" | grep -E "^([a-z_]*-)?$(basename "$file" .c)\.o$")
	sed -E "$fault" "$src/$file" >"$mutant"
	result=ok note=caught
	if cmp -s "$src/$file" "$mutant"; then
		result='not ok' note='the fault does not apply any more'
	elif ! $CC $CPPFLAGS $CFLAGS -w -I"$src" -c "$mutant" -o "$work/$object" 2>"$work/log"; then
		result='not ok' note="does not compile: $(head -n 1 "$work/log")"
	else
		archives=
		for each in $ARCHIVES; do
			[ "$each" != "$archive" ] || each=$work/$archive
			archives="$archives $each"
		done
		cp "$archive" "$work/$archive"
		ar r "$work/$archive" "$work/$object"
		caught
		case $? in
		0) ;;
		1) result='not ok' note='SURVIVED' ;;
		*) result='not ok' note='does not link' ;;
		esac
	fi
	[ "$result" = ok ] || failed=$((failed + 1))
	echo "$result $number - $file $fault: $note"
done <"$list"
echo "1..$number"
[ "$failed" -eq 0 ]
