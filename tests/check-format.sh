#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sources are as clang-format leaves them, and comments keep to its width. Its releases differ in taste, so only one of
# them judges. Speaks TAP.
set -u

wanted=14
cd "${top_srcdir:-.}" || exit 1
for tool in clang-format-$wanted clang-format none; do
	command -v "$tool" >/dev/null 2>&1 || continue
	case $("$tool" --version) in *"version $wanted."*) break ;; esac
done
if [ "$tool" = none ] || ! command -v "$tool" >/dev/null 2>&1; then
	echo "1..0 # SKIP clang-format $wanted is not installed"
	exit 0
fi

echo "1..2"
if said=$(printf '%s\n' core/*/*.[ch] core/*/*/*.[ch] tui/*.[ch] tui/*/*.[ch] help/*.[ch] tests/*/*.[ch] |
	xargs -P "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)" -n 60 "$tool" --dry-run -Werror 2>&1); then
	echo "ok 1 - all sources are formatted"
else
	echo "not ok 1 - run $tool -i on: $(echo "$said" | sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: .*/\1/p' | sort -u | tr '\n' ' ')"
	echo "$said" | head -n 20 | sed 's/^/# /'
fi

# It leaves comments alone. A tab is eight columns.
if said=$(LC_ALL=C.UTF-8 grep -nE -e '^//.{119}' -e '^	//.{111}' -e '^		//.{103}' -e '^			//.{95}' \
	core/*/*.[ch] core/*/*/*.[ch] tui/*.[ch] tui/*/*.[ch] help/*.[ch] tests/*/*.[ch]); then
	echo "not ok 2 - comments are longer than 120 columns:"
	echo "$said" | head -n 20 | sed 's/^/# /'
else
	echo "ok 2 - comments end at column 120"
fi
