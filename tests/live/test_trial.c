// SPDX-License-Identifier: GPL-3.0-or-later
// Live binds in a lab: every call with its result, and nothing left behind.
#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/evidence/merge.h"
#include "core/evidence/stand_in.h"
#include "core/evidence/trial.h"
#include "core/model/decide.h"
#include "core/observe/credentials.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"

static struct trial run(const struct attempt *a)
{
	struct trial t;
	assert_int_equal(trial_run(a, &live_root, &t), 0);
	return t;
}

static struct trial run_low(const struct attempt *a)
{
	struct trial t;
	assert_int_equal(trial_run(a, &live_low, &t), 0);
	return t;
}

static struct attempt attempt_to(const char *addr)
{
	struct addr a = live_addr(addr);
	return attempt_new(&a);
}

static void set(struct attempt *a, const char *text)
{
	struct setting s;
	char err[256];
	assert_int_equal(setting_parse(text, &s, err, sizeof err), 0);
	assert_int_equal(attempt_set(a, &s), 0);
}

static void expect(const struct attempt *a, enum call call, int err)
{
	struct trial t = run(a);
	assert_int_equal(t.err, err);
	assert_int_equal(t.call, call);
}

static void test_success(void **state)
{
	(void)state;
	static const enum call calls[] = {CALL_SOCKET, CALL_BIND, CALL_GETSOCKNAME, CALL_CLOSE};
	struct attempt a = attempt_to("127.0.0.1");
	struct trial t = run(&a);

	assert_int_equal(t.err, 0);
	assert_int_equal(t.call, CALL_BIND);
	assert_int_equal(t.ncalls, 4);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(t.calls[i].call, calls[i]);
		assert_int_equal(t.calls[i].err, 0);
	}
	assert_true(addr_equal(&t.local, &a.addr));
	assert_int_not_equal(t.port, 0);
	assert_true(t.device_known);
	assert_int_equal(t.device, 0);
}

static void test_kinds(void **state)
{
	(void)state;
	struct attempt a = attempt_to("127.0.0.1"), b = attempt_to("::1");
	static const enum kind kinds[] = {KIND_TCP, KIND_UDP, KIND_RAW};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		a.kind = b.kind = kinds[i];
		expect(&a, CALL_BIND, 0);
		expect(&b, CALL_BIND, 0);
	}
	// The lab may be any user's, yet its root has the right to raw sockets; without it, it is the socket that is
	// refused.
	a.kind = KIND_RAW;
	struct trial t = run_low(&a);
	assert_int_equal(t.call, CALL_SOCKET);
	assert_int_equal(t.err, EPERM);
	assert_int_equal(t.ncalls, 1);
}

static void test_refusal_and_freebind(void **state)
{
	(void)state;
	struct attempt a = attempt_to("192.168.123.123");
	struct trial t = run(&a);

	assert_int_equal(t.call, CALL_BIND);
	assert_int_equal(t.err, EADDRNOTAVAIL);
	assert_int_equal(t.ncalls, 3);
	assert_int_equal(t.calls[1].ret, -1);
	assert_int_equal(t.calls[2].call, CALL_CLOSE);
	set(&a, "freebind");
	t = run(&a);
	assert_int_equal(t.err, 0);
	assert_int_equal(t.calls[1].call, CALL_SETSOCKOPT);
	assert_true(addr_equal(&t.local, &a.addr));
	// In the order of the list: the last one counts.
	set(&a, "freebind=0");
	t = run(&a);
	assert_int_equal(t.err, EADDRNOTAVAIL);
	assert_int_equal(t.calls[2].call, CALL_SETSOCKOPT);
	assert_int_equal(t.calls[2].setting, 1);
}

