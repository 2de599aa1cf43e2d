// SPDX-License-Identifier: GPL-3.0-or-later
// A bind in the name of somebody else: another process, or an ordinary user; and what keeps its credentials from being
// known.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "core/evidence/evidence.h"
#include "core/model/decide.h"
#include "core/observe/credentials.h"
#include "core/observe/proc.h"
#include "core/observe/process.h"
#include "tests/live/live.h"

enum { PEOPLE = 1000 };

static struct observer *o;

static bool has_uid(uint32_t uid)
{
	pid_t pid = fork();
	int status;
	if (pid == 0)
		_exit(syscall(SYS_setresuid, uid, uid, uid) < 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status == 0;
}

static int set_caps(uint64_t effective, uint64_t permitted)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{(uint32_t)effective, (uint32_t)permitted, 0},
						 {(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), 0}};
	return (int)syscall(SYS_capset, &head, data);
}

// A child that has done `prepare`, and waits for its end; 0 where it could not.
static pid_t start(int (*prepare)(void))
{
	int ready[2];
	char ok = 0;
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ok = prepare() == 0;
		if (write(ready[1], &ok, 1) == 1)
			for (;;)
				pause();
		_exit(0);
	}
	close(ready[1]);
	ssize_t got = read(ready[0], &ok, 1);
	close(ready[0]);
	if (got != 1 || !ok) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return 0;
	}
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void gather(struct inquiry *in, const struct attempt *a, const struct evidence_how *how)
{
	char err[512] = "";
	if (evidence_read(o, false, in, err, sizeof err) < 0 || evidence_gather(o, in, a, how, err, sizeof err) < 0)
		fail_msg("%s", err);
}

// The walk for that process, in this network namespace.
static struct inquiry *as(pid_t pid, const struct attempt *a)
{
	static struct inquiry in;
	const struct evidence_how how = {.as = pid};
	inquiry_free(&in);
	gather(&in, a, &how);
	assert_int_equal(in.caller.pid, pid);
	return &in;
}

static void expect_bound_as_it(const struct inquiry *in, int err)
{
	assert_int_equal(in->caller.stand_in, ASKED_AS_IT);
	assert_true(in->walk.observed.present);
	assert_int_equal(in->walk.observed.err, err);
	assert_int_equal(in->walk.agreement, AGREES);
}

static int nothing(void)
{
	return 0;
}

static int only_bind_service(void)
{
	return set_caps(1U << CAP_NET_BIND_SERVICE, 1U << CAP_NET_BIND_SERVICE);
}

static int no_caps(void)
{
	return set_caps(0, 0);
}

static int ordinary(void)
{
	gid_t groups[] = {PEOPLE + 1, PEOPLE + 2};
	return setgroups(2, groups) < 0 || setresgid(PEOPLE, PEOPLE, PEOPLE) < 0 ||
			       setresuid(PEOPLE, PEOPLE, PEOPLE) < 0
		       ? -1
		       : 0;
}

// Answers that call with EPERM.
static int forbid(unsigned nr)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0;
}

static int filtered(void)
{
	return forbid(SYS_bind);
}

static void test_the_same(void **state)
{
	(void)state;
	struct attempt a = live_attempt("127.0.0.1", 80);
	pid_t pid = start(nothing);
	const struct inquiry *in = as(pid, &a);
	expect_bound_as_it(in, 0);
	assert_int_equal(in->caller.differs, 0);
	end(pid);
}

// What it may do is what counts.
static void test_capabilities(void **state)
{
	(void)state;
	struct attempt low = live_attempt("127.0.0.1", 80), raw = live_attempt("127.0.0.1", 0);
	raw.kind = KIND_RAW;
	pid_t one = start(only_bind_service), none = start(no_caps);
	assert_true(one && none);
	expect_bound_as_it(as(one, &low), 0);
	expect_bound_as_it(as(one, &raw), EPERM);
	expect_bound_as_it(as(none, &low), EACCES);
	assert_int_equal(as(none, &low)->walk.code, CODE_PORT_PRIVILEGED); // root gets it back with exec()
	end(one);
	end(none);
}

