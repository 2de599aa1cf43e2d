#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A folder is a layer: it includes headers of the folders beneath it only, and calls only what those define. A header says
# whether its file is pure; what is pure calls only what computes. Speaks TAP.
set -u

NM=${NM:-nm}
src=${top_srcdir:-.}
build=${top_builddir:-.}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
number=0

# FOLDER ARCHIVE: the folders that it may use besides itself.
layers='
core/model    libmodel.a
core/text     libtext.a     core/model
core/observe  libobserve.a  core/model
core/evidence libevidence.a core/model core/observe
core/trace    libtrace.a    core/model core/observe core/evidence
core/change   libchange.a   core/model core/text core/observe
core/record   librecord.a   core/model core/text core/change
core/command  libcommand.a  core/model core/text core/observe core/evidence core/change core/record
core/lesson   liblesson.a   core/model core/text core/observe core/evidence core/change core/record core/command
tui/pane      -             core/model core/text core/observe core/evidence core/trace core/change core/record core/command core/lesson tui
tui           -             core/model core/text core/observe core/evidence core/trace core/change core/record core/command core/lesson tui/pane
'

# Functions of libc and jansson's values, and what compilers and sanitizers put in on their own.
computes='^(mem(cpy|cmp|set|move|chr|rchr|mem)|str(n?cmp|verscmp|n?casecmp|n?len|n?cpy|n?cat|r?chr|chrnul|str|casestr|c?spn|pbrk|sep|dup|ndup|to(l|ul|ll|ull|imax|umax))|stpcpy|__isoc(99|23)_(strto[a-z]+|sscanf)'
computes="$computes"'|v?snprintf|v?fprintf|f(puts|putc|write|flush)|putc|ferror|(m|c|re)alloc|reallocarray|free|qsort(_r)?|bsearch|inet_(ntop|pton)|(hton|ntoh)[sl]|json_[a-z_]+'
computes="$computes"'|mbrtowc|mbsinit|wcrtomb|wcwidth|iswprint|is[a-z]+|to(lower|upper)|abs|labs|__ctype_(b|tolower|toupper)_loc|__errno_location|strerrorname_np|sigabbrev_np|__assert_fail|abort'
computes="$computes"'|__stack_chk_fail|__[a-z]+_chk|_GLOBAL_OFFSET_TABLE_|in6addr_(any|loopback)|__(asan|ubsan|lsan|sanitizer|sanptr)_.*|__emutls.*|_?__tls_get_addr)$'

# Passes when the file is empty, else says what is in it.
judge()
{
	number=$((number + 1))
	if [ -s "$2" ]; then
		echo "not ok $number - $1"
		sed 's/^/# /' "$2"
	else
		echo "ok $number - $1"
	fi
}

# "FILE HEADER" for each include of ours.
(cd "$src" && grep -Ho '^#include "[^"]*"' core/*/*.[ch] tui/*.[ch] tui/*/*.[ch]) |
	sed 's/:#include "/ /; s/"$//' >"$work/includes"
