#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Usage: recordings.sh BINDWALK LESSON... Plays each lesson (or talk) in a lab of its own on this kernel, and leaves its
# recording in help/recordings/NAME.json. Ends with 4 where there is no lab, and with 1 where a lesson does not go through.
set -u
LC_ALL=C
export LC_ALL
unset COLUMNS
bindwalk=$1
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$bindwalk" lab -- true 2>/dev/null || {
	echo "recordings.sh: there is no lab here; the recordings stay as they are" >&2
	exit 4
}
mkdir -p help/recordings
for lesson; do
	name=$(basename "$lesson")
	name=${name%.*}
	name=${name#[1-9]-}
	lab=$(sed -n 's/^lab *//p' "$lesson")
	# A line more, so that the others keep their numbers.
	{
		cat "$lesson"
		echo "write $work/$name.json session"
	} >"$work/script"
	if ! "$bindwalk" run --with "${lab:-host}" "$work/script" >"$work/log" 2>&1; then
		sed "s|^|$lesson: |" "$work/log" >&2
		exit 1
	fi
	# Whose machine it was is nobody's business.
	sed 's/"facts":{"name":"[^"]*"/"facts":{"name":"recorded"/' "$work/$name.json" >"help/recordings/$name.json"
done
