# SPDX-License-Identifier: GPL-3.0-or-later
# Makes rows of C, {name, title, explains, also, text}, of the topics that are named as arguments: core/command/help_topic.c
# includes them. What follows @explains and @also on lines of theirs is names, with commas between.
FNR == 1 {
	finish()
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.txt$/, "", name)
	title = ""
	text = explains = also = ""
	held = 0
}
/^#/ { next }
/^\/\// { complain("a comment begins with #") }
/[^ -~]/ { complain("only printable ASCII is taken") }
/ $/ { complain("blanks at the end") }
title == "" {
	title = $0
	next
}
/^@explains / {
	explains = explains (explains == "" ? "" : ", ") substr($0, 11)
	next
}
/^@also / {
	also = also (also == "" ? "" : ", ") substr($0, 7)
	next
}
# Blank lines count between paragraphs only.
$0 == "" {
	held++
	next
}
{
	if (text != "")
		for (; held > 0; held--)
			text = text "\n\t \"\\n\""
	held = 0
	gsub(/["\\]/, "\\\\&")
	text = text "\n\t \"" $0 "\\n\""
}
END {
	finish()
	exit failed
}

function finish()
{
	if (name != "")
		printf "\t{\"%s\", \"%s\", \"%s\", \"%s\",%s},\n", name, title, explains, also, text
	name = ""
}

function complain(what)
{
	printf "%s:%d: %s\n", FILENAME, FNR, what >"/dev/stderr"
	failed = 1
}