static void test_mapped(void **state)
{
	(void)state;
	struct attempt a = attempt_to("::ffff:192.168.123.123");
	expect(&a, CALL_BIND, EADDRNOTAVAIL);
	set(&a, "freebind");
	struct trial t = run(&a);
	assert_int_equal(t.err, 0);
	assert_true(addr_equal(&t.local, &a.addr));
	set(&a, "v6only");
	expect(&a, CALL_BIND, EINVAL);
}

static void read_caps(struct __user_cap_data_struct data[static 2])
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	assert_int_equal(syscall(SYS_capget, &head, data), 0);
}

static void test_unprivileged(void **state)
{
	(void)state;
	struct __user_cap_data_struct before[2] = {0}, after[2] = {0};
	struct attempt a = attempt_to("192.168.123.123");

	set(&a, "transparent");
	expect(&a, CALL_BIND, 0);
	read_caps(before);
	struct trial t = run_low(&a);
	read_caps(after);
	assert_int_equal(t.call, CALL_SETSOCKOPT);
	assert_int_equal(t.err, EPERM);
	assert_int_equal(t.calls[t.ncalls - 1].call, CALL_CLOSE);
	assert_memory_equal(before, after, sizeof before);
	expect(&a, CALL_BIND, 0);

	// The address is judged before the port on IPv4, and after it on IPv6.
	struct attempt v4 = attempt_to("192.168.123.123"), v6 = attempt_to("2001:db8:123::1");
	v4.port = v6.port = 80;
	assert_int_equal(run_low(&v4).err, EADDRNOTAVAIL);
	assert_int_equal(run_low(&v6).err, EACCES);
}

// What a process has.
struct sets {
	uint64_t uid, effective, permitted, inheritable, ambient, bounding;
};

// A stand_in_fn.
static int read_own(const void *data, void *result)
{
	(void)data;
	struct credentials own;
	int rc = credentials_read(0, &own);
	const struct sets now = {own.uid[ID_EFFECTIVE], own.effective, own.permitted,
				 own.inheritable,       own.ambient,   own.bounding};
	*(struct sets *)result = now;
	return rc;
}

// The process that binds is in that state, in each of its sets.
static void test_sets(void **state)
{
	(void)state;
	const uint64_t service = UINT64_C(1) << CAP_NET_BIND_SERVICE;
	struct host none = {0};
	struct caller c;
	struct sets is;
	struct trial t;
	assert_int_equal(caller_read(0, &none, &c), 0);
	struct attempt a = live_attempt("127.0.0.1", 80);
	for (int how = UNPRIVILEGED_ON; how <= UNPRIVILEGED_AMBIENT; how++) {
		const struct caller low = caller_lowered(&c, (enum unprivileged)how);
		uint64_t has = how == UNPRIVILEGED_AMBIENT ? service : 0;
		assert_int_equal(stand_in_lowered(&low, read_own, NULL, &is, sizeof is), 0);
		assert_int_equal(is.uid, low.uid);
		assert_true(is.effective == has && is.permitted == has && is.ambient == has);
		assert_true(is.inheritable == has || how == UNPRIVILEGED_ON);
		assert_true((is.bounding == service) == (how != UNPRIVILEGED_ON));
		assert_int_equal(trial_run(&a, &low, &t), 0);
		assert_int_equal(t.err, has ? 0 : EACCES);
	}
	assert_int_equal(trial_run(&a, &c, &t), 0); // and nothing of it stays with us
	assert_int_equal(t.err, 0);
}

static void test_scope(void **state)
{
	(void)state;
	uint32_t eth0 = if_nametoindex("eth0");
	struct attempt a = attempt_to("fe80::2");

	expect(&a, CALL_BIND, EINVAL);
	set(&a, "freebind");
	expect(&a, CALL_BIND, EINVAL);
	a = attempt_to("fe80::2");
	a.scope = eth0;
	struct trial t = run(&a);
	assert_int_equal(t.err, 0);
	assert_int_equal(t.scope, eth0);
	assert_int_equal(t.device, eth0);
	// The scope ties the socket to its device even though the address is refused after it.
	a = attempt_to("fe80::99");
	a.scope = eth0;
	t = run(&a);
	assert_int_equal(t.err, EADDRNOTAVAIL);
	assert_true(t.device_known);
	assert_int_equal(t.device, eth0);
}

