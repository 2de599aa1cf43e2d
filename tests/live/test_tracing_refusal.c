// SPDX-License-Identifier: GPL-3.0-or-later
// Refusals of the kernel that can be made, each with its reason: what this process lacks, where it is, what filters it.
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/evidence/bind_probe.h"
#include "core/evidence/tracing_refusal.h"
#include "core/evidence/watch.h"
#include "core/evidence/watch_trace.h"
#include "core/evidence/witness.h"
#include "tests/live/live.h"
#include "config.h"

#define CAP(name) (1ull << CAP_##name)

// The capabilities that are left.
static void keep(uint64_t caps)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {
		{.effective = (uint32_t)caps, .permitted = (uint32_t)caps},
		{.effective = (uint32_t)(caps >> 32), .permitted = (uint32_t)(caps >> 32)}};
	if (syscall(SYS_capset, &head, sets) < 0)
		_exit(2);
}

static void enter_user_namespace(uint64_t unused)
{
	(void)unused;
	if (unshare(CLONE_NEWUSER) < 0)
		_exit(77);
}

static void filter_call(uint64_t number, uint32_t answer)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(2);
}

static void refuse_call(uint64_t number)
{
	filter_call(number, EPERM);
}

static void hide_call(uint64_t number)
{
	filter_call(number, ENOSYS);
}

