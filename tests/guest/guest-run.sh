#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs commands by hand under another kernel, as root, and prints what they print: guest-run.sh SERIES COMMAND...
#
# Run in the build folder. SERIES is 6.1, or newest. The first word of each COMMAND is a program of the build folder, or a path;
# the rest is a shell's. lo is up. GUEST_LIMIT says how many seconds of a processor it may take (600).
#
#   ../tests/guest/guest-run.sh 6.12 'bindwalk explain 192.168.123.123 --witness'
set -u

here=$(cd "$(dirname "$0")" && pwd)
. "$here/guest.sh"

[ $# -ge 2 ] || { sed -n 's/^# //; 4,8p' "$0" >&2; exit 2; }
series=$1
shift
why=$(guest_lacks) || { echo "guest-run: $why" >&2; exit 1; }
guest_folder || exit 1
"$here/fetch.sh" "$guest_cache" "$series" >"$work/kernel" || exit 1
read -r _ folder reason <"$work/kernel"
[ "$folder" != - ] || { echo "guest-run: $series: $reason" >&2; exit 1; }

add_userland
echo "export PATH=/job/bin:\$PATH LC_ALL=C.UTF-8" >"$root/job/environment"
number=100
for command; do
	number=$((number + 1))
	program=${command%% *}
	[ "$program" = "$command" ] && arguments= || arguments=${command#* }
	name=$(basename "$program")
	case $program in
	*/*) ;;
	*) [ ! -x "$build/$program" ] || program=$build/$program ;;
	esac
	[ -x "$program" ] || { echo "guest-run: '$program' is not a program here" >&2; exit 2; }
	add_program "$program" "job/bin/$name"
	printf '#!/bin/sh\n%s %s\n' "$name" "$arguments" >"$root/job/programs/$number-$name"
	chmod 755 "$root/job/programs/$number-$name"
done
pack "$work/programs.cpio"
cat "$folder/modules.cpio" "$work/programs.cpio" >"$work/initrd"
boot tcg "${GUEST_LIMIT:-600}" "$folder" "$work/initrd" "$work/output"
tr -d '\r' <"$work/output" | grep -v '^@@LACKS'
grep -q '^@@END' "$work/output" || { tail -n 40 "$work/output.console" "$work/output.qemu" >&2; exit 1; }