static void test_device(void **state)
{
	(void)state;
	struct attempt a = attempt_to("127.0.0.1");
	set(&a, "device=eth0");
	struct trial t = run(&a);
	assert_int_equal(t.err, 0);
	assert_int_equal(t.device, if_nametoindex("eth0"));

	a = attempt_to("127.0.0.1");
	set(&a, "device=nosuch");
	expect(&a, CALL_SETSOCKOPT, ENODEV);
	a = attempt_to("127.0.0.1");
	set(&a, "ifindex=999");
	t = run(&a);
	assert_int_equal(t.err, 0);
	assert_int_equal(t.device, 999);
}

static void test_port_range(void **state)
{
	(void)state;
	struct utsname uts;
	struct kernel k;
	struct attempt a = attempt_to("127.0.0.1");

	assert_int_equal(uname(&uts), 0);
	assert_int_equal(kernel_parse(uts.release, &k), 0);
	kernel_refine(&k, uts.version);
	set(&a, "portrange=50000-50003");
	struct trial t = run(&a);
	if (!kernel_has(&k, TRAIT_PORT_RANGE)) {
		assert_int_equal(t.err, ENOPROTOOPT);
		return;
	}
	assert_int_equal(t.err, 0);
	assert_true(t.port >= 50000 && t.port <= 50003);
}

static void test_twice(void **state)
{
	(void)state;
	struct attempt a = attempt_to("127.0.0.1");
	a.binds = 2;
	struct trial t = run(&a);
	assert_int_equal(t.err, EINVAL);
	assert_int_equal(t.calls[1].err, 0);
	assert_int_equal(t.calls[2].call, CALL_BIND);
	assert_int_equal(t.calls[2].err, EINVAL);
	a = attempt_to("192.168.123.123");
	a.binds = 2;
	t = run(&a);
	assert_int_equal(t.err, EADDRNOTAVAIL);
	assert_int_equal(t.calls[2].call, CALL_CLOSE);
}

static void test_corners(void **state)
{
	(void)state;
	struct attempt a = attempt_to("0.0.0.0");
	a.sa_family = AF_UNSPEC;
	expect(&a, CALL_BIND, 0);
	a.sa_family = 99;
	expect(&a, CALL_BIND, EAFNOSUPPORT);
	a = attempt_to("127.0.0.1");
	a.addrlen = 4;
	expect(&a, CALL_BIND, EINVAL);
	a = attempt_to("127.0.0.1");
	a.sa_family = AF_UNSPEC;
	expect(&a, CALL_BIND, EAFNOSUPPORT);
}

static void record(bool before, void *data)
{
	char *marks = data;
	strcat(marks, before ? "(" : ")");
	errno = EBADMSG; // the work around the bind must not show in the result
}

static void test_around(void **state)
{
	(void)state;
	char marks[16] = "";
	struct trial t;
	struct attempt a = attempt_to("192.168.123.123");
	assert_int_equal(trial_run_around(&a, &live_root, &t, record, marks), 0);
	assert_string_equal(marks, "()");
	assert_int_equal(t.err, EADDRNOTAVAIL);
	// Never reached: nothing to watch.
	set(&a, "device=nosuch");
	assert_int_equal(trial_run_around(&a, &live_root, &t, record, marks), 0);
	assert_string_equal(marks, "()");
}

