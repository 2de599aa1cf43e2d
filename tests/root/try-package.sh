#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The life of a package on a machine that has no ip, sysctl or nsenter: try-package.sh DEB. Ends each step with "step STATUS NAME".
set -u
export HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin

step()
{
	name=$1
	shift
	"$@" 2>&1
	echo "step $? $name"
}

files()
{
	find /etc /usr /opt -xdev | sort
}

lab()
{
	bindwalk run --lab - <<-END
	bind 192.168.123.123
	expect ADDR_NOT_LOCAL
	ip route add local 192.168.123.0/24 dev lo
	bind
	expect ok
	undo
	sysctl net.ipv4.ip_nonlocal_bind 1
	bind
	expect ok
	compare live
	END
}

for tool in ip sysctl nsenter; do
	rm -f "/bin/$tool" "/sbin/$tool" "/usr/bin/$tool" "/usr/sbin/$tool"
	step "there is no $tool" test -z "$(command -v $tool)"
done
! dpkg-query -W bindwalk 2>/dev/null || dpkg --no-triggers -P bindwalk
files >/tmp/before
# Triggers belong to other packages, and leave their caches behind.
step "it installs" dpkg --no-triggers --path-include='/usr/share/*' -i "$1"
step "it says what it may do" bindwalk --version
step "it explains" bindwalk explain 127.0.0.1
step "it explains in JSON" bindwalk explain --json ::1
step "it has its topics" bindwalk help local-table
step "it binds, changes and undoes in a lab" lab
step "it tells its story" bindwalk lab
step "it brings its lessons" bindwalk lesson list
step "it plays one of them" bindwalk lesson anyip
step "it brings the example of a talk" bindwalk lesson check /usr/share/doc/bindwalk/examples/demo.stage
for file in man/man1/bindwalk.1.gz bash-completion/completions/bindwalk zsh/vendor-completions/_bindwalk \
	fish/vendor_completions.d/bindwalk.fish applications/bindwalk.desktop doc/bindwalk/copyright doc/bindwalk/changelog.gz; do
	step "it brings $file" test -s "/usr/share/$file"
done
step "it is removed" dpkg --no-triggers -P bindwalk
files >/tmp/after
step "nothing of it is left" diff /tmp/before /tmp/after
