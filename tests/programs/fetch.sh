#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches servers from Debian's packages, and installs none of them: fetch.sh CACHE
#
# Prints the folder with what is unpacked of those that this machine lacks, usr/sbin/nginx and so on; or "- why there is none", with
# status 1. Packages are those of this machine's own apt, with the libraries that they need and that are not installed. A second
# call waits for the first one. What was found is looked at again each day, or when packages were installed or removed; without a
# network the last ones serve.
set -u

wanted="dnsmasq-base haproxy nginx openssh-server redis-server socat unbound webhook"
cache=$1

give_up()
{
	echo "- $1"
	exit 1
}

# "PACKAGE VERSION" of what installing them would add, without what no server needs to run.
missing()
{
	apt-get -q -s install --no-install-recommends "$@" 2>>apt.log | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1 \2/p' |
		grep -E '^(lib|dnsmasq|haproxy|nginx|openssh|postgresql-[0-9]|postgresql-client-[0-9]|redis|socat|unbound|webhook)' |
		grep -vE '(-perl|-common|sftp-server) '
}

# One that can't be had must not keep the others away.
missing_each()
{
	postgresql=$(apt-cache depends postgresql 2>>apt.log | sed -n 's/^ *Depends: \(postgresql-[0-9]*\)$/\1/p')
	missing $wanted $postgresql && return
	for package in $wanted $postgresql; do
		missing "$package"
	done | sort -u
}

is_fresh()
{
	[ -d root ] && [ -n "$(find list -mtime -1 -newer /var/lib/dpkg/status 2>>apt.log)" ]
}

# Downloads what the list in `list.new` names, and unpacks it into root. What was superseded goes.
update()
{
	rm -rf root.new
	mkdir -p debs root.new
	(cd debs && sed 's/ /=/' ../list.new | xargs -r apt-get -q -o APT::Sandbox::User= download) >>apt.log 2>&1 || return 1
	while read -r package version; do
		dpkg -x "debs/${package}_$(echo "$version" | sed 's/:/%3a/')"_*.deb root.new 2>>apt.log || return 1
	done <list.new
	rm -rf root.old
	[ ! -d root ] || mv root root.old
	mv root.new root && mv list.new list
	rm -rf root.old
	for deb in debs/*.deb; do
		name=${deb#debs/}
		grep -qxF "$(echo "$name" | sed 's/_[^_]*$//; s/_/ /; s/%3a/:/')" list || rm -f "$deb"
	done
}

for tool in apt-get apt-cache dpkg flock; do
	command -v $tool >/dev/null 2>&1 || give_up "$tool is not installed"
done
mkdir -p "$cache" 2>/dev/null && cd "$cache" || give_up "cannot make a cache in $cache"
exec 9>lock
flock 9
if ! is_fresh; then
	: >apt.log
	missing_each >list.new
	if [ -d root ] && cmp -s list list.new; then
		touch list
	elif ! update && [ ! -d root ]; then
		give_up "cannot download packages: $(grep . apt.log | tail -n 1)"
	fi
fi
echo "$PWD/root"
