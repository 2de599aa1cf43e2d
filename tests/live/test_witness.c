// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel as witness in a lab: what it looked up while a bind ran, and that nothing of it stays behind.
#include <errno.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/evidence/bind_probe.h"
#include "core/evidence/merge.h"
#include "core/evidence/witness.h"
#include "core/model/decide.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"

enum { NOBODY = 65534, RED = 1010 };

static struct witness *witness;

static struct attempt attempt_to(const char *addr)
{
	struct addr a = live_addr(addr);
	return attempt_new(&a);
}

static struct seen look(const struct attempt *a, int err)
{
	struct trial t;
	struct seen s;
	assert_int_equal(witness_trial(witness, a, &live_root, &t, &s), 0);
	assert_int_equal(t.err, err);
	assert_int_equal(s.binds, a->binds > 1 && t.ncalls > 2 ? 2 : 1);
	assert_true(s.bind_known);
	assert_int_equal(s.bind_ret, -err);
	assert_int_equal(s.lost, 0);
	assert_int_equal(s.others4, 0);
	assert_int_equal(s.lookups6, 0);
	return s;
}

static void expect_lookup(const struct attempt *a, int err, uint32_t table, int lookup, const char *device)
{
	struct seen s = look(a, err);
	assert_int_equal(s.lookups4, 1);
	assert_int_equal(s.lookups[0].table, table);
	assert_int_equal(s.lookups[0].err, lookup);
	assert_int_equal(s.lookups[0].dst, addr_v4(&a->addr));
	assert_string_equal(s.lookups[0].device, device);
}

static void expect_none(const char *addr, int err)
{
	struct attempt a = attempt_to(addr);
	assert_int_equal(look(&a, err).lookups4, 0);
}

static void test_lookups(void **state)
{
	(void)state;
	struct attempt local = attempt_to("127.0.0.1"), eth0 = attempt_to("192.0.2.2"),
		       far = attempt_to("198.51.100.1");
	expect_lookup(&local, 0, RT_TABLE_LOCAL, 0, "lo");
	expect_lookup(&eth0, 0, RT_TABLE_LOCAL, 0, "eth0");
	expect_lookup(&far, EADDRNOTAVAIL, RT_TABLE_LOCAL, -EAGAIN, "");
	assert_int_equal(attempt_toggle(&far, OPT_FREEBIND), 0);
	expect_lookup(&far, 0, RT_TABLE_LOCAL, -EAGAIN, "");
}

static void test_no_lookup(void **state)
{
	(void)state;
	expect_none("0.0.0.0", 0);
	expect_none("255.255.255.255", 0);
	expect_none("::1", 0);
	expect_none("::", 0);
	expect_none("2001:db8::2", 0);
	expect_none("2001:db8::3", EADDRNOTAVAIL);
}

static void test_kinds(void **state)
{
	(void)state;
	static const char *const addrs[] = {"127.0.0.1", "::ffff:127.0.0.1", "::1"};
	change_sysctl("net.ipv4.ping_group_range", "0 0");
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		for (size_t i = 0; i < sizeof addrs / sizeof *addrs; i++) {
			struct attempt a = attempt_to(addrs[i]);
			struct trial t;
			struct seen s;
			a.kind = (enum kind)kind;
			assert_int_equal(witness_trial(witness, &a, &live_root, &t, &s), 0);
			if (t.call != CALL_BIND) {
				assert_int_equal(s.binds, 0); // a kind that this kernel does not have
				continue;
			}
			bool asks = a.family == AF_INET || (addr_is_mapped(&a.addr) && t.err == 0);
			assert_int_equal(s.bind_ret, -t.err);
			assert_int_equal(s.lookups4 > 0, asks);
			assert_int_equal(s.lookups6 + s.others4, 0);
		}
	}
}

static void test_second_bind(void **state)
{
	(void)state;
	struct attempt a = attempt_to("127.0.0.1");
	a.binds = 2;
	expect_lookup(&a, EINVAL, RT_TABLE_LOCAL, 0, "lo"); // the address is looked at before the state
}

static void test_error_routes(void **state)
{
	(void)state;
	static const struct {
		uint8_t type;
		int lookup;
	} routes[] = {{RTN_BLACKHOLE, -EINVAL},
		      {RTN_UNREACHABLE, -EHOSTUNREACH},
		      {RTN_PROHIBIT, -EACCES},
		      {RTN_THROW, -EAGAIN}};
	struct attempt a = attempt_to("127.0.0.5");
	struct changer *c;
	assert_int_equal(change_open(&c), 0);
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		struct edit_route r = {.dst = live_prefix("127.0.0.5/32"), .type = routes[i].type};
		r.table = RT_TABLE_LOCAL;
		assert_int_equal(change_route(c, true, NULL, &r), 0);
		expect_lookup(&a, EADDRNOTAVAIL, RT_TABLE_LOCAL, routes[i].lookup, "");
		assert_int_equal(change_route(c, false, NULL, &r), 0);
	}
	change_close(c);
}