// Its uid and groups.
static void test_user(void **state)
{
	(void)state;
	struct attempt low = live_attempt("127.0.0.1", 80), ping = live_attempt("127.0.0.1", 0);
	ping.kind = KIND_PING;
	pid_t pid = start(ordinary);
	if (!pid)
		skip(); // a user namespace with one uid in it
	const struct inquiry *in = as(pid, &low);
	expect_bound_as_it(in, EACCES);
	assert_int_equal(in->caller.uid, PEOPLE);
	assert_int_equal(in->caller.differs, 0);
	FILE *range = fopen("/proc/sys/net/ipv4/ping_group_range", "w");
	assert_non_null(range);
	fprintf(range, "%d %d\n", PEOPLE + 2, PEOPLE + 2);
	assert_int_equal(fclose(range), 0);
	expect_bound_as_it(as(pid, &ping), 0);
	range = fopen("/proc/sys/net/ipv4/ping_group_range", "w");
	assert_non_null(range);
	fputs("1 0\n", range);
	assert_int_equal(fclose(range), 0);
	expect_bound_as_it(as(pid, &ping), EACCES);
	end(pid);
}

// Its filter stays its own, and that is said.
static void test_filter(void **state)
{
	(void)state;
	struct attempt a = live_attempt("127.0.0.1", 8080);
	pid_t pid = start(filtered);
	if (!pid)
		skip();
	const struct inquiry *in = as(pid, &a);
	expect_bound_as_it(in, 0);
	assert_true(in->caller.differs & DIFFERS(SECCOMP));
	assert_false(in->caller.differs & (DIFFERS(UID) | DIFFERS(CAPABILITIES) | DIFFERS(GROUPS) | DIFFERS(USER_NS)));
	assert_true(in->caller.hooks.no_new_privs && in->caller.hooks.seccomp == YES);
	end(pid);
}

// What can't be taken on and counts leaves a prediction.
static void test_only_predicted(void **state)
{
	(void)state;
	struct attempt low = live_attempt("127.0.0.1", 80);
	pid_t pid = start(only_bind_service), child = fork();
	int status;
	assert_true(pid > 0);
	if (child == 0) { // has less than what it is to be
		static struct inquiry in;
		const struct evidence_how how = {.as = pid};
		char err[512];
		if (evidence_read(o, false, &in, err, sizeof err) == 0 && kernel_compare(&in.host->kernel, 5, 11) < 0)
			_exit(200); // 5.10 shows a process's capabilities otherwise to who has less; why is not known
		if (set_caps(0, 0) < 0 || evidence_read(o, false, &in, err, sizeof err) < 0 ||
		    evidence_gather(o, &in, &low, &how, err, sizeof err) < 0)
			_exit(1);
		_exit(in.walk.observed.present || in.walk.predicted.err || in.caller.stand_in != PREDICTED_AS_IT ||
		      !(in.caller.differs & DIFFERS(CAPABILITIES)));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	end(pid);
	if (WEXITSTATUS(status) == 200)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_no_process(void **state)
{
	(void)state;
	char err[256] = "";
	int status;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(process_check(pid, err, sizeof err), -ESRCH);
	assert_non_null(strstr(err, "zombie"));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(process_check(pid, err, sizeof err), -ESRCH);
	assert_null(strstr(err, "zombie"));
	assert_int_equal(process_check(getpid(), err, sizeof err), 0);
}

static long dumpable(void)
{
	return prctl(PR_GET_DUMPABLE);
}

// SO_REUSEPORT shares among the sockets of one uid; an ordinary user's is another one than root's.
static void test_unprivileged(void **state)
{
	(void)state;
	static struct inquiry in;
	const struct evidence_how how = {.unprivileged = true}, root = {0};
	struct attempt a = live_attempt("0.0.0.0", 3001);
	struct setting reuse = {.option = OPT_REUSEPORT, .value = 1};
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct before[2] = {{0}}, after[2] = {{0}};
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(3001)};
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof sa), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(attempt_set(&a, &reuse), 0);
	long was = dumpable();
	syscall(SYS_capget, &head, before);
	gather(&in, &a, &how);
	syscall(SYS_capget, &head, after);
	bool other = has_uid(PEOPLE);
	assert_int_equal(in.walk.agreement, AGREES);
	assert_int_equal(in.caller.uid != 0, other);
	assert_int_equal(in.walk.observed.err, other ? EADDRINUSE : 0);
	assert_memory_equal(before, after, sizeof before);
	assert_int_equal(geteuid(), 0);
	assert_int_equal(dumpable(), was);
	gather(&in, &a, &root);
	assert_int_equal(in.walk.observed.err, 0);
	inquiry_free(&in);
	close(fd);
}