echo "$layers" | awk '
	NR == FNR { for (i = 3; i <= NF; i++) may[$1, $i] = 1; next }
	{
		from = $1; to = $2
		sub(/\/[^\/]*$/, "", from); sub(/\/[^\/]*$/, "", to)
		if (to ~ /\// || to == "tui")
			if (from != to && !((from, to) in may))
				print $1 " includes " $2
	}' - "$work/includes" >"$work/log"
judge "each folder includes the folders beneath it only" "$work/log"

(cd "$src" && for file in core/*/*.c tui/*.c tui/*/*.c; do
	[ "$file" = tui/main.c ] || grep -qF "#include \"${file%.c}.h\"" "$file" || echo "$file does not include ${file%.c}.h"
done) >"$work/log"
judge "each .c has the header of its name, and includes it" "$work/log"

# No files include each other, directly or by way of others.
sed -E 's/\.[ch]( |$)/\1/g' "$work/includes" | awk '
	$1 != $2 { includes[$1 " includes " $2] = 1 }
	END { # what includes nothing that is left is in no circle, nor is what nothing includes
		do {
			split("", has); split("", had); gone = 0
			for (edge in includes) { split(edge, m, " "); has[m[1]] = 1; had[m[3]] = 1 }
			for (edge in includes) {
				split(edge, m, " ")
				if (!(m[3] in has) || !(m[1] in had)) { delete includes[edge]; gone = 1 }
			}
		} while (gone)
		for (edge in includes) print edge
	}' | sort >"$work/log"
judge "no files include each other in a circle" "$work/log"

# "D|U ARCHIVE OBJECT SYMBOL"; objects of an archive with flags of its own are called ARCHIVE-NAME.o.
for archive in libmodel.a libtext.a libobserve.a libevidence.a libtrace.a libchange.a librecord.a libcommand.a liblesson.a libui.a; do
	for kind in defined-only undefined-only; do
		"$NM" -A -P -g "--$kind" "$build/$archive" 2>/dev/null | awk -v archive="$archive" -v kind="$kind" '
			NF >= 3 {
				object = $1
				sub(/^.*\[/, "", object); sub(/\.o\]:$/, "", object); sub(/^.*-/, "", object)
				print (kind == "defined-only" ? "D" : "U"), archive, object, $2
			}'
	done
done >"$work/symbols"
echo "$layers" | awk '
	NR == FNR { if ($2 != "-") archive[$1] = $2; for (i = 3; i <= NF; i++) uses[$1] = uses[$1] " " $i; next }
	FNR == 1 {
		for (folder in archive) {
			n = split(uses[folder], list, " ")
			may[archive[folder], archive[folder]] = 1
			for (i = 1; i <= n; i++)
				may[archive[folder], archive[list[i]]] = 1
		}
	}
	$1 == "D" { home[$4] = $2 }
	$1 == "U" { user[++users] = $2 " " $3 " " $4 }
	END {
		if (!users)
			print "no symbols were read"
		for (i = 1; i <= users; i++) {
			split(user[i], u, " ")
			if (u[3] in home && u[1] != "libui.a" && !((u[1], home[u[3]]) in may))
				print u[1] ": " u[2] " calls " u[3] " of " home[u[3]]
		}
	}' - "$work/symbols" | sort -u >"$work/log"
judge "each archive calls the archives of the folders beneath it only" "$work/log"

# Pure are the folders model, text and record, the screen's state, and each file whose header says so before its first line of code.
{
	grep -l . "$src"/core/model/*.c "$src"/core/text/*.c "$src"/core/record/*.c
	for header in "$src"/core/*/*.h "$src"/tui/*.h "$src"/tui/*/*.h; do
		sed '/^[^\/]/q' "$header" | grep -q '\<Pure\>' && echo "$header"
	done
} | sed 's/^.*\///; s/\.[ch]$//' | sort -u >"$work/pure"
[ -f "$build/libui.a" ] && awk '$2 == "libui.a" { print $3 }' "$work/symbols" | sort -u >>"$work/pure"

# strays FILE-OF-OBJECTS: what these objects call that neither computes nor is defined in one of them.
strays()
{
	awk '
		NR == FNR { pure[$1] = 1; next }
		$3 in pure && $1 == "D" { have[$4] = 1 }
		$3 in pure && $1 == "U" { wants[$3 " calls " $4] = $4 }
		END { for (w in wants) if (!(wants[w] in have)) print wants[w], w }' "$1" "$work/symbols" |
		awk -v computes="$computes" '$1 !~ computes { sub(/^[^ ]* /, ""); print }' | sort
}

strays "$work/pure" >"$work/log"
judge "what is pure calls only what computes" "$work/log"

# A header with functions of both kinds would hide one of them.
(cd "$src" && for header in core/*/*.h; do
	sed '/^[^\/]/q' "$header" | grep -q '\<Pure\>' || ! grep -n '\<Pure\>\|\<pure\>' "$header" | sed "s|^|$header:|"
done | grep .) >"$work/log"
judge "a header is pure or not, never both" "$work/log"

# Bytes from outside become visible where they are shown, and these few files are all that show anything. (What is
# printed to a FILE * that was handed over is made of rows, or of texts of ours.)
doors='^(tui/(complain|line_error|output|paint)\.c|core/text/json_text\.c):'
shows='\<(printf|puts|perror|v?dprintf|(add|insert|ins)[a-z]*str|printw|syslog|json_stringn?(_nocheck)?|json_dump[a-z_]*)\('
shows="$shows"'|\<(fputs|fprintf|fwrite|fputc|putc)\(.*\<std(out|err)\>'
undoored() { grep -nHE "$shows" "$@" | grep -vE "$doors|'kretprobe:"; }
(cd "$src" && undoored core/*/*.c tui/*.c tui/*/*.c) >"$work/log"
judge "what is shown goes through what makes bytes visible" "$work/log"

# The check must be able to fail.
echo socks >"$work/impure"
: >"$work/log"
strays "$work/impure" | grep -q 'socks calls' || echo "core/observe/socks.c passes as pure" >"$work/log"
judge "what observes is told apart from what is pure" "$work/log"
: >"$work/log"
printf '\tprintf("%%s", name);\n\tfputs(name, stderr);\n' >"$work/stray.c"
[ "$(undoored "$work/stray.c" | wc -l)" -eq 2 ] || echo "what is printed beside the doors passes" >"$work/log"
judge "what is printed beside the doors is found" "$work/log"
echo "1..$number"
