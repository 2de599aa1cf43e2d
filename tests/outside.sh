# shellcheck shell=sh
# shellcheck disable=SC2034 # the test uses it
# SPDX-License-Identifier: GPL-3.0-or-later
# For tests that look at the program from outside, in a folder of their own: $bindwalk, $folder, $tests. To be sourced.
bindwalk=$(cd "${top_builddir:-.}" && pwd)/bindwalk
folder=$(mktemp -d "${TMPDIR:-/tmp}/bindwalk-outside-XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 99

tests=0
# verdict STATUS NAME: status 0 passes; otherwise what the program said, in files out and err, is told.
verdict() {
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		sed 's/^/# /' out err
	fi
}
