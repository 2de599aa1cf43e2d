// SPDX-License-Identifier: GPL-3.0-or-later
// The lab as root and as an ordinary user, what it holds, and how it is refused. Each test moves a child of its own.
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/command/lab_make.h"
#include "core/change/lab_refusal.h"
#include "core/evidence/trial.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"

enum { NOBODY = 65534, CHILD_SKIPPED = 77 };

// In the child a failed check must end the child, not jump into the parent's test.
#define CHECK(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "# %s:%d: %s\n", __FILE__, __LINE__, #condition);                              \
			_exit(1);                                                                                      \
		}                                                                                                      \
	} while (0)

static void in_child(void (*body)(void))
{
	int status;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		body();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CHILD_SKIPPED)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static ino_t netns_of(const char *pid)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static struct host *observe(void)
{
	struct observer *o;
	struct host *h = NULL;
	char err[256];
	CHECK(observe_open(&o, err, sizeof err) == 0);
	CHECK(observe_read(o, &h, err, sizeof err) == 0);
	observe_close(o);
	return h;
}

static int bind_to(const char *text)
{
	struct addr a;
	struct trial t;
	CHECK(addr_parse(text, &a) == 0);
	struct attempt attempt = attempt_new(&a);
	if (addr6_needs_scope(&a))
		attempt.scope = 2;
	CHECK(trial_run(&attempt, &live_root, &t) == 0);
	return t.err;
}

static void enter_or_skip(int (*enter)(char *, size_t))
{
	char err[LAB_ERROR] = "";
	ino_t before = netns_of("self");
	int result = enter(err, sizeof err);

	if (result < 0) {
		fprintf(stderr, "# %s\n", err);
		CHECK(err[0] != '\0');
		CHECK(netns_of("self") == before);
		CHECK(!lab_is_entered());
		_exit(CHILD_SKIPPED);
	}
	CHECK(netns_of("self") != before);
	CHECK(lab_is_entered());
	CHECK(geteuid() == 0);
}

// Not in a chroot, nor where a security module forbids it.
static void skip_without_user_namespaces(void)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		_exit(unshare(CLONE_NEWUSER) == 0 ? 0 : errno);
	CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
	if (WEXITSTATUS(status)) {
		fprintf(stderr, "# no user namespace can be made here: %s\n", strerror(WEXITSTATUS(status)));
		_exit(CHILD_SKIPPED);
	}
}

static void become_nobody(void)
{
	if (geteuid() == 0)
		CHECK(setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
}

static void check_furniture(void)
{
	enter_or_skip(lab_enter);
	struct host *h = observe();
	const struct link *lo = host_link_named(h, "lo"), *eth0 = host_link_named(h, "eth0");
	CHECK(lo && (lo->flags & IFF_UP));
	CHECK(eth0 && (eth0->flags & IFF_UP));
	if (strcmp(eth0->kind, "veth") == 0)
		CHECK(eth0->operstate == IF_OPER_UP);
	CHECK(h->nlinks == 2);
	for (size_t i = 0; i < h->naddrs; i++)
		CHECK(!(h->addrs[i].flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)));
	host_free(h);
	CHECK(bind_to("127.0.0.1") == 0);
	CHECK(bind_to("192.0.2.2") == 0);
	CHECK(bind_to("2001:db8::2") == 0);
	CHECK(bind_to("fe80::2") == 0);
	CHECK(bind_to("8.8.8.8") == EADDRNOTAVAIL);
	CHECK(change_sysctl("net.ipv4.ip_nonlocal_bind", "1") == 0);
	CHECK(bind_to("8.8.8.8") == 0);
}

static void check_nobody(void)
{
	become_nobody();
	check_furniture();
}

static void test_root(void **state)
{
	(void)state;
	ino_t before = netns_of("self");
	if (geteuid() != 0)
		skip();
	in_child(check_furniture);
	assert_int_equal(netns_of("self"), before);
	assert_false(lab_is_entered());
}

static void test_ordinary_user(void **state)
{
	(void)state;
	in_child(check_nobody);
}

static void check_empty(void)
{
	enter_or_skip(lab_enter_empty);
	struct host *h = observe();
	const struct link *lo = host_link_named(h, "lo");
	CHECK(lo && !(lo->flags & IFF_UP));
	CHECK(h->naddrs == 0);
	CHECK(h->has_local4 == NO);
	host_free(h);
	// No table, so the lookup has no answer, and bind takes any IPv4 address.
	CHECK(bind_to("8.8.8.8") == 0);
	CHECK(bind_to("2001:db8::8") == EADDRNOTAVAIL);
}

static void test_empty(void **state)
{
	(void)state;
	in_child(check_empty);
}

