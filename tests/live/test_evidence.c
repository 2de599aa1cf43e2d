// SPDX-License-Identifier: GPL-3.0-or-later
// The recipe for a walk: a host that changes meanwhile does not disagree, a kernel that lies is one, and what belongs
// to a prediction is asked for every kind of socket.
#include <errno.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/evidence/evidence.h"
#include "core/observe/owner_search.h"
#include "core/observe/proc.h"
#include "tests/live/live.h"

static struct observer *o;
static const struct evidence_how live = {0}, predicted = {.predict = true};

static int open_observer(void **state)
{
	(void)state;
	char err[256];
	return observe_open(&o, err, sizeof err);
}

static int close_observer(void **state)
{
	(void)state;
	observe_close(o);
	return 0;
}

// A fresh walk.
static void gather(struct inquiry *in, const struct attempt *a, const struct evidence_how *how)
{
	char err[512] = "";
	if (evidence_read(o, false, in, err, sizeof err) < 0 || evidence_gather(o, in, a, how, err, sizeof err) < 0)
		fail_msg("%s", err);
}

static int open_socket(int family, int type, int protocol, const char *text, uint16_t port)
{
	struct attempt a = live_attempt(text, port);
	struct sockaddr_storage sa;
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return -1;
	unsigned len = attempt_sockaddr(&a, &sa);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

// Makes and takes away what lets the address be bound, again and again, until it is killed.
static pid_t start_storm(void)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	struct changer *c;
	struct edit_route r = {.type = RTN_LOCAL, .dst = live_prefix("10.99.0.0/16")};
	if (change_open(&c) < 0)
		_exit(1);
	for (;;) {
		change_route(c, true, "lo", &r);
		poll(NULL, 0, 1);
		change_route(c, false, "lo", &r);
		poll(NULL, 0, 1);
	}
}

static void test_storm(void **state)
{
	(void)state;
	const unsigned walks = getenv("BINDWALK_EMULATED") ? 100 : 400; // there each takes ten times as long
	struct inquiry in = {0};
	const struct attempt a = live_attempt("10.99.0.1", 0);
	unsigned ended[DISAGREES + 1] = {0};
	pid_t storm = start_storm();
	for (unsigned i = 0; i < walks; i++) {
		gather(&in, &a, &live);
		ended[in.walk.agreement]++;
	}
	kill(storm, SIGKILL);
	assert_int_equal(waitpid(storm, NULL, 0), storm);
	inquiry_free(&in);
	print_message("# %u agree, %u on a host that went on changing, %u disagree\n", ended[AGREES], ended[CHANGED],
		      ended[DISAGREES]);
	assert_int_equal(ended[AGREES] + ended[CHANGED], walks);
	assert_true(ended[AGREES] > 0);
}

// Answers bind() with an errno that the model can't foresee, whatever the address is.
static int lie_about_bind(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bind, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, sizeof(struct sockaddr_in), 0,
			 1), // netlink sockets are bound as well
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return 77;
	return 0;
}

// From here on /proc says of this thread what it says now.
static int freeze_status(void)
{
	char text[16384], name[] = "/tmp/bindwalk-status-XXXXXX";
	ssize_t len = proc_read("", "/proc/thread-self/status", text, sizeof text);
	int fd = mkstemp(name);
	bool good = fd >= 0 && len > 0 && write(fd, text, (size_t)len) == len && unshare(CLONE_NEWNS) == 0 &&
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		    mount(name, "/proc/thread-self/status", NULL, MS_BIND, NULL) == 0;
	if (fd >= 0) {
		close(fd);
		unlink(name);
	}
	return good ? 0 : 77;
}

