// SPDX-License-Identifier: GPL-3.0-or-later
// A bind refused by what the model cannot see: a seccomp filter, and Landlock. The walk names a hook and does not
// disagree.
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/evidence/merge.h"
#include "core/evidence/trial.h"
#include "core/model/decide.h"
#include "core/model/walk_text.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"

enum { SKIPPED = 77 };

// The kernel's numbers, for C libraries that do not know them yet.
enum { NR_CREATE_RULESET = 444, NR_RESTRICT_SELF = 446, NET_BIND_TCP = 1 };

struct ruleset {
	uint64_t fs, net;
};

// What a filter answers with, and to which call.
static long filtered_call;
static int filter_err;

static int forbid_by_seccomp(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)filtered_call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)filter_err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return SKIPPED;
	return 0;
}

static int forbid_bind_by_landlock(void)
{
	struct ruleset rules = {.net = NET_BIND_TCP};
	int fd = (int)syscall(NR_CREATE_RULESET, &rules, sizeof rules, 0);
	if (fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(NR_RESTRICT_SELF, fd, 0) < 0)
		return SKIPPED;
	close(fd);
	return 0;
}

// In the child: what came of a bind to 127.0.0.1, as an exit status.
static int judge(int (*forbid)(void), enum kind kind, int expected_err, enum agreement expected)
{
	static struct walk w;
	static struct observer *o; // static, and so not lost when the child ends with them
	static struct host *h;
	struct trial t;
	char err[256], text[256];
	struct attempt a = attempt_new(&(struct addr){.family = AF_INET, .bytes = {127, 0, 0, 1}});
	a.kind = kind;
	attempt_set(&a, &(struct setting){.option = OPT_REUSEADDR, .value = 1});
	if (observe_open(&o, err, sizeof err) < 0 || observe_read(o, &h, err, sizeof err) < 0)
		return 1;
	int rc = forbid(); // not before: the filter would also forbid what netlink sockets do
	if (rc)
		return rc;
	decide(live_facts(h, false), &a, &w);
	if (w.predicted.err != 0 || trial_run(&a, &live_root, &t) < 0)
		return 2;
	merge_bind(&t, NULL, NULL, &w);
	if (t.err != expected_err)
		return 3;
	if (w.agreement != expected)
		return 4;
	if (expected != HOOK)
		return 0;
	enum code code = t.call == CALL_SOCKET ? CODE_FAMILY_FILTERED : CODE_HOOK_REFUSED;
	if (w.code != code || code_info(w.code)->class != CLASS_PERMISSION)
		return 5;
	walk_sentence(live_facts(h, false), &w, text, sizeof text);
	if (!strstr(text, errno_name(expected_err)))
		return 6;
	walk_candidates(live_facts(h, false)->caller, text, sizeof text);
	return strstr(text, "LSMs") && strstr(text, "seccomp") ? 0 : 7;
}

// The restriction cannot be undone, so each case has a child of its own.
static void in_child(int (*forbid)(void), enum kind kind, int expected_err, enum agreement expected)
{
	int status;
	pid_t pid = fork();
	if (pid == 0)
		_exit(judge(forbid, kind, expected_err, expected));
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIPPED) {
		print_message("# SKIP this kernel refuses the filter: %s\n", strerror(errno));
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

// A filter is a hook whatever it answers with.
static void seccomp_refuses(void **state)
{
	(void)state;
	static const long calls[] = {SYS_socket, SYS_setsockopt, SYS_bind};
	static const int errors[] = {EPERM, EACCES, EAFNOSUPPORT, EINVAL, ENOSYS, EADDRNOTAVAIL, EDQUOT};
	for (size_t c = 0; c < sizeof calls / sizeof *calls; c++)
		for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
			filtered_call = calls[c];
			filter_err = errors[e];
			in_child(forbid_by_seccomp, KIND_UDP, filter_err, HOOK);
		}
}

static void landlock_refuses_tcp(void **state)
{
	(void)state;
	in_child(forbid_bind_by_landlock, KIND_TCP, EACCES, HOOK);
}

static void landlock_leaves_udp_alone(void **state)
{
	(void)state;
	in_child(forbid_bind_by_landlock, KIND_UDP, 0, AGREES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seccomp_refuses),
		cmocka_unit_test(landlock_refuses_tcp),
		cmocka_unit_test(landlock_leaves_udp_alone),
	};
	if (!live_enter())
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