static int change_local(struct changer *c, bool add, const char *dst, uint8_t type, uint32_t table, const char *dev)
{
	struct edit_route r = {.type = type, .table = table};
	CHECK(prefix_parse(dst, &r.dst) == 0);
	return change_route(c, add, dev, &r);
}

// Whether the tables share a trie shows only behind the end of the route that hides where main's route begins.
static void check_hidden_trie(void)
{
	static const char *const own[] = {"127.0.0.0/8", "127.0.0.1/32", "127.255.255.255/32"};
	struct changer *c;

	enter_or_skip(lab_enter_empty);
	CHECK(change_open(&c) == 0);
	CHECK(change_link_up(c, "lo", true) == 0);
	for (unsigned i = 0; i < 3; i++)
		CHECK(change_local(c, false, own[i], i < 2 ? RTN_LOCAL : RTN_BROADCAST, RT_TABLE_LOCAL, "lo") == 0);
	CHECK(change_local(c, true, "10.0.0.0/8", RTN_LOCAL, RT_TABLE_MAIN, "lo") == 0);
	CHECK(change_local(c, true, "10.0.0.0/16", RTN_BLACKHOLE, RT_TABLE_LOCAL, NULL) == 0);
	enum trie truth = bind_to("10.1.0.1") == 0 ? TRIE_MERGED : TRIE_SPLIT;
	struct host *h = observe();
	CHECK(h->trie == truth);
	host_free(h);
	change_close(c);
}

static void test_hidden_trie(void **state)
{
	(void)state;
	in_child(check_hidden_trie);
}

// eth0's peer has nothing but us: it must outlive the process that built it, and a second lab must be whole again.
static void check_again(void)
{
	enter_or_skip(lab_enter);
	CHECK(change_sysctl("net.ipv4.ip_nonlocal_bind", "1") == 0);
	ino_t first = netns_of("self");
	check_furniture();
	CHECK(netns_of("self") != first);
}

static void test_again(void **state)
{
	(void)state;
	in_child(check_again);
}

static void check_limit(void)
{
	char err[LAB_ERROR] = "";
	become_nobody();
	enter_or_skip(lab_enter);
	// The limit of this lab's own user namespace, so nobody else is touched.
	if (change_sysctl("user.max_net_namespaces", "0") < 0)
		_exit(CHILD_SKIPPED);
	ino_t before = netns_of("self");
	CHECK(lab_enter(err, sizeof err) < 0);
	CHECK(strstr(err, "user.max_net_namespaces"));
	CHECK(strstr(err, "sysctl -w"));
	CHECK(netns_of("self") == before);
	CHECK(bind_to("192.0.2.2") == 0);
}

static void test_limit(void **state)
{
	(void)state;
	in_child(check_limit);
}

// As a container has it: the lab is made, and says what it can't change.
static void check_masked(const char *how)
{
	char err[LAB_ERROR] = "";
	become_nobody();
	enter_or_skip(lab_enter);
	CHECK(lab_remark()[0] == '\0');
	CHECK(unshare(CLONE_NEWNS) == 0);
	if (strcmp(how, "hidden") == 0)
		CHECK(mount("none", "/proc/sys", "tmpfs", 0, "") == 0);
	else
		CHECK(mount("/proc/sys", "/proc/sys", "", MS_BIND, "") == 0 &&
		      mount("", "/proc/sys", "", MS_BIND | MS_REMOUNT | MS_RDONLY, "") == 0);
	if (lab_enter(err, sizeof err) < 0)
		fprintf(stderr, "# %s\n", err);
	CHECK(err[0] == '\0');
	CHECK(strstr(lab_remark(), how) && strstr(lab_remark(), "systempaths=unconfined"));
	CHECK(bind_to("192.0.2.2") == 0);
}

static void check_read_only(void)
{
	check_masked("read-only");
}

static void check_hidden(void)
{
	check_masked("hidden");
}

static void test_masked(void **state)
{
	(void)state;
	in_child(check_read_only);
	in_child(check_hidden);
}

// Root of a container that was started without capabilities.
static void check_root_without_rights(void)
{
	char err[LAB_ERROR] = "";
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
	skip_without_user_namespaces();
	enter_or_skip(lab_enter); // where everybody is root
	ino_t before = netns_of("self");
	CHECK(syscall(SYS_capset, &head, none) == 0);
	if (lab_enter(err, sizeof err) == 0)
		_exit(CHILD_SKIPPED); // before Linux 5.12
	CHECK(strstr(err, "CAP_SETFCAP"));
	CHECK(netns_of("self") == before);
}

static void test_root_without_rights(void **state)
{
	(void)state;
	in_child(check_root_without_rights);
}

static void check_filter(int answer)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	char err[LAB_ERROR] = "";
	ino_t before = netns_of("self");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(CHILD_SKIPPED);
	CHECK(lab_enter(err, sizeof err) == -answer);
	CHECK(strstr(err, "seccomp=unconfined"));
	CHECK(netns_of("self") == before);
}

