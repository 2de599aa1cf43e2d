# shellcheck shell=sh disable=SC2034 # those that source it use them
# SPDX-License-Identifier: GPL-3.0-or-later
# What all that boots a guest shares. Sourced, with `here` as this folder.
src=${top_srcdir:-$here/../..}
build=${top_builddir:-.}
guest_cache=${BINDWALK_GUEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bindwalk/guests}
workers=

# Says why no guest can run here, and fails then.
guest_lacks()
{
	[ "$(uname -m)" = x86_64 ] || { echo "the guests are of x86-64, as their test programs must be"; return 1; }
	for tool in qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio xz:xz-utils apt-get:apt dpkg:dpkg; do
		command -v "${tool%:*}" >/dev/null 2>&1 ||
			{ echo "${tool%:*} is missing (Debian's package ${tool#*:})"; return 1; }
	done
}

# No guest outlives us, however we end.
guest_end()
{
	[ -z "$workers" ] || kill $workers 2>/dev/null
	for file in "$work"/*.pid; do
		[ ! -f "$file" ] || kill "$(cat "$file")" 2>/dev/null
	done
	rm -rf "$work"
}

# A folder `work`, in which the guest's files are made under `root`.
guest_folder()
{
	work=$(mktemp -d) || return 1
	root=$work/root
	trap guest_end EXIT
	trap 'exit 1' INT TERM HUP
}

# A program, at a place of its own in the guest, with the libraries that it is linked to. Each guest unpacks all of it, so without
# what only a debugger reads.
add_program()
{
	install -D -m 755 "$1" "$root/$2"
	strip --strip-debug "$root/$2" 2>/dev/null
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
		[ -e "$root$library" ] || cp -L --parents "$library" "$root"
	done
}

# The host's own, where there is one; tests that need it skip themselves without.
add_tool()
{
	tool=$(PATH=$PATH:/sbin:/usr/sbin command -v "$1") && add_program "$tool" "$2"
	:
}

# What a guest needs to run anything.
add_userland()
{
	mkdir -p "$root/job/programs"
	add_program "$(command -v busybox)" bin/busybox
	add_program "$here/init" init
	# Busybox's shell takes its own commands before any other, so that its ip would hide the real one.
	add_tool dash bin/sh
	add_tool ip usr/sbin/ip
}

# All under `root`, as an archive.
pack()
{
	(cd "$root" && find . | cpio -o -H newc --quiet) >"$1"
}

# boot ACCELERATOR SECONDS FOLDER INITRD OUTPUT WORDS. What matters is the output: qemu ends with 0 after a panic as well.
# Without no_timer_check an emulated kernel panics now and then under load. Mitigations and hardening take a third of the time
# under emulation. The kernel hands words "NAME=VALUE" that it does not know to init as its environment.
boot()
{
	(
		# shellcheck disable=SC3045 # dash and busybox have it
		ulimit -t "$2"
		exec timeout -k 2 "$(($2 * 5))" qemu-system-x86_64 -accel "$1" -cpu max -m "${memory:-512}" -nodefaults \
			-no-user-config -no-reboot -display none -monitor none -chardev file,id=console,path="$5.console" \
			-serial chardev:console -chardev file,id=output,path="$5" -serial chardev:output \
			-kernel "$3/vmlinuz" -initrd "$4" -pidfile "$5.pid" -append "console=ttyS0 quiet panic=-1 \
			no_timer_check cryptomgr.notests mitigations=off init_on_alloc=0 nosmap nosmep \
			${6:-}" </dev/null
	) >"$5.qemu" 2>&1
}