static void test_vrf(void **state)
{
	(void)state;
	struct attempt a = attempt_to("127.0.0.1");
	struct setting device = {.option = OPT_DEVICE, .device = "red"};
	struct changer *c;
	assert_int_equal(change_open(&c), 0);
	int err = change_vrf_add(c, "red", RED);
	if (err < 0) {
		print_message("no VRF in this kernel\n");
		change_close(c);
		skip();
	}
	struct edit_route r = {.dst = live_prefix("198.51.100.0/24"), .type = RTN_UNREACHABLE, .table = RED};
	assert_int_equal(change_link_up(c, "red", true), 0);
	assert_int_equal(change_route(c, true, NULL, &r), 0);
	assert_int_equal(attempt_set(&a, &device), 0);
	expect_lookup(&a, EADDRNOTAVAIL, RED, -EAGAIN, "");
	change_link_del(c, "red");
	change_close(c);
}

// What other threads look up is not ours, and other threads' binds are not seen.
static void *bind_on_and_on(void *data)
{
	struct attempt a = attempt_to("127.0.0.77");
	struct trial t;
	struct seen s;
	assert_int_equal(witness_trial(witness, &a, &live_root, &t, &s), -ESRCH);
	while (!__atomic_load_n((bool *)data, __ATOMIC_RELAXED))
		trial_run(&a, &live_root, &t);
	return NULL;
}

static void test_threads(void **state)
{
	(void)state;
	struct attempt a = attempt_to("127.0.0.1");
	bool enough = false;
	pthread_t other;
	assert_int_equal(pthread_create(&other, NULL, bind_on_and_on, &enough), 0);
	for (int i = 0; i < 500; i++)
		expect_lookup(&a, 0, RT_TABLE_LOCAL, 0, "lo");
	__atomic_store_n(&enough, true, __ATOMIC_RELAXED);
	pthread_join(other, NULL);
}

// Many times the ring's size.
static void test_ring(void **state)
{
	(void)state;
	struct attempt local = attempt_to("127.0.0.1"), far = attempt_to("198.51.100.1");
	for (int i = 0; i < 2000; i++) {
		expect_lookup(&local, 0, RT_TABLE_LOCAL, 0, "lo");
		expect_lookup(&far, EADDRNOTAVAIL, RT_TABLE_LOCAL, -EAGAIN, "");
	}
}

static void check_walk(struct host *h, const char *addr, unsigned lookups, const char *device)
{
	static struct walk w;
	struct attempt a = attempt_to(addr);
	struct trial t;
	struct seen s;
	decide(live_facts(h, false), &a, &w);
	assert_int_equal(witness_trial(witness, &a, &live_root, &t, &s), 0);
	merge_bind(&t, &s, h, &w);
	const struct claim *c = &walk_find(&w, STEP_CLASSIFY)->claims[EV_KERNEL];
	assert_true(c->present);
	assert_false(c->contradicts);
	assert_int_equal(c->count, lookups);
	assert_int_equal(c->oif, device ? if_nametoindex(device) : 0);
	assert_int_equal(w.agreement, AGREES);
	if (lookups) { // a kernel that did otherwise is not overheard
		s.lookups[0].table = RT_TABLE_MAIN;
		merge_bind(&t, &s, h, &w);
		assert_true(c->contradicts);
		assert_int_equal(w.agreement, DISAGREES);
	}
	s.lookups4 = lookups ? 0 : 1;
	s.others4 = lookups ? 0 : 1;
	merge_bind(&t, &s, h, &w);
	assert_true(c->contradicts);
}

static void test_merge(void **state)
{
	(void)state;
	struct observer *o;
	struct host *h;
	char err[256];
	assert_int_equal(observe_open(&o, err, sizeof err), 0);
	assert_int_equal(observe_read(o, &h, err, sizeof err), 0);
	check_walk(h, "192.0.2.2", 1, "eth0");
	check_walk(h, "198.51.100.1", 1, NULL);
	check_walk(h, "::ffff:127.0.0.1", 1, "lo");
	check_walk(h, "224.0.0.1", 0, NULL);
	check_walk(h, "2001:db8::2", 0, NULL);

	// Incomplete traces are not evidence.
	static struct walk w;
	const struct trial t = {.call = CALL_BIND};
	struct attempt a = attempt_to("127.0.0.1");
	decide(live_facts(h, false), &a, &w);
	const struct claim *c = &walk_find(&w, STEP_CLASSIFY)->claims[EV_KERNEL];
	merge_bind(&t, &(struct seen){.binds = 1, .points = true, .lost = 1}, h, &w);
	assert_false(c->present);
	assert_non_null(strstr(w.unwitnessed, "lost"));
	merge_bind(&t, &(struct seen){.points = true, .lost = 1}, h, &w);
	assert_false(c->present);
	assert_null(w.unwitnessed);
	merge_bind(&t, &(struct seen){.binds = 1, .points = true, .others4 = 1}, h, &w);
	assert_false(c->present);
	assert_non_null(strstr(w.unwitnessed, "different address"));
	a = attempt_to("2001:db8::2");
	decide(live_facts(h, false), &a, &w);
	merge_bind(&t, &(struct seen){.binds = 1, .points = true}, h, &w);
	assert_false(c->present);
	assert_non_null(strstr(w.unwitnessed, "fib6"));
	host_free(h);
	observe_close(o);
}