static void check_filter_refuses(void)
{
	check_filter(EPERM);
}

static void check_filter_denies(void)
{
	check_filter(ENOSYS);
}

static void test_filter(void **state)
{
	(void)state;
	in_child(check_filter_refuses);
	in_child(check_filter_denies);
}

static void *wait_in(void *data)
{
	char byte;
	return read(*(int *)data, &byte, 1) == 1 ? data : NULL;
}

static void check_threads(void)
{
	int channel[2];
	pthread_t thread;
	char err[LAB_ERROR] = "";

	become_nobody();
	CHECK(pipe(channel) == 0);
	CHECK(pthread_create(&thread, NULL, wait_in, &channel[0]) == 0);
	ino_t before = netns_of("self");
	int result = lab_enter(err, sizeof err);
	CHECK(write(channel[1], "", 1) == 1);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(result < 0);
	CHECK(netns_of("self") == before);
	CHECK(!lab_is_entered());
	if (result != -EINVAL) // user namespaces are refused here altogether
		_exit(CHILD_SKIPPED);
	CHECK(strstr(err, "thread"));
}

static void test_threads(void **state)
{
	(void)state;
	in_child(check_threads);
}

// A made-up system, as far as the refusal reads it.

static char root[64];

static void put_file(const char *path, const char *text)
{
	char name[256];
	snprintf(name, sizeof name, "%s%s", root, path);
	for (char *slash = strchr(name + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(name, 0755);
		*slash = '/';
	}
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void remove_root(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", root);
	assert_int_equal(system(command), 0);
}

static void expect_refusal(int err, const char *words)
{
	char buf[LAB_ERROR];
	assert_ptr_equal(lab_refusal(root, err, buf, sizeof buf), buf);
	if (!strstr(buf, words))
		fail_msg("'%s' does not say '%s'", buf, words);
	assert_null(strchr(buf, '\n'));
}

static void test_refusals(void **state)
{
	(void)state;
	strcpy(root, "/tmp/bindwalk-lab-XXXXXX");
	assert_non_null(mkdtemp(root));
	expect_refusal(EPERM, "mount -t proc");
	put_file("/proc/self/status", "Name:\tx\nSeccomp:\t0\nThreads:\t1\n");
	expect_refusal(EINVAL, "CONFIG_NET_NS");
	put_file("/proc/self/ns/net", "");
	expect_refusal(EINVAL, "CONFIG_USER_NS");
	put_file("/proc/self/ns/user", "");
	expect_refusal(EINVAL, "threads");
	expect_refusal(ENOSPC, "limit");
	expect_refusal(EUSERS, "32 levels");
	expect_refusal(ENOMEM, "Cannot allocate memory");
	expect_refusal(EPERM, "chroot");
	put_file("/proc/self/status", "Name:\tx\nSeccomp:\t2\nThreads:\t1\n");
	expect_refusal(EPERM, "seccomp=unconfined");
	expect_refusal(EACCES, "seccomp=unconfined");
	expect_refusal(ENOSYS, "seccomp=unconfined"); // as some filters answer
	// In a container of a host with AppArmor's switch the filter comes first, and its answer tells.
	put_file("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
	expect_refusal(EPERM, "seccomp=unconfined");
	expect_refusal(ENOSYS, "seccomp=unconfined");
	expect_refusal(EACCES, "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
	put_file("/proc/self/status", "Name:\tx\nSeccomp:\t0\nThreads:\t1\n");
	expect_refusal(ENOSYS, "Function not implemented");
	expect_refusal(EPERM, "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
	put_file("/proc/sys/kernel/unprivileged_userns_clone", "0\n");
	expect_refusal(EPERM, "sysctl -w kernel.unprivileged_userns_clone=1");
	put_file("/proc/sys/kernel/unprivileged_userns_clone", "1\n");
	expect_refusal(EACCES, "AppArmor");
	put_file("/proc/sys/user/max_user_namespaces", "31000\n");
	put_file("/proc/sys/user/max_net_namespaces", "0\n");
	expect_refusal(ENOSPC, "sysctl -w user.max_net_namespaces=15000");
	put_file("/proc/sys/user/max_user_namespaces", "0\n");
	expect_refusal(ENOSPC, "sysctl -w user.max_user_namespaces=15000");
	remove_root();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root),    cmocka_unit_test(test_ordinary_user),
		cmocka_unit_test(test_empty),   cmocka_unit_test(test_hidden_trie),
		cmocka_unit_test(test_again),   cmocka_unit_test(test_limit),
		cmocka_unit_test(test_threads), cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_masked),  cmocka_unit_test(test_root_without_rights),
		cmocka_unit_test(test_filter),
	};
	return cmocka_run_group_tests_name("lab", tests, NULL, NULL);
}