// Whose sudo it is.
static void test_sudo(void **state)
{
	(void)state;
	struct caller c;
	static const char *const wrong[] = {"0", "", "x", "4294967295", "-1", "99999999999"};
	struct host *h = host_new();
	assert_non_null(h);
	bool other = has_uid(PEOPLE);
	setenv("SUDO_UID", "2345", 1);
	assert_int_equal(caller_read(0, h, &c), 0);
	assert_int_equal(c.ordinary_uid, other ? 2345 : 0);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		setenv("SUDO_UID", wrong[i], 1);
		assert_int_equal(caller_read(0, h, &c), 0);
		assert_int_equal(c.ordinary_uid, other ? PEOPLE : 0);
	}
	unsetenv("SUDO_UID");
	host_free(h);
}

// In a child, whose exit status is a line's number where something is not as it should be.
#define EXPECT(what)                                                                                                   \
	do {                                                                                                           \
		if (!(what))                                                                                           \
			_exit(__LINE__ % 199 + 1);                                                                     \
	} while (0)

static void in_child(void (*run)(struct host *h))
{
	int status;
	struct host *h = host_new();
	assert_non_null(h);
	pid_t pid = fork();
	if (pid == 0) {
		run(h);
		_exit(0);
	}
	host_free(h);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 200)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool all_unknown(const struct caller *c)
{
	return c->net_bind_service == UNKNOWN && c->net_raw == UNKNOWN && c->net_admin == UNKNOWN;
}

static void without_descriptors(struct host *h)
{
	struct caller c;
	struct rlimit none = {0, 0};
	EXPECT(setrlimit(RLIMIT_NOFILE, &none) == 0);
	EXPECT(caller_read(0, h, &c) == 0);
	EXPECT(all_unknown(&c) && c.ping_group == UNKNOWN);
	struct walk w;
	struct question q = {0};
	const struct facts f = {h, &c, &q};
	struct attempt a = live_attempt("::", 80);
	decide(&f, &a, &w);
	EXPECT(!w.predicted.certain && walk_find(&w, STEP_PRIVILEGE)->finding == PRIVILEGE_UNREAD);
}

static void without_ioctl(struct host *h)
{
	struct caller c;
	if (forbid(SYS_ioctl))
		_exit(200);
	EXPECT(caller_read(0, h, &c) == 0);
	EXPECT(all_unknown(&c) && c.owner[0] == '\0');
}

static void without_capget(struct host *h)
{
	struct caller c;
	if (forbid(SYS_capget))
		_exit(200);
	EXPECT(caller_read(0, h, &c) == 0);
	EXPECT(c.net_bind_service == YES); // the status has it as well
}

// Not known is not missing.
static void test_unread(void **state)
{
	(void)state;
	in_child(without_descriptors);
	in_child(without_ioctl);
	in_child(without_capget);
}

static void write_map(pid_t pid, const char *name, const char *text)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	EXPECT(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void await_byte(int fd)
{
	char c;
	EXPECT(read(fd, &c, 1) == 1);
}

// The range of the network namespace that `fd` names, in the numbers of this user namespace.
static void set_range(int fd, const char *text)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		EXPECT(setns(fd, CLONE_NEWNET) == 0);
		int file = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY | O_CLOEXEC);
		EXPECT(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
		_exit(0);
	}
	EXPECT(waitpid(pid, &status, 0) == pid && status == 0);
}

static void read_range(struct host *h)
{
	proc_sysctls("", h);
	EXPECT(h->sysctl_known[SYSCTL_PING_GID_LOW] && h->sysctl_known[SYSCTL_PING_GID_HIGH]);
}

