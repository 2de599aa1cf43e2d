#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Servers from Debian's packages, and programs of other kinds, that can't bind: `bindwalk trace` explains each one, and with the
# remedy that it spells the program binds. They are fetched, not installed, and run in namespaces of the test's own.
here=$(cd "${top_srcdir:-.}" && pwd)/tests/programs
. "$here/../outside.sh"

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

[ "$(id -u)" -eq 0 ] || skip_all "servers want users of their own, so only root can try them"
unshare --net --mount --pid --ipc --fork --propagation private mount -t tmpfs mine "$folder" 2>err ||
	skip_all "no namespaces: $(cat err)"
"$bindwalk" trace -- true 2>err
[ $? -ne 4 ] || skip_all "$(tail -n 1 err)"
programs=$("$here/fetch.sh" "${BINDWALK_PROGRAMS_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/bindwalk/programs}" 2>err) || skip_all "${programs#- }"
export bindwalk folder programs
unshare --net --mount --pid --ipc --fork --kill-child --mount-proc --propagation private sh "$here/inside.sh"
