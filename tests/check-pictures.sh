#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The picture and the cast of the README are what the program shows. `check-pictures.sh make` makes both anew (make
# picture), without a word the test compares them with what is kept. Speaks TAP.
set -u

build=${top_builddir:-.}
src=${top_srcdir:-.}
enter=$(printf '\r')

# picture ARGUMENT...: with a kernel release and a host name of its own, and no configuration.
picture()
{
	env -u COLORFGBG -u BINDWALK_CONFIG XDG_CONFIG_HOME=/nonexistent HOME=/nonexistent \
		"$build/tests/screen/picture" ${check:+"$check"} "$@" -- \
		env LD_PRELOAD="$build/tests/screen/uname.so" "$build/bindwalk" lab
}

readme_picture()
{
	picture 30x80 "$src/help/screen.svg" '' \
		'' 'F1 help' \
		":port 8080$enter" 'tcp4 192.168.123.123:8080' \
		f 'IP_FREEBIND = 1' \
		"$enter" 'as predicted'
}

# The founding story: one route is enough for IPv4, and not for IPv6.
demo()
{
	picture 30x80 "$src/help/demo.cast" 'Bindwalk: why a bind fails' \
		'' 'F1 help' \
		':bind 192.168.123.123:8080' ':bind 192.168.123.123:8080' \
		"$enter" 'refused (live), as predicted' \
		':ip route add local 192.168.123.0/24 dev lo' ':ip route add local 192.168.123.0/24 dev lo' \
		"$enter" 'done: ip route add local 192.168.123.0/24' \
		"$enter" 'bound (live), as predicted' \
		':ip route add local 2001:db8:123::/64 dev lo' ':ip route add local 2001:db8:123::/64 dev lo' \
		"$enter" 'done: ip route add local 2001:db8:123::/64' \
		':bind [2001:db8:123::1]:8080' ':bind [2001:db8:123::1]:8080' \
		"$enter" 'refused (live), as predicted' \
		f 'IP_FREEBIND = 1' \
		"$enter" 'got [2001:db8:123::1]:8080'
}

if [ "${1-}" = make ]; then
	check=
	readme_picture && demo
	exit
fi
check=--check

[ -x "$build/tests/screen/picture" ] || { echo "1..0 # SKIP no libvterm to draw with"; exit 0; }
# The library that gives the kernel's name comes before the sanitizer's.
! nm -D "$build/bindwalk" | grep -q __asan_init || { echo "1..0 # SKIP built with a sanitizer"; exit 0; }
# A lab that lacks something looks different, and so do the local routes of kernels before 5.14.
why=$("$build/bindwalk" lab -- true 2>&1) && [ -z "$why" ] || { echo "1..0 # SKIP $(echo "$why" | head -n 1)"; exit 0; }
case $(uname -r) in
[1-4].* | 5.[0-9].* | 5.1[0-3].*) echo "1..0 # SKIP the picture is one of a newer kernel"; exit 0 ;;
esac

number=0
judge()
{
	number=$((number + 1))
	if why=$("$2" 2>&1); then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1 (make picture makes it anew)"
		echo "$why" | sed 's/^/# /'
	fi
}
judge "help/screen.svg is what the program shows" readme_picture
judge "help/demo.cast is what the program shows" demo
echo "1..$number"
