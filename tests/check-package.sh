#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian package: builds in a folder of its own to the same bytes, has no complaint of lintian, and is installed, run and removed
# in a copy of this root. Speaks TAP.
set -u

for tool in dpkg-buildpackage dh lintian; do
	command -v $tool >/dev/null 2>&1 || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done
here=$(cd "${top_srcdir:-.}/tests" && pwd)
cd "${top_builddir:-.}" || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/check-package.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT INT TERM HUP
tests=0

# verdict STATUS NAME: what log says is told when it is not 0.
verdict()
{
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		tail -n 40 "$work/log" | sed 's/^/# /'
	fi
}

(umask 077 && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL LC_ALL=C TZ=Pacific/Auckland make deb) >"$work/log" 2>&1
verdict $? "make deb"
deb=$(ls deb/bindwalk_*.deb 2>/dev/null) || { echo "1..$tests"; exit 1; }
# The package's program has shared libraries: for the comparison it is linked like this build's.
again=$(echo deb/bindwalk-*/obj)
flags()
{
	grep -E '^(CC|CFLAGS|CPPFLAGS|LDFLAGS|HARDENING_CFLAGS|HARDENING_LDFLAGS|PATH_CFLAGS) =' "$1/Makefile"
}
if [ "$(flags .)" = "$(flags "$again")" ]; then
	rm -f "$again/bindwalk"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$again" bindwalk PROGRAM_LIBS="$(sed -n 's/^PROGRAM_LIBS = //p' Makefile)" \
		PROGRAM_BPF_LIBS="$(sed -n 's/^PROGRAM_BPF_LIBS = //p' Makefile)" \
		PROGRAM_SECCOMP_LIBS="$(sed -n 's/^PROGRAM_SECCOMP_LIBS = //p' Makefile)" \
		>"$work/linked" 2>&1
	for file in lib*.a help/mkdoc bindwalk; do
		cmp "$file" "$again/$file" 2>&1
	done >"$work/log"
	[ ! -s "$work/log" ]
	verdict $? "another folder, time, umask and locale: the same bytes"
else
	verdict 0 "the same bytes # SKIP this build has other flags than the package"
fi
lintian --allow-root --fail-on error,warning --pedantic deb/*.changes >"$work/log" 2>&1
verdict $? "lintian has no complaint"
./bindwalk --version >"$work/log" 2>&1
[ "$(dpkg-deb -f "$deb" Version)" = "$(sed -n '1s/.* //p' "$work/log")" ]
verdict $? "the package has the program's version"

cp "$deb" "$work/bindwalk.deb"
cp "$here/root/try-package.sh" "$work"
if unshare --mount --pid --fork --propagation private "$here/root/copy.sh" "$work" true >"$work/log" 2>&1; then
	rmdir "$work/copy"
	unshare --mount --pid --fork --propagation private "$here/root/copy.sh" "$work" \
		/bin/sh /mnt/try-package.sh /mnt/bindwalk.deb >"$work/said" 2>&1 </dev/null
	: >"$work/log"
	while IFS= read -r line; do
		case $line in
		"step "*)
			status=${line#step }
			verdict "${status%% *}" "${status#* }"
			: >"$work/log"
			;;
		*) printf '%s\n' "$line" >>"$work/log" ;;
		esac
	done <"$work/said"
	tail -n 1 "$work/said" | grep -q '^step .* nothing of it is left'
	verdict $? "all of it was tried"
else
	verdict 0 "installed, run and removed # SKIP no copy of this root: $(tail -n 1 "$work/log")"
fi
echo "1..$tests"
