# SPDX-License-Identifier: GPL-3.0-or-later
# Makes rows of C, {name, text}, of the recordings that are named as arguments: core/lesson/lesson_recording.c includes
# them.
FNR == 1 {
	if (NR > 1)
		print "},"
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.json$/, "", name)
	printf "\t{\"%s\",", name
}
/[^ -~]/ {
	printf "%s:%d: only printable ASCII is taken\n", FILENAME, FNR >"/dev/stderr"
	exit failed = 1
}
{
	gsub(/["\\]/, "\\\\&")
	gsub(/\?\?/, "?\\?") # no trigraphs
	printf "\n\t \"%s\\n\"", $0
}
END {
	if (!failed)
		print "},"
	exit failed
}
