# SPDX-License-Identifier: GPL-3.0-or-later
# Makes rows of C, {name, number, kind, file, text}, of the lessons and stage files that are named as arguments:
# core/lesson/lesson_list.c includes them. The text is the whole file, so that the numbers of its lines stay.
FNR == 1 {
	finish()
	file = FILENAME
	sub(/.*\//, "", file)
	name = file
	sub(/\.[a-z]*$/, "", name)
	number = 0
	kind = file ~ /\.stage$/ ? "LESSON_STAGE" : file ~ /^challenge-/ ? "LESSON_CHALLENGE" : "LESSON_CORE"
	if (kind == "LESSON_CORE") {
		number = name + 0
		if (!sub(/^[1-9][0-9]*-/, "", name))
			complain("the name of a lesson's file begins with its number, as in 4-ipv6.lesson")
	}
	if (name in seen)
		complain("another file is called " name)
	seen[name] = 1
	text = ""
}
/[^ -~]/ { complain("only printable ASCII is taken") }
/ $/ { complain("blanks at the end") }
{
	gsub(/["\\]/, "\\\\&")
	text = text "\n\t \"" $0 "\\n\""
}
END {
	finish()
	exit failed
}

function finish()
{
	if (file != "")
		printf "\t{\"%s\", %d, %s, \"%s\",%s},\n", name, number, kind, file, text
}

function complain(what)
{
	printf "%s:%d: %s\n", FILENAME, FNR, what >"/dev/stderr"
	failed = 1
}
