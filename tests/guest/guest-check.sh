#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The oracle and the other test programs under other kernels, in qemu. Speaks TAP: one test for each kernel. What cannot run
# says why and is skipped. A guest that fails runs once more: if it passes then, it is flaky, else it has failed. Each kernel has
# its own seed for the oracle, the same in every run.
#
#   BINDWALK_GUEST_KERNELS   which ("5.10 6.1 6.12 6.18 newest" but for the series that runs here, where all tests run anyway);
#                            any series of Debian's suites will do, such as 6.19
#   BINDWALK_GUEST_ATTEMPTS  the oracle's attempts on each (1200)
#   BINDWALK_GUEST_CACHE     where kernels are kept ($XDG_CACHE_HOME/bindwalk/guests)
#   BINDWALK_GUEST_LIMIT     seconds of a processor that one guest may take (400, and more with many attempts); it may take five
#                            times as long on a busy machine
#   BINDWALK_GUEST_JOBS      how many guests at once (half as many again as there are processors: five guests on two
#                            processors end sooner in turns of three and two)
#   BINDWALK_ORACLE_SEED     one seed for all kernels
#   BINDWALK_STORMS, BINDWALK_STORM_SEED
#                            for tests/live/test_storm
#   GUEST_PROGRAMS           the test programs, under top_builddir (the oracle alone)
#   GUEST_END_PROGRAMS       those that run only on the first and the last of the kernels (none)
set -u

here=$(cd "$(dirname "$0")" && pwd)
. "$here/guest.sh"

programs=${GUEST_PROGRAMS:-tests/oracle/test_oracle}
others=
for series in 5.10 6.1 6.12 6.18 newest; do
	case $(uname -r) in
	"$series".*) ;;
	*) others="$others $series" ;;
	esac
done
kernels=${BINDWALK_GUEST_KERNELS:-$others}
attempts=${BINDWALK_GUEST_ATTEMPTS:-1200}
limit=${BINDWALK_GUEST_LIMIT:-$((400 + attempts / 40))}
jobs=${BINDWALK_GUEST_JOBS:-$(($(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) * 3 / 2))}

skip_all()
{
	echo "1..0 # SKIP $*"
	exit 0
}

why=$(guest_lacks) || skip_all "$why"
guest_folder || exit 1

# What all guests share: busybox, the init, the programs and their data.
pack_programs()
{
	mkdir -p "$root/src/tests"
	add_userland
	number=100
	for program in $programs; do
		number=$((number + 1))
		add_program "$build/$program" "job/programs/$number-$(basename "$program")" || return 1
	done
	for program in ${GUEST_END_PROGRAMS:-}; do
		number=$((number + 1))
		add_program "$build/$program" "job/ends/$number-$(basename "$program")" || return 1
	done
	cp -R "$src/tests/data" "$root/src/tests/"
	{
		echo "export CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8 TZ=UTC top_srcdir=/src top_builddir=/job"
		echo "export BINDWALK_ORACLE_ATTEMPTS=$attempts BINDWALK_ORACLE_NEXT=200 BINDWALK_ORACLE_TRACED=100 BINDWALK_REMEDY_REFUSALS=40"
		echo "export BINDWALK_KILL_STEP=101" # where a process is killed does not depend on the kernel
		echo "export BINDWALK_EMULATED=1 BINDWALK_STORMS=${BINDWALK_STORMS:-3} BINDWALK_STORM_SEED=${BINDWALK_STORM_SEED:-1}"
	} >"$root/job/environment"
	pack "$work/programs.cpio"
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
	pack "$work/trial.cpio"
	boot kvm 10 "$1" "$work/trial.cpio" "$work/trial.output"
	if grep -q '^@@END' "$work/trial.output" 2>/dev/null; then echo kvm; else echo tcg; fi
}

# run_guest FOLDER OUTPUT WORDS: boots it, and judges what it prints into OUTPUT.line. The status tells whether all is well.
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

"$here/fetch.sh" "$guest_cache" $kernels >"$work/kernels" || skip_all "cannot make a cache in $guest_cache"
folder=$(awk '$2 != "-" { print $2; exit }' "$work/kernels")
first=$(awk '$2 != "-" { print $1; exit }' "$work/kernels")
last=$(awk '$2 != "-" { series = $1 } END { print series }' "$work/kernels")
accelerator=tcg
if [ -n "$folder" ]; then
	pack_programs || { echo "Bail out! cannot pack the test programs"; exit 1; }
	accelerator=$(choose_accelerator "$folder" 2>/dev/null) # the shell says when qemu aborts
fi
echo "# accelerator $accelerator, $attempts attempts, $jobs at once"

# The first and the last have most to do: they begin, so that no processor is idle at the end.
awk -v first="$first" -v last="$last" '$1 == first || $1 == last { print; next } { others = others $0 "\n" } END { printf "%s", others }' \
	"$work/kernels" >"$work/turns"

# Shares the kernels out among `jobs` workers: worker n takes each one whose lock it can make.
worker()
{
	while read -r series folder _; do
		if [ "$folder" != - ] && mkdir "$work/$series.taken" 2>/dev/null; then
			words="BINDWALK_ORACLE_SEED=${BINDWALK_ORACLE_SEED:-$(echo "$series" | cksum | cut -d ' ' -f 1)}"
			case $series in "$first" | "$last") words="$words BINDWALK_ENDS=1" ;; esac
			run_guest "$folder" "$work/$series.1" "$words" || run_guest "$folder" "$work/$series.2" "$words"
			echo $? >"$work/$series.status"
		fi
	done <"$work/turns"
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