static void limit_memory(uint64_t bytes)
{
	struct rlimit limit = {bytes, bytes};
	if (setrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		_exit(2);
	keep(~(CAP(SYS_RESOURCE) | CAP(IPC_LOCK)) & ((1ull << (CAP_LAST_CAP + 1)) - 1));
}

static void limit_files(uint64_t n)
{
	struct rlimit limit = {n, n};
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		_exit(2);
}

// Judges the sentence: one line that has those words, ("" for none) and not the last one.
static void judge(const char *err, const char *has, const char *has_too, const char *has_not)
{
	bool right = strlen(err) > 10 && !strpbrk(err, "\n\r") && strstr(err, has) && strstr(err, has_too) &&
		     err[strlen(err) - 1] != '.' && (!has_not || !strstr(err, has_not));
	if (!right)
		fprintf(stderr, "not as expected (%s, %s): %s\n", has, has_too, err);
	fflush(stderr);
	_exit(right ? 0 : 1);
}

// What a child does then.
static void judge_bpf(int code, const char *has, const char *has_too, const char *has_not)
{
	char err[PROBE_ERROR] = "";
	if (tracing_refusal(code, "words", err, sizeof err) != code)
		_exit(3);
	judge(err, has, has_too, has_not);
}

static void judge_perf(int code, const char *has, const char *has_too, const char *has_not)
{
	char err[PROBE_ERROR] = "";
	if (perf_refusal(code, "a/tracepoint", err, sizeof err) != code)
		_exit(3);
	judge(err, has, has_too, has_not);
}

// The programs themselves, which are not to be had then.
static void judge_probe(int code, const char *has, const char *has_too, const char *has_not)
{
#ifdef HAVE_BPF
	char err[PROBE_ERROR] = "";
	struct bind_probe *p;
	if (bind_probe_open(&(struct bind_probe_how){.quiet = true}, &p, err, sizeof err) >= 0 || p)
		_exit(3);
	judge(err, has, has_too, has_not);
#endif
	(void)code;
	(void)has;
	(void)has_too;
	(void)has_not;
	_exit(0);
}

static void judge_watch(int code, const char *has, const char *has_too, const char *has_not)
{
	char err[WATCH_ERROR] = "";
	struct watch *w;
	(void)code;
	if (watch_open(&(struct watch_how){0}, &w, err, sizeof err) >= 0 || w)
		_exit(3);
#ifndef HAVE_BPF
	has = "without BPF";
#endif
	judge(err, has, has_too, has_not);
}

typedef void make_fn(uint64_t number);
typedef void judge_fn(int code, const char *has, const char *has_too, const char *has_not);

struct refusal {
	make_fn *make;
	uint64_t number;
	judge_fn *judge;
	int code;
	const char *has, *has_too, *has_not;
};

static void expect(const struct refusal *r)
{
	int status;
	// Opening the programs takes its time there.
	if (r->judge != judge_bpf && r->judge != judge_perf && r->make != limit_memory && getenv("BINDWALK_EMULATED"))
		return;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		r->make(r->number);
		r->judge(r->code, r->has, r->has_too, r->has_not);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define EXPECT(...) expect(&(const struct refusal){__VA_ARGS__})

static void test_capabilities(void **state)
{
	(void)state;
	EXPECT(keep, 0, judge_bpf, -EPERM, "CAP_BPF", "both", NULL);
	EXPECT(keep, 0, judge_probe, -EPERM, "CAP_BPF", "both", NULL);
	EXPECT(keep, 0, judge_perf, -EACCES, "CAP_PERFMON", "", "CAP_BPF");
	EXPECT(keep, 0, judge_watch, 0, "CAP_BPF", "CAP_PERFMON", NULL);
	EXPECT(keep, CAP(BPF), judge_bpf, -EPERM, "lacks CAP_PERFMON", "", NULL);
	EXPECT(keep, CAP(BPF), judge_probe, -EPERM, "lacks CAP_PERFMON", "", NULL);
	EXPECT(keep, CAP(PERFMON), judge_bpf, -EPERM, "lacks CAP_BPF", "", NULL);
	EXPECT(keep, CAP(PERFMON), judge_probe, -EPERM, "lacks CAP_BPF", "", NULL);
	EXPECT(keep, CAP(SYS_ADMIN), judge_bpf, -EPERM, "", "", "lacks");
	EXPECT(keep, CAP(BPF) | CAP(PERFMON), judge_bpf, -EPERM, "CAP_SYS_ADMIN", "", "lacks"); // to see the modules
}

static void test_user_namespace(void **state)
{
	(void)state;
	EXPECT(enter_user_namespace, 0, judge_bpf, -EPERM, "user namespace", "CAP_BPF", "possible");
	EXPECT(enter_user_namespace, 0, judge_probe, -EPERM, "user namespace", "CAP_BPF", "possible");
	EXPECT(enter_user_namespace, 0, judge_perf, -EACCES, "user namespace", "CAP_PERFMON", "possible");
	EXPECT(enter_user_namespace, 0, judge_watch, 0, "user namespace", "", NULL);
}

static void test_seccomp(void **state)
{
	(void)state;
	EXPECT(refuse_call, SYS_bpf, judge_bpf, -EPERM, "bpf()", "seccomp", "lockdown");
	EXPECT(refuse_call, SYS_bpf, judge_probe, -EPERM, "bpf()", "seccomp", "lockdown");
	EXPECT(refuse_call, SYS_perf_event_open, judge_perf, -EPERM, "a/tracepoint", "seccomp", "lockdown");
	// Of programs it sees nothing: where others load it is not the reason.
	EXPECT(refuse_call, SYS_perf_event_open, judge_bpf, -EPERM, "BPF programs", "", "seccomp");
	EXPECT(hide_call, SYS_bpf, judge_bpf, -ENOSYS, "CONFIG_BPF_SYSCALL", "seccomp", NULL);
	EXPECT(hide_call, SYS_bpf, judge_probe, -ENOSYS, "CONFIG_BPF_SYSCALL", "seccomp", NULL);
	EXPECT(hide_call, SYS_perf_event_open, judge_perf, -ENOSYS, "CONFIG_PERF_EVENTS", "seccomp", NULL);
}

// Linux 5.11 no longer counts BPF as locked memory.
static void test_locked_memory(void **state)
{
	(void)state;
	enum { FIRST = 0, SMALL = 1 << 16 };
	struct utsname kernel;
	assert_int_equal(uname(&kernel), 0);
	bool counts = strncmp(kernel.release, "5.10.", 5) == 0;
	EXPECT(limit_memory, SMALL, judge_bpf, -EPERM, counts ? "ulimit -l unlimited" : "", "",
	       counts ? "possible" : "ulimit");
	EXPECT(limit_memory, FIRST, judge_bpf, -EPERM, counts ? "ulimit -l" : "", "", counts ? NULL : "ulimit");
	if (counts)
		EXPECT(limit_memory, SMALL, judge_probe, -EPERM, "ulimit -l unlimited", "", "possible");
}

static void do_nothing(uint64_t unused)
{
	(void)unused;
}

static void test_other_codes(void **state)
{
	(void)state;
	if (lockdown_is_confidential())
		EXPECT(do_nothing, 0, judge_bpf, -EINVAL, "lockdown=confidentiality", "boot", "words");
	else
		EXPECT(do_nothing, 0, judge_bpf, -EINVAL, strerror(EINVAL), "words", "lockdown");
	EXPECT(do_nothing, 0, judge_bpf, -ENOMEM, "ulimit -l", "", NULL);
	EXPECT(do_nothing, 0, judge_bpf, -ENOSYS, "CONFIG_BPF_SYSCALL", "", "hidden");
	EXPECT(do_nothing, 0, judge_perf, -ENOSYS, "CONFIG_PERF_EVENTS", "", "hidden");
	EXPECT(do_nothing, 0, judge_perf, -EMFILE, "ulimit -n", "", NULL);
	EXPECT(do_nothing, 0, judge_perf, -ENOBUFS, "kernel.perf_event_mlock_kb", "", NULL);
	EXPECT(do_nothing, 0, judge_perf, -EINVAL, "a/tracepoint", strerror(EINVAL), NULL);
}

// Debian's kernels want more than CAP_PERFMON where their sysctl is 3.
static void test_paranoid(void **state)
{
	(void)state;
	int level = 0;
	FILE *f = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &level), 1);
	fclose(f);
	EXPECT(keep, CAP(PERFMON), judge_perf, -EACCES,
	       level > 2 ? "sysctl -w kernel.perf_event_paranoid=2" : "possible reasons", "",
	       level > 2 ? "possible" : "paranoid");
}

// Whatever they are missing for: the sentence says what the reader can do, and blames nothing else.
static void test_open_files(void **state)
{
	(void)state;
	for (uint64_t n = STDERR_FILENO + 1; n < STDERR_FILENO + 5; n++) { // fewer than there are maps
		EXPECT(limit_files, n, judge_probe, -EMFILE, "ulimit -n", "", "CONFIG");
		EXPECT(limit_files, n, judge_probe, -EMFILE, "ulimit -n", "", "\\");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_capabilities), cmocka_unit_test(test_user_namespace),
		cmocka_unit_test(test_seccomp),      cmocka_unit_test(test_locked_memory),
		cmocka_unit_test(test_other_codes),  cmocka_unit_test(test_paranoid),
		cmocka_unit_test(test_open_files),
	};
	char err[PROBE_ERROR];
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	setrlimit(RLIMIT_MEMLOCK, &all); // as bind_probe_open() does
	tracing_refusal(-EPERM, "", err, sizeof err);
	if (strstr(err, "lacks") || strstr(err, "user namespace")) { // nothing can be taken from us
		printf("1..0 # SKIP %s\n", err);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
