#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The oracle and the other test programs under other kernels, in qemu. Speaks TAP: one test for each kernel. What cannot run
# says why and is skipped. A guest that fails runs once more: if it passes then, it is flaky, else it has failed. Each kernel has
# its own seed for the oracle, the same in every run.
#
#   BINDWALK_GUEST_KERNELS   which ("5.10 6.1 6.12 6.18 newest" but for the series that runs here, where all tests run anyway);
#                            any series of Debian's suites will do, such as 6.19
#   BINDWALK_GUEST_ATTEMPTS  the oracle's attempts on each (1500)
#   BINDWALK_GUEST_CACHE     where kernels are kept ($XDG_CACHE_HOME/bindwalk/guests)
#   BINDWALK_GUEST_LIMIT     seconds of a processor that one guest may take (400, and more with many attempts); it may take five
#                            times as long on a busy machine
#   BINDWALK_GUEST_JOBS      how many guests at once (half as many again as there are processors: five guests on two
#                            processors end sooner in turns of three and two)
#   BINDWALK_ORACLE_SEED     one seed for all kernels
#   BINDWALK_STORMS, BINDWALK_STORM_SEED
#                            for tests/live/test_storm
#   GUEST_PROGRAMS           the test programs, under top_builddir (the oracle alone)
set -u

here=$(cd "$(dirname "$0")" && pwd)
src=${top_srcdir:-$here/../..}
build=${top_builddir:-.}
programs=${GUEST_PROGRAMS:-tests/oracle/test_oracle}
others=
for series in 5.10 6.1 6.12 6.18 newest; do
	case $(uname -r) in
	"$series".*) ;;
	*) others="$others $series" ;;
	esac
done
kernels=${BINDWALK_GUEST_KERNELS:-$others}
attempts=${BINDWALK_GUEST_ATTEMPTS:-1500}
limit=${BINDWALK_GUEST_LIMIT:-$((400 + attempts / 40))}
cache=${BINDWALK_GUEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bindwalk/guests}
jobs=${BINDWALK_GUEST_JOBS:-$(($(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) * 3 / 2))}

skip_all()
{
	echo "1..0 # SKIP $*"
	exit 0
}

[ "$(uname -m)" = x86_64 ] || skip_all "the guests are of x86-64, as their test programs must be"
for tool in qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio xz:xz-utils apt-get:apt dpkg:dpkg; do
	command -v "${tool%:*}" >/dev/null 2>&1 || skip_all "${tool%:*} is missing (Debian's package ${tool#*:})"
done

work=$(mktemp -d) || exit 1
workers=

