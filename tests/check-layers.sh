#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The pure archives may call only what computes: anything else that they leave undefined fails here. Speaks TAP.
set -u

NM=${NM:-nm}
dir=${top_builddir:-.}

# Functions of libc, and what compilers and sanitizers put in by themselves.
allowed='^(mem(cpy|cmp|set|move|chr|rchr|mem)|str(n?cmp|n?casecmp|n?len|n?cpy|n?cat|r?chr|chrnul|str|casestr|c?spn|pbrk|sep|dup|ndup|to(l|ul|ll|ull|imax|umax))|stpcpy|__isoc(99|23)_(strto[a-z]+|sscanf)'
allowed="$allowed"'|v?snprintf|v?fprintf|f(puts|putc|write|flush)|putc|ferror|(m|c|re)alloc|reallocarray|free|qsort|bsearch|inet_(ntop|pton)|(hton|ntoh)[sl]'
allowed="$allowed"'|mbrtowc|mbsinit|wcrtomb|wcwidth|iswprint|is[a-z]+|to(lower|upper)|abs|labs|__ctype_(b|tolower|toupper)_loc|__errno_location|__assert_fail|abort'
allowed="$allowed"'|__stack_chk_fail|__[a-z]+_chk|_GLOBAL_OFFSET_TABLE_|in6addr_(any|loopback)|__(asan|ubsan|lsan|sanitizer|sanptr)_.*|__emutls.*|_?__tls_get_addr)$'

check()
{
	number=$1 archive=$2 defined=$3
	if [ ! -f "$dir/$archive" ]; then
		echo "not ok $number - $archive is not built"
		return
	fi
	# Undefined in some object of the archive, and defined in none of the archives that it may use.
	strays=$({
		for a in $defined; do "$NM" --defined-only -P "$dir/$a" 2>/dev/null | awk 'NF >= 2 { print "D", $1 }'; done
		"$NM" -u -P "$dir/$archive" 2>/dev/null | awk 'NF >= 2 { print "U", $1 }'
	} | awk '$1 == "D" { have[$2] = 1; next } !($2 in have) && !seen[$2]++ { print $2 }' |
		grep -Ev "$allowed")
	if [ -z "$strays" ]; then
		echo "ok $number - $archive calls only what computes"
	else
		echo "not ok $number - $archive calls" $strays
	fi
}

echo "1..3"
check 1 libpure.a "libpure.a"
if [ -f "$dir/libui.a" ]; then
	check 2 libui.a "libui.a libpure.a"
else
	echo "ok 2 # SKIP libui.a is not built"
fi
# The check must be able to fail: the observing archive has to be caught by the same list.
if "$NM" -u -P "$dir/libcore.a" 2>/dev/null | awk 'NF >= 2 { print $1 }' | grep -Ev "$allowed" | grep -Eq '^(socket|bind|mnl_)'; then
	echo "ok 3 - libcore.a is told apart"
else
	echo "not ok 3 - libcore.a would pass as pure"
fi
