#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches servers from Debian's packages, and installs none of them: fetch.sh CACHE
#
# Prints the folder with what is unpacked of those that this machine lacks, usr/sbin/nginx and so on; or "- why there is none", with
# status 1. Packages are those of this machine's own apt, with the libraries that they need and that are not installed. A second
# call waits for the first one. What was found is looked at again each day, or when packages were installed or removed; without a
# network the last ones serve.
set -u

wanted="dnsmasq-base haproxy nginx openssh-server redis-server socat systemd unbound webhook"
cache=$1

give_up()
{
	echo "- $1"
	exit 1
}

# The machine's lists of packages, or where those are too old, our own: apt's state and cache are left alone.
lists=
run_apt()
{
	tool=$1
	shift
	"$tool" -q ${lists:+-o Dir::State::lists="$lists"} -o Dir::Cache="$cache/apt" -o APT::Sandbox::User= -o Acquire::Retries=1 \
		-o Acquire::http::Timeout=20 "$@" 2>>"$cache/apt.log"
}

update_lists()
{
	lists=$cache/lists
	mkdir -p "$lists/partial"
	run_apt apt-get -o Acquire::Languages=none update >>apt.log
}

# missing PACKAGE...: "PACKAGE VERSION" of what installing them would add, without what no server needs to run.
missing()
{
	run_apt apt-get -s install --no-install-recommends "$@" >plan || return 1
	sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1 \2/p' plan | grep -vE '(-perl|-common|sftp-server) ' |
		grep -E '^(lib|dnsmasq|haproxy|nginx|openssh|postgresql-[0-9]|postgresql-client-[0-9]|redis|socat|systemd|unbound|webhook)'
	return 0
}

missing_all()
{
	# shellcheck disable=SC2046 # none, or one
	missing $wanted $(postgresql)
}

# One that can't be had must not keep the others away.
missing_each()
{
	known=1
	for package in $wanted $(postgresql); do
		missing "$package" && known=0
	done
	return $known
}

postgresql()
{
	run_apt apt-cache depends postgresql | sed -n 's/^ *Depends: \(postgresql-[0-9]*\)$/\1/p'
}

is_fresh()
{
	[ -d root ] && [ -n "$(find list -mtime -1 -newer /var/lib/dpkg/status 2>>apt.log)" ]
}

# Downloads what list.new names, and unpacks it into root. What was superseded goes.
update()
{
	rm -rf root.new
	mkdir -p debs root.new
	# shellcheck disable=SC2046 # each is a word
	[ ! -s list.new ] || (cd debs && run_apt apt-get download $(sed 's/ /=/' ../list.new)) >>apt.log || return 1
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

# provide WHICH: those that missing_all or missing_each find.
provide()
{
	"missing_$1" >list.found || return 1
	sort -u list.found >list.new
	if [ -d root ] && cmp -s list list.new; then
		touch list
	else
		update
	fi
}

for tool in apt-get apt-cache dpkg flock; do
	command -v $tool >/dev/null 2>&1 || give_up "$tool is not installed"
done
{ mkdir -p "$cache" && cd "$cache"; } 2>/dev/null || give_up "cannot make a cache in $cache"
cache=$PWD
mkdir -p apt
exec 9>lock
flock 9
if ! is_fresh; then
	: >apt.log
	provide all || { update_lists && provide all; } || [ -d root ] || provide each
	rm -rf lists
	[ -d root ] || give_up "cannot have packages: $(grep . apt.log | tail -n 1)"
fi
echo "$cache/root"
