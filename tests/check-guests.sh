#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How guest-check.sh judges guests that fail: once is flaky, twice is a failure. A script plays qemu. Speaks TAP.
set -u
here=$(cd "${top_srcdir:-.}/tests" && pwd)
# shellcheck source=tests/outside.sh
. "$here/outside.sh"

mkdir bin
cat >bin/qemu-system-x86_64 <<'QEMU'
#!/bin/sh
for word; do
	case $word in
	file,id=output,path=*) output=${word#*path=} ;;
	*/vmlinuz) kernel=$(cat "${word%/*}/version") ;;
	esac
done
[ "${output##*/}" != trial.output ] || exit 1
echo "$output" >>"$BOOTS/$kernel"
status=0
case $kernel,$(wc -l <"$BOOTS/$kernel") in
1.2.0,1 | 1.4.0,*) status=1 ;;
1.3.0,1) exit 0 ;;
esac
printf '%s\n' "@@RUN 101-test_a" "what $kernel says, status $status" "@@STATUS $status" \
	"@@RUN 102-test_oracle" "ok 1 - 7 attempts, 0 differ" "@@STATUS 0" "@@END" >"$output"
QEMU
chmod +x bin/qemu-system-x86_64
mkdir boots
for kernel in 1.1 1.2 1.3 1.4; do
	mkdir -p "cache/linux-image-$kernel"
	: >"cache/linux-image-$kernel/vmlinuz"
	: >"cache/linux-image-$kernel/modules.cpio"
	echo "$kernel.0" >"cache/linux-image-$kernel/version"
done
BOOTS=$folder/boots PATH=$folder/bin:$PATH BINDWALK_GUEST_CACHE=$folder/cache BINDWALK_GUEST_KERNELS="1.1 1.2 1.3 1.4 1.5" \
	BINDWALK_GUEST_MIRROR=file:/nonexistent GUEST_PROGRAMS=bindwalk top_builddir=${bindwalk%/*} sh "$here/guest/guest-check.sh" >out 2>err
status=$?

if skipped=$(grep '^1\.\.0 # SKIP' out); then
	echo "$skipped"
	exit 0
fi
good='7 attempts, 0 differ, 1 other programs ok'
bad='7 attempts, 0 differ, 0 other programs ok, failed: test_a'
sed 's/ ([0-9]* s)//g' out >told
has()
{
	grep -qxF -- "$1" told
}
has "ok 1 - 1.1.0: $good" && [ "$(wc -l <boots/1.1.0)" -eq 1 ]
verdict $? "a guest that passes runs once"
has "ok 2 - 1.2.0: $good # flaky: 1.2.0: $bad" && has "# what 1.2.0 says, status 1" && [ "$(wc -l <boots/1.2.0)" -eq 2 ]
verdict $? "a program that fails once is flaky, and its output is shown"
has "ok 3 - 1.3.0: $good # flaky: 1.3.0: no oracle, 0 other programs ok, the guest died"
verdict $? "a guest that dies once is flaky"
has "not ok 4 - 1.4.0: $bad, after 1.4.0: $bad" && [ "$(grep -cxF '# what 1.4.0 says, status 1' told)" -eq 2 ] && [ $status -ne 0 ]
verdict $? "a program that fails twice has failed, and both outputs are shown"
grep -q '^ok 5 - 1.5 # SKIP nothing cached' told
verdict $? "a kernel that cannot be fetched is skipped"

printf ':test-result: PASS\n:test-result: PASS\n' >suite.trs
cp told suite.log
"$here/totals.sh" . >out 2>err
{ grep -qF "flaky: 1.3.0: $good: 1.3.0: no oracle" out && [ "$(grep -cxF '# what 1.2.0 says, status 1' out)" -eq 1 ] &&
	[ "$(tail -n 1 out)" = "2 passed, 0 failed" ]; }
verdict $? "the totals name what is flaky and what it said, and end with the sums"
echo "1..$tests"