// BPF programs on the same tracepoints, such as another Bindwalk's, hide nothing from us.
static void test_beside(void **state)
{
	(void)state;
	const struct bind_probe_how how = {.tracepoints = true};
	struct attempt local = attempt_to("127.0.0.1");
	struct bind_probe *p;
	char err[PROBE_ERROR];
	if (bind_probe_open(&how, &p, err, sizeof err) < 0) {
		print_message("# SKIP no BPF program on tracepoints: %s\n", err);
		skip();
	}
	bind_probe_on(p, true);
	expect_lookup(&local, 0, RT_TABLE_LOCAL, 0, "lo");
	bind_probe_close(p);
}

enum { MAGIC_LENGTH = 77, FLOOD = 1000 };

// Where the trial's bind would be, a thousand others.
static void flood(int number)
{
	(void)number;
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (int i = 0; i < FLOOD; i++)
		if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 && errno != EINVAL)
			_exit(4);
	close(fd);
}

// A ring that overflows in the middle of a bind, and has no room left to say so.
static void test_lost(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct sock_filter code[] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bind, 0, 3),
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAGIC_LENGTH, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		};
		struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
		struct witness *w;
		struct trial t;
		struct seen s;
		char err[WITNESS_ERROR];
		if (witness_open(&w, err, sizeof err) < 0)
			_exit(2);
		if (signal(SIGSYS, flood) == SIG_ERR || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
			_exit(3);
		struct attempt a = attempt_to("127.0.0.1");
		a.addrlen = MAGIC_LENGTH;
		bool lost = witness_trial(w, &a, &live_root, &t, &s) == 0 && s.lost > 0;
		a.addrlen = ADDRLEN_WHOLE;
		// The next one hears of it late, and the one after that sees everything.
		bool recovers = witness_trial(w, &a, &live_root, &t, &s) == 0 && t.err == 0 &&
				witness_trial(w, &a, &live_root, &t, &s) == 0 && !s.lost && s.bind_known &&
				s.lookups4 == 1;
		witness_close(w);
		_exit(lost && recovers ? 0 : !lost ? 5 : 6);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_nobody(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct witness *w;
		char err[WITNESS_ERROR] = "";
		if (setgid(NOBODY) < 0 || setuid(NOBODY) < 0)
			_exit(2);
		int code = witness_open(&w, err, sizeof err);
		bool refused = (code == -EPERM || code == -EACCES) && !w;
		_exit(refused && strstr(err, "CAP_PERFMON") && !strchr(err, '\n') ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static size_t read_file(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	size_t n = fread(buf, 1, len - 1, f);
	fclose(f);
	buf[n] = '\0';
	return n;
}

// The descriptors are all that there is: nothing is mounted, and a killed witness takes everything along.
static void test_nothing_left(void **state)
{
	(void)state;
	static char before[65536], during[65536], after[65536];
	int status, ready[2];
	char byte;
	// What others mount meanwhile is nothing of ours.
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0) {
		print_message("# the root is no mount that could be made private, as in a chroot: %s\n",
			      strerror(errno));
		skip();
	}
	read_file("/proc/self/mountinfo", before, sizeof before);
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		struct witness *w;
		char err[WITNESS_ERROR];
		byte = witness_open(&w, err, sizeof err) == 0;
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 1);
	read_file("/proc/self/mountinfo", during, sizeof during);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	read_file("/proc/self/mountinfo", after, sizeof after);
	assert_string_equal(before, during);
	assert_string_equal(before, after);
	close(ready[0]);
	close(ready[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookups),      cmocka_unit_test(test_no_lookup), cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_second_bind),  cmocka_unit_test(test_vrf),       cmocka_unit_test(test_threads),
		cmocka_unit_test(test_error_routes), cmocka_unit_test(test_ring),      cmocka_unit_test(test_beside),
		cmocka_unit_test(test_merge),        cmocka_unit_test(test_lost),      cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_nothing_left),
	};
	char err[WITNESS_ERROR];
	if (!live_enter())
		return 0;
	if (witness_open(&witness, err, sizeof err) < 0) {
		printf("1..0 # SKIP %s\n", err);
		return 0;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	witness_close(witness);
	return failed;
}