# No guest outlives us, however we end.
clean_up()
{
	[ -z "$workers" ] || kill $workers 2>/dev/null
	for file in "$work"/*.pid; do
		[ ! -f "$file" ] || kill "$(cat "$file")" 2>/dev/null
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# A program, at a place of its own in the guest, with the libraries that it is linked to.
add_program()
{
	install -D -m 755 "$1" "$root/$2"
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

# What all guests share: busybox, the init, the programs and their data.
pack_programs()
{
	root=$work/root
	mkdir -p "$root/job/programs" "$root/src/tests"
	add_program "$(command -v busybox)" bin/busybox
	add_program "$here/init" init
	# Busybox's shell takes its own commands before any other, so that its ip would hide the real one.
	add_tool dash bin/sh
	add_tool ip usr/sbin/ip
	number=100
	for program in $programs; do
		number=$((number + 1))
		add_program "$build/$program" "job/programs/$number-$(basename "$program")" || return 1
	done
	cp -R "$src/tests/data" "$root/src/tests/"
	{
		echo "export CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8 TZ=UTC top_srcdir=/src top_builddir=/job"
		echo "export BINDWALK_ORACLE_ATTEMPTS=$attempts BINDWALK_ORACLE_NEXT=200 BINDWALK_REMEDY_REFUSALS=40"
		echo "export BINDWALK_KILL_STEP=101" # where a process is killed does not depend on the kernel
		echo "export BINDWALK_EMULATED=1 BINDWALK_STORMS=${BINDWALK_STORMS:-3} BINDWALK_STORM_SEED=${BINDWALK_STORM_SEED:-1}"
	} >"$root/job/environment"
	(cd "$root" && find . | cpio -o -H newc --quiet) >"$work/programs.cpio"
}

# boot ACCELERATOR SECONDS FOLDER INITRD OUTPUT SEED. What matters is the output: qemu ends with 0 after a panic as well.
# Without no_timer_check an emulated kernel panics now and then under load. Mitigations and hardening take a third of the time
# under emulation. The kernel hands words "NAME=VALUE" that it does not know to init as its environment.
boot()
{
	(
		# shellcheck disable=SC3045 # dash and busybox have it
		ulimit -t "$2"
		exec timeout -k 2 "$(($2 * 5))" qemu-system-x86_64 -accel "$1" -cpu max -m 512 -nodefaults -no-user-config \
			-no-reboot -display none -monitor none -chardev file,id=console,path="$5.console" \
			-serial chardev:console -chardev file,id=output,path="$5" -serial chardev:output \
			-kernel "$3/vmlinuz" -initrd "$4" -pidfile "$5.pid" -append "console=ttyS0 quiet panic=-1 \
			no_timer_check cryptomgr.notests mitigations=off init_on_alloc=0 nosmap nosmep \
			BINDWALK_ORACLE_SEED=${6:-1}" </dev/null
	) >"$5.qemu" 2>&1
}

# A KVM that opens and answers may still not run these kernels; only a boot can tell.
choose_accelerator()
{
	[ -w /dev/kvm ] || { echo tcg; return; }
	root=$work/trial
	add_program "$(command -v busybox)" bin/busybox
	printf '%s\n' '#!/bin/busybox sh' '/bin/busybox mkdir /dev' '/bin/busybox mount -t devtmpfs d /dev' \
		'echo "@@END" >/dev/ttyS1' '/bin/busybox poweroff -f' >"$root/init"
	chmod 755 "$root/init"
	(cd "$root" && find . | cpio -o -H newc --quiet) >"$work/trial.cpio"
	boot kvm 10 "$1" "$work/trial.cpio" "$work/trial.output"
	if grep -q '^@@END' "$work/trial.output" 2>/dev/null; then echo kvm; else echo tcg; fi
}

# run_guest FOLDER OUTPUT SEED: boots it, and judges what it prints into OUTPUT.line. The status tells whether all is well.
run_guest()
{
	folder=$1
	output=$2
	began=$(date +%s)
	: >"$output"
	cat "$folder/modules.cpio" "$work/programs.cpio" >"$output.initrd"
	boot "$accelerator" "$limit" "$folder" "$output.initrd" "$output" "$3"
	echo $? >"$output.code"
	echo $(($(date +%s) - began)) >"$output.seconds"
	rm -f "$output.initrd"
	judge "$folder" "$output" >"$output.line"
}

# One line about a guest: what was run and what came of it. The status tells whether all is well.
judge()
{
	awk -v version="$(cat "$1/version")" -v seconds="$(cat "$2.seconds")" -v code="$(cat "$2.code")" '
		{ sub(/\r$/, "") }
		/^@@LACKS / { lacks = lacks " " $2 }
		/^@@RUN / { name = $2; sub(/^[0-9]*-/, "", name); skipped = 0 }
		/^1\.\.0 # SKIP/ { skipped = 1 }
		name == "test_oracle" && / attempts, [0-9]+ differ/ { oracle = $0; gsub(/^.* - | \(seed.*$/, "", oracle) }
		/^@@STATUS / {
			if ($2 == 77 || ($2 == 0 && skipped))
				skips = skips " " name
			else if ($2 != 0)
				failed = failed " " name
			else if (name != "test_oracle")
				good++
			name = ""
		}
		/^@@END/ { ended = 1 }
		END {
			line = version ": " (oracle != "" ? oracle : "no oracle") ", " good + 0 " other programs ok"
			if (skips != "")
				line = line ", skipped:" skips
			if (failed != "")
				line = line ", failed:" failed
			if (lacks != "")
				line = line ", lacks:" lacks
			if (!ended)
				line = line (code ~ /^(124|137|152)$/ ? ", ran into the time limit" : ", the guest died") \
					(name != "" ? " in " name : "")
			print line " (" seconds " s)"
			exit failed != "" || !ended || oracle == ""
		}' "$2"
}

# What a failed guest said, as comments: the output of the programs that failed, or the console's end.
explain()
{
	grep -q '^@@END' "$1" || { cat "$1.qemu" "$1.console"; cat "$1"; } | tr -d '\r' | tail -n 60 | sed 's/^/# /'
	tr -d '\r' <"$1" | awk '
		/^@@RUN / { text = "# " $2 "\n"; next }
		/^@@STATUS / { if ($2 != 0 && $2 != 77) printf "%s", text; text = ""; next }
		{ text = text "# " $0 "\n" }'
}

"$here/fetch.sh" "$cache" $kernels >"$work/kernels" || skip_all "cannot make a cache in $cache"
folder=$(awk '$2 != "-" { print $2; exit }' "$work/kernels")
accelerator=tcg
if [ -n "$folder" ]; then
	pack_programs || { echo "Bail out! cannot pack the test programs"; exit 1; }
	accelerator=$(choose_accelerator "$folder" 2>/dev/null) # the shell says when qemu aborts
fi
echo "# accelerator $accelerator, $attempts attempts, $jobs at once"

# Shares the kernels out among `jobs` workers: worker n takes each one whose lock it can make.
worker()
{
	while read -r series folder _; do
		if [ "$folder" != - ] && mkdir "$work/$series.taken" 2>/dev/null; then
			seed=${BINDWALK_ORACLE_SEED:-$(echo "$series" | cksum | cut -d ' ' -f 1)}
			run_guest "$folder" "$work/$series.1" "$seed" || run_guest "$folder" "$work/$series.2" "$seed"
			echo $? >"$work/$series.status"
		fi
	done <"$work/kernels"
}

started=0
while [ "$started" -lt "$jobs" ]; do
	worker &
	workers="$workers $!"
	started=$((started + 1))
done
wait
workers=

number=0
bad=0
while read -r series folder reason; do
	number=$((number + 1))
	if [ "$folder" = - ]; then
		echo "ok $number - $series # SKIP $reason"
	elif [ "$(cat "$work/$series.status")" -ne 0 ]; then
		echo "not ok $number - $(cat "$work/$series.2.line"), after $(cat "$work/$series.1.line")"
		explain "$work/$series.1"
		explain "$work/$series.2"
		bad=1
	elif [ -f "$work/$series.2.line" ]; then
		echo "ok $number - $(cat "$work/$series.2.line") # flaky: $(cat "$work/$series.1.line")"
		explain "$work/$series.1"
	else
		echo "ok $number - $(cat "$work/$series.1.line")"
	fi
done <"$work/kernels"
echo "1..$number"
exit "$bad"