// In a user namespace whose numbers stand in another order than the kernel's: 0 is 100 there, 1 is 50.
static void in_other_order(struct host *h)
{
	int to[2], from[2], status;
	char path[64];
	EXPECT(pipe(to) == 0 && pipe(from) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
			_exit(200);
		EXPECT(write(from[1], "+", 1) == 1);
		for (int round = 0; round < 2; round++) {
			await_byte(to[0]);
			EXPECT(setresgid(0, 0, 0) == 0 && setgroups(0, NULL) == 0);
			struct caller c;
			read_range(h);
			EXPECT(caller_read(0, h, &c) == 0);
			int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
			EXPECT((fd >= 0) == (round == 0));
			EXPECT(c.ping_group == (fd >= 0 ? YES : NO));
			EXPECT(write(from[1], "+", 1) == 1);
		}
		_exit(0);
	}
	close(from[1]);
	char c;
	if (read(from[0], &c, 1) != 1)
		_exit(200); // no user namespaces here
	write_map(pid, "uid_map", "0 0 1");
	write_map(pid, "gid_map", "0 100 1\n1 50 1\n");
	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
	int net = open(path, O_RDONLY | O_CLOEXEC);
	EXPECT(net >= 0);
	set_range(net, "50 100"); // reads as "1 0" there, and its group 0 is inside
	EXPECT(write(to[1], "+", 1) == 1);
	await_byte(from[0]);
	set_range(net, "50 60"); // reads as "1 65534"
	EXPECT(write(to[1], "+", 1) == 1);
	EXPECT(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	_exit(WEXITSTATUS(status));
}

static void test_group_order(void **state)
{
	(void)state;
	if (!has_uid(PEOPLE))
		skip(); // an ordinary user maps one group
	in_child(in_other_order);
}

// Why a capability is missing.
static void drop_all_but(unsigned kept)
{
	for (unsigned cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		if (cap != kept)
			prctl(PR_CAPBSET_DROP, cap);
}

static enum lack lack_of(const struct host *h)
{
	struct caller c;
	EXPECT(syscall(SYS_setresuid, PEOPLE, PEOPLE, PEOPLE) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0);
	EXPECT(caller_read(0, h, &c) == 0 && c.net_bind_service == NO);
	return c.lack_bind_service;
}

static void with_bounding_only(struct host *h)
{
	drop_all_but(CAP_NET_BIND_SERVICE);
	EXPECT(lack_of(h) == LACK_BOUNDING);
}

static void with_it_dropped(struct host *h)
{
	drop_all_but(CAP_NET_RAW);
	EXPECT(lack_of(h) == LACK_DROPPED);
}

static void with_no_restriction(struct host *h)
{
	struct credentials own, first;
	if (credentials_read(0, &own) < 0 || credentials_read(1, &first) < 0 || (first.bounding & ~own.bounding) ||
	    __builtin_popcountll(own.bounding) < CAP_LAST_CAP)
		_exit(200); // as in a container
	EXPECT(lack_of(h) == LACK_PLAIN);
}

// A program whose file has it.
static void with_no_new_privs(struct host *h)
{
	struct vfs_cap_data data = {.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
				    .data[0].permitted = 1U << CAP_NET_BIND_SERVICE};
	char path[64] = "/tmp/bindwalk-as-XXXXXX", buf[65536];
	int from = open("/bin/sleep", O_RDONLY | O_CLOEXEC), to = mkstemp(path), end[2], status;
	EXPECT(from >= 0 && to >= 0 && pipe2(end, O_CLOEXEC) == 0);
	for (ssize_t n; (n = read(from, buf, sizeof buf)) > 0;)
		EXPECT(write(to, buf, (size_t)n) == n);
	bool marked = fchmod(to, 0755) == 0 && fsetxattr(to, "security.capability", &data, sizeof data, 0) == 0;
	close(to);
	pid_t pid = marked ? fork() : -1;
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (syscall(SYS_setresuid, PEOPLE, PEOPLE, PEOPLE) == 0)
			execl(path, "sleep", "60", (char *)NULL);
		_exit(1);
	}
	close(end[1]);
	char c;
	if (pid > 0)
		EXPECT(read(end[0], &c, 1) == 0); // closed by exec
	struct caller one = {0};
	int rc = pid > 0 ? caller_read(pid, h, &one) : 0;
	unlink(path);
	if (pid < 0)
		_exit(200);
	kill(pid, SIGKILL);
	EXPECT(waitpid(pid, &status, 0) == pid && rc == 0);
	EXPECT(one.net_bind_service == NO && one.lack_bind_service == LACK_NO_NEW_PRIVS);
}

static void test_lack(void **state)
{
	(void)state;
	if (!has_uid(PEOPLE))
		skip();
	in_child(with_bounding_only);
	in_child(with_it_dropped);
	in_child(with_no_restriction);
	in_child(with_no_new_privs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same),       cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_user),           cmocka_unit_test(test_filter),
		cmocka_unit_test(test_only_predicted), cmocka_unit_test(test_no_process),
		cmocka_unit_test(test_unprivileged),   cmocka_unit_test(test_sudo),
		cmocka_unit_test(test_unread),         cmocka_unit_test(test_group_order),
		cmocka_unit_test(test_lack),
	};
	char err[256];
	if (!live_enter())
		return 0;
	if (observe_open(&o, err, sizeof err) < 0)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	observe_close(o);
	return failed;
}