// In a child, since the filter stays.
static void check_lie(bool hidden, enum agreement agreement, enum code code)
{
	int status;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		static struct inquiry in; // static, and so not lost when the child ends with it
		const struct attempt a = live_attempt("127.0.0.1", 0);
		char err[256];
		int rc = hidden ? freeze_status() : 0;
		if (!rc)
			rc = lie_about_bind();
		if (rc)
			_exit(rc);
		if (evidence_read(o, false, &in, err, sizeof err) < 0 ||
		    evidence_gather(o, &in, &a, &live, err, sizeof err) < 0)
			_exit(1);
		_exit(in.walk.agreement == agreement && in.walk.code == code ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

// A filter that is seen to be on explains it, on a host that stood still.
static void test_lie(void **state)
{
	(void)state;
	check_lie(false, HOOK, CODE_HOOK_REFUSED);
}

// One that can't be seen does not: then the model is wrong.
static void test_unexplained_lie(void **state)
{
	(void)state;
	check_lie(true, DISAGREES, CODE_DISAGREEMENT);
}

// Who holds the port is asked for each kind that has one.
static void test_holders(void **state)
{
	(void)state;
	static const struct {
		enum kind kind;
		int type, protocol;
	} cases[] = {{KIND_TCP, SOCK_STREAM, 0},
		     {KIND_MPTCP, SOCK_STREAM, 0}, // its port is TCP's
		     {KIND_UDP, SOCK_DGRAM, 0},
		     {KIND_UDPLITE, SOCK_DGRAM, IPPROTO_UDPLITE}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct inquiry in = {0};
		struct attempt a = live_attempt("127.0.0.1", 7000);
		a.kind = cases[i].kind;
		gather(&in, &a, &predicted);
		bool there = in.walk.predicted.call == CALL_BIND && in.walk.predicted.err == 0;
		int fd = open_socket(AF_INET, cases[i].type, cases[i].protocol, "127.0.0.1", 7000);
		if (fd >= 0 && cases[i].type == SOCK_STREAM)
			assert_int_equal(listen(fd, 1), 0); // the bound only are not to be seen before 6.8
		gather(&in, &a, &predicted);
		if (there && fd >= 0) {
			assert_int_equal(in.walk.predicted.err, EADDRINUSE);
			assert_true(in.walk.predicted.certain);
			assert_int_equal(in.question.socks[0].pid, getpid());
		}
		if (fd >= 0)
			close(fd);
		inquiry_free(&in);
	}
}

// All ports of a narrow range are asked for where the kernel chooses one.
static void test_narrow_range(void **state)
{
	(void)state;
	struct inquiry in = {0};
	struct attempt a = live_attempt("127.0.0.1", 0);
	a.kind = KIND_UDP;
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "50000 50001"), 0);
	int first = open_socket(AF_INET, SOCK_DGRAM, 0, "127.0.0.1", 50000);
	gather(&in, &a, &predicted);
	assert_int_equal(in.walk.predicted.err, 0);
	int second = open_socket(AF_INET, SOCK_DGRAM, 0, "127.0.0.1", 50001);
	gather(&in, &a, &live);
	assert_int_equal(in.walk.predicted.err, EADDRINUSE);
	assert_int_equal(in.walk.code, CODE_PORT_EXHAUSTED);
	assert_int_equal(in.walk.agreement, AGREES);
	close(first);
	close(second);
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "32768 60999"), 0);
	inquiry_free(&in);
}

// Looks for the owners of in->question on the other thread. False: there was nothing to look for.
static bool search(struct owner_search *s, struct inquiry *in)
{
	struct pollfd fd = {.fd = owner_search_fd(s), .events = POLLIN};
	if (!owner_search_begin(s, &in->question))
		return false;
	assert_int_equal(poll(&fd, 1, -1), 1);
	assert_true(owner_search_take(s, &in->question));
	return true;
}

// The process behind a socket is looked for once, on a thread; and again for another socket only.
static void test_owner_search(void **state)
{
	(void)state;
	struct owner_search *s;
	struct inquiry in = {0};
	char err[256];
	const struct attempt a = live_attempt("127.0.0.1", 7000);
	int fd = open_socket(AF_INET, SOCK_STREAM, 0, "127.0.0.1", 7000);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(owner_search_open(&s), 0);
	assert_int_equal(evidence_read(o, false, &in, err, sizeof err), 0);
	assert_true(evidence_holders(&in, &a, false));
	assert_int_equal(in.question.nsocks, 1);
	assert_int_equal(in.question.socks[0].pid, 0);
	assert_int_equal(in.question.socks[0].reuseaddr, UNKNOWN);
	assert_true(search(s, &in));
	assert_int_equal(in.question.socks[0].pid, getpid());
	assert_int_equal(in.question.socks[0].reuseaddr, NO);

	assert_false(evidence_holders(&in, &a, false)); // the same socket
	assert_int_equal(in.question.socks[0].pid, getpid());
	assert_false(search(s, &in));

	close(fd);
	fd = open_socket(AF_INET, SOCK_STREAM, 0, "127.0.0.1", 7000);
	assert_int_equal(listen(fd, 1), 0);
	assert_true(evidence_holders(&in, &a, false)); // another one
	assert_int_equal(in.question.socks[0].pid, 0);
	assert_true(search(s, &in));
	assert_int_equal(in.question.socks[0].pid, getpid());
	close(fd);
	assert_true(evidence_holders(&in, &a, false));
	assert_int_equal(in.question.nsocks, 0);
	owner_search_close(s);
	inquiry_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_storm),           cmocka_unit_test(test_lie),
		cmocka_unit_test(test_unexplained_lie), cmocka_unit_test(test_holders),
		cmocka_unit_test(test_narrow_range),    cmocka_unit_test(test_owner_search),
	};
	if (!live_enter())
		return 0;
	return cmocka_run_group_tests(tests, open_observer, close_observer);
}