static unsigned open_files(void)
{
	unsigned n = 0;
	DIR *d = opendir("/proc/self/fd");
	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void test_nothing_left(void **state)
{
	(void)state;
	struct attempt good = attempt_to("127.0.0.1"), bad = attempt_to("192.168.123.123"), refused = good;
	set(&refused, "device=nosuch");
	unsigned before = open_files();
	for (int i = 0; i < 10; i++) {
		run(&good);
		run(&bad);
		run(&refused);
	}
	assert_int_equal(open_files(), before);
}

static void test_no_descriptor(void **state)
{
	(void)state;
	struct rlimit old, low;
	struct trial t;
	struct attempt a = attempt_to("127.0.0.1");

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	low = (struct rlimit){.rlim_cur = 0, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	int err = trial_run(&a, &live_root, &t);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(err, -EMFILE);
}

__attribute__((format(printf, 4, 5))) static void expect_print(const struct attempt *a, const struct trial *t,
							       unsigned call, const char *fmt, ...)
{
	char got[512], want[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(want, sizeof want, fmt, args);
	va_end(args);
	assert_string_equal(trial_call_print(a, t, call, got, sizeof got), want);
}

static void test_print(void **state)
{
	(void)state;
	char cut[8];
	struct attempt a = attempt_to("192.168.123.123");
	set(&a, "freebind");
	set(&a, "device=lo");
	struct trial t = run(&a);
	int fd = t.calls[0].ret;
	expect_print(&a, &t, 0, "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = %d", fd);
	expect_print(&a, &t, 1, "setsockopt(%d, SOL_IP, IP_FREEBIND, [1], 4) = 0", fd);
	expect_print(&a, &t, 2, "setsockopt(%d, SOL_SOCKET, SO_BINDTODEVICE, \"lo\", 2) = 0", fd);
	expect_print(
		&a, &t, 3,
		"bind(%d, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr(\"192.168.123.123\")}, 16) = 0",
		fd);
	expect_print(&a, &t, 4,
		     "getsockname(%d, {sa_family=AF_INET, sin_port=htons(%d), "
		     "sin_addr=inet_addr(\"192.168.123.123\")}, [16]) = 0",
		     fd, t.port);
	expect_print(&a, &t, 5, "close(%d) = 0", fd);
	assert_string_equal(trial_call_print(&a, &t, 0, cut, sizeof cut), "socket(");
	assert_string_equal(trial_call_print(&a, &t, 99, cut, sizeof cut), "");

	a = attempt_to("2001:db8:123::1");
	a.kind = KIND_UDP;
	a.port = 53;
	a.scope = 7;
	t = run(&a);
	expect_print(&a, &t, 0, "socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_UDP) = %d", t.calls[0].ret);
	expect_print(&a, &t, 1,
		     "bind(%d, {sa_family=AF_INET6, sin6_port=htons(53), inet_pton(AF_INET6, \"2001:db8:123::1\", "
		     "&sin6_addr), sin6_scope_id=7}, 28) = -1 EADDRNOTAVAIL (Cannot assign requested address)",
		     t.calls[0].ret);
}

// The model, the live bind, and the merge of both.
static void walk_it(const struct host *h, const struct attempt *a, struct walk *w)
{
	struct trial t = run(a);
	decide(live_facts(h, false), a, w);
	merge_bind(&t, NULL, NULL, w);
}

// Where a datagram to 127.0.0.1 comes from that is sent by a socket bound to a broadcast address: 0, or the errno of
// sending.
static int send_from(const char *bound, const char *to, char text[static ADDR_TEXT])
{
	struct attempt from = attempt_to(bound), there = attempt_to(to);
	struct sockaddr_storage sa;
	struct sockaddr_in four = {0};
	socklen_t len = sizeof sa;
	int sender = socket(from.family, SOCK_DGRAM, 0), receiver = socket(AF_INET, SOCK_DGRAM, 0);
	four.sin_family = AF_INET;
	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(receiver, (struct sockaddr *)&four, sizeof four), 0);
	assert_int_equal(getsockname(receiver, (struct sockaddr *)&sa, &len), 0);
	memcpy(&four, &sa, sizeof four);
	unsigned size = attempt_sockaddr(&from, &sa);
	assert_int_equal(bind(sender, (struct sockaddr *)&sa, size), 0);
	there.port = ntohs(four.sin_port);
	size = attempt_sockaddr(&there, &sa);
	int err = sendto(sender, "x", 1, 0, (struct sockaddr *)&sa, size) < 0 ? errno : 0;
	char byte;
	len = sizeof four;
	if (!err)
		assert_int_equal(recvfrom(receiver, &byte, 1, 0, (struct sockaddr *)&four, &len), 1);
	struct addr seen = addr_from_v4(ntohl(four.sin_addr.s_addr));
	addr_print(&seen, text);
	close(sender);
	close(receiver);
	return err;
}

// IPv4 does not send from a broadcast address; as a v4-mapped one it becomes the source, from which nothing can be
// sent.
static void test_source(void **state)
{
	(void)state;
	struct observer *o;
	struct host *h;
	struct walk w;
	char err[256], text[ADDR_TEXT];
	assert_int_equal(observe_open(&o, err, sizeof err), 0);
	assert_int_equal(observe_read(o, &h, err, sizeof err), 0);
	for (int mapped = 0; mapped < 2; mapped++) {
		const char *bound = mapped ? "::ffff:127.255.255.255" : "127.255.255.255";
		struct attempt a = attempt_to(bound);
		a.kind = KIND_UDP;
		decide(live_facts(h, false), &a, &w);
		assert_int_equal(w.predicted.err, 0);
		assert_int_equal(w.predicted.source_any, !mapped);
		int sent = send_from(bound, mapped ? "::ffff:127.0.0.1" : "127.0.0.1", text);
		if (mapped)
			assert_int_not_equal(sent, 0);
		else
			assert_string_equal(text, "127.0.0.1");
	}
	host_free(h);
	observe_close(o);
}

static void test_merge(void **state)
{
	(void)state;
	struct observer *o;
	struct host *h;
	char err[256];
	static struct walk w;

	assert_int_equal(observe_open(&o, err, sizeof err), 0);
	assert_int_equal(observe_read(o, &h, err, sizeof err), 0);
	struct attempt a = attempt_to("192.168.123.123");
	walk_it(h, &a, &w);
	assert_true(w.observed.present);
	assert_int_equal(w.observed.err, EADDRNOTAVAIL);
	assert_int_equal(w.agreement, AGREES);
	set(&a, "freebind");
	walk_it(h, &a, &w);
	assert_int_equal(w.observed.err, 0);
	assert_true(addr_equal(&w.observed.local, &a.addr));
	assert_int_equal(w.agreement, AGREES);
	unsigned seen = 0;
	for (unsigned i = 0; i < w.nsteps; i++)
		if (w.steps[i].step == STEP_SOCKET || w.steps[i].step == STEP_SETSOCKOPT)
			seen += w.steps[i].claims[EV_SYSCALL].present && !w.steps[i].claims[EV_SYSCALL].contradicts;
	assert_int_equal(seen, 2);

	// A host that changed under the model's feet must show as a disagreement.
	struct changer *c;
	struct prefix anyip = live_prefix("192.168.123.0/24");
	a = attempt_to("192.168.123.123");
	assert_int_equal(change_open(&c), 0);
	assert_int_equal(change_route(c, true, "lo", &(struct edit_route){.dst = anyip, .type = RTN_LOCAL}), 0);
	walk_it(h, &a, &w);
	assert_int_equal(w.observed.err, 0);
	assert_int_equal(w.agreement, DISAGREES);
	assert_int_equal(change_route(c, false, "lo", &(struct edit_route){.dst = anyip, .type = RTN_LOCAL}), 0);
	change_close(c);
	host_free(h);
	observe_close(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_success),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_refusal_and_freebind),
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_unprivileged),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_port_range),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_corners),
		cmocka_unit_test(test_around),
		cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_no_descriptor),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_merge),
	};
	if (!live_enter())
		return 0;
	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
