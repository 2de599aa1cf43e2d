// SPDX-License-Identifier: GPL-3.0-or-later
// The programs inside the kernel, on real binds: which functions ran, with which arguments, and what they returned.
// Opening takes a second in an emulated guest, so few are opened.
// clang-format off
#include "tests/live/live.h"
// clang-format on

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>
#include <linux/userfaultfd.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/change/change.h"
#include "core/evidence/bind_probe.h"
#include "core/evidence/bind_record.h"
#include "core/evidence/trial.h"

#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

static struct bind_probe *probe;

// What was read last.
static struct bind_record record;
static unsigned records;

static void take(void *data, const struct bind_record *r, size_t len)
{
	(void)data;
	assert_true(len >= offsetof(struct bind_record, calls) + r->ncalls * sizeof r->calls[0]);
	assert_true(len <= sizeof record);
	memset(&record, 0, sizeof record);
	memcpy(&record, r, len);
	records++;
}

static unsigned read_all(struct bind_probe *p)
{
	records = 0;
	assert_true(bind_probe_read(p, take, NULL) >= 0);
	return records;
}

// The only record.
static void read_one(struct bind_probe *p)
{
	assert_int_equal(read_all(p), 1);
}

static bool watched(struct bind_probe *p, enum kernel_function f)
{
	return bind_probe_sets(p).watched >> f & 1;
}

static const struct call_record *call_of(enum kernel_function f)
{
	for (int i = 0; i < record.ncalls; i++)
		if (record.calls[i].function == (int)f)
			return &record.calls[i];
	return NULL;
}

static int64_t returned(enum kernel_function f)
{
	const struct call_record *c = call_of(f);
	assert_non_null(c);
	return c->returned;
}

static int bind_once(struct bind_probe *p, const struct attempt *a)
{
	struct trial t;
	bind_probe_on(p, true);
	assert_int_equal(trial_run(a, &live_root, &t), 0);
	bind_probe_on(p, false);
	assert_int_equal(t.call, CALL_BIND);
	read_one(p);
	assert_int_equal(record.returned, -t.err);
	assert_int_equal(returned(KF___sys_bind), -t.err);
	return t.err;
}

static void route(const char *prefix, uint8_t type, const char *dev, bool add)
{
	struct edit_route r = {.dst = live_prefix(prefix), .type = type};
	struct changer *c;
	assert_int_equal(change_open(&c), 0);
	assert_int_equal(change_route(c, add, dev, &r), 0);
	change_close(c);
}

// The binds of the founding article: the type of the address that inet_addr_type_table() gives, or whether
// __ipv6_chk_addr_and_flags() finds it; NONE where it does not run.
enum { NONE = -1 };

static void expect_bind(struct bind_probe *p, const char *addr, bool freebind, int value, int err)
{
	struct attempt a = live_attempt(addr, 8080);
	if (freebind)
		assert_int_equal(attempt_toggle(&a, a.family == AF_INET6 ? OPT_FREEBIND6 : OPT_FREEBIND), 0);
	assert_int_equal(bind_once(p, &a), err);
	enum kernel_function f = a.family == AF_INET6 ? KF___ipv6_chk_addr_and_flags : KF_inet_addr_type_table;
	assert_true(watched(p, f));
	if (value == NONE) {
		assert_int_equal(record.counts[f], 0);
		assert_int_equal(record.counts[KF_ipv6_chk_addr], 0);
		assert_null(call_of(f));
		return;
	}
	const struct call_record *c = call_of(f);
	assert_int_equal(record.counts[f], 1);
	assert_non_null(c);
	assert_int_equal(c->returned, value);
	assert_memory_equal(c->addr, a.addr.bytes, a.family == AF_INET6 ? 16 : 4);
	assert_int_equal(c->table, a.family == AF_INET6 ? 0 : RT_TABLE_LOCAL);
}

static void expect_article(struct bind_probe *p)
{
	expect_bind(p, "0.0.0.0", false, RTN_BROADCAST, 0);
	expect_bind(p, "127.0.0.1", false, RTN_LOCAL, 0);
	expect_bind(p, "192.168.123.123", false, RTN_UNICAST, EADDRNOTAVAIL);
	expect_bind(p, "192.168.123.123", true, RTN_UNICAST, 0);
	expect_bind(p, "2001:db8:123::1", false, 0, EADDRNOTAVAIL);
	expect_bind(p, "2001:db8:123::1", true, NONE, 0);
	expect_bind(p, "::1", false, 1, 0);
	route("192.168.123.0/24", RTN_LOCAL, "lo", true);
	route("2001:db8:123::/64", RTN_LOCAL, "lo", true);
	expect_bind(p, "192.168.123.123", false, RTN_LOCAL, 0);
	expect_bind(p, "2001:db8:123::1", false, 0, EADDRNOTAVAIL);
	route("192.168.123.0/24", RTN_LOCAL, "lo", false);
	route("2001:db8:123::/64", RTN_LOCAL, "lo", false);
}

static void test_article(void **state)
{
	(void)state;
	route("0.0.0.0/0", RTN_UNICAST, "eth0", true);
	expect_article(probe);
	route("0.0.0.0/0", RTN_UNICAST, "eth0", false);
}

// What the lookup itself found.
static void test_lookup(void **state)
{
	(void)state;
	struct attempt local = live_attempt("192.0.2.2", 0), broadcast = live_attempt("192.0.2.255", 0),
		       far = live_attempt("198.51.100.1", 0), any = live_attempt("0.0.0.0", 0);
	local.kind = broadcast.kind = far.kind = any.kind = KIND_UDP;
	assert_int_equal(bind_once(probe, &local), 0);
	const struct call_record *c = call_of(KF_fib_table_lookup);
	assert_non_null(c);
	assert_int_equal(c->returned, 0);
	assert_int_equal(c->table, RT_TABLE_LOCAL);
	assert_int_equal(c->rtn, RTN_LOCAL);
	assert_int_equal(c->len, 32);
	assert_int_equal(bind_once(probe, &broadcast), 0);
	assert_int_equal(call_of(KF_fib_table_lookup)->rtn, RTN_BROADCAST);
	assert_int_equal(bind_once(probe, &far), EADDRNOTAVAIL);
	assert_int_equal(returned(KF_fib_table_lookup), -EAGAIN);
	assert_int_equal(bind_once(probe, &any), 0);
	assert_int_equal(record.counts[KF_fib_table_lookup], 0);
}

// What runs for a socket of that kind and no other, when it is bound to a local address.
static const struct {
	enum kind kind;
	enum kernel_function v4[2], v6[2];
} own[] = {
	{KIND_TCP, {KF_inet_csk_get_port, KF_inet_csk_get_port}, {KF_inet_csk_get_port, KF_inet_csk_get_port}},
	{KIND_UDP, {KF_udp_v4_get_port, KF_udp_lib_get_port}, {KF_udp_v6_get_port, KF_udp_lib_get_port}},
	{KIND_RAW, {KF_raw_bind, KF_raw_bind}, {KF_rawv6_bind, KF_rawv6_bind}},
	{KIND_PING, {KF_ping_bind, KF_ping_get_port}, {KF_ping_bind, KF_ping_get_port}},
	{KIND_UDPLITE, {KF_udp_v4_get_port, KF_udp_lib_get_port}, {KF_udp_v6_get_port, KF_udp_lib_get_port}},
	{KIND_MPTCP, {KF_mptcp_bind, KF_inet_csk_get_port}, {KF_mptcp_bind, KF_inet_csk_get_port}},
	// sctp_v4_available() is inlined in most kernels where an IPv4 socket calls it.
	{KIND_SCTP, {KF_sctp_do_bind, KF_sctp_do_bind}, {KF_sctp_do_bind, KF_sctp_v6_available}},
};

// Of the functions that tell kinds apart, exactly those of this one ran.
static void expect_own(const enum kernel_function mine[2])
{
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		for (int j = 0; j < 4; j++) {
			enum kernel_function f = j < 2 ? own[i].v4[j] : own[i].v6[j - 2];
			bool expected = mine[0] == f || mine[1] == f, ran = record.counts[f];
			if (watched(probe, f) && ran != expected)
				print_error("%s ran %u times\n", kernel_function_info(f)->name, record.counts[f]);
			assert_true(!watched(probe, f) || ran == expected);
		}
	}
}

static void test_kinds(void **state)
{
	(void)state;
	unsigned tried = 0;
	change_sysctl("net.ipv4.ping_group_range", "0 0");
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		for (int six = 0; six < 2; six++) {
			struct attempt a = live_attempt(six ? "2001:db8::2" : "192.0.2.2", 8080);
			struct trial t;
			a.kind = own[i].kind;
			assert_int_equal(trial_run(&a, &live_root, &t), 0);
			if (t.call != CALL_BIND) // a kind that this kernel does not have
				continue;
			assert_int_equal(bind_once(probe, &a), 0);
			assert_int_equal(record.got_socket, 1);
			assert_int_equal(record.family, a.family);
			assert_int_equal(record.type, kind_info(a.kind)->sock_type);
			expect_own(six ? own[i].v6 : own[i].v4);
			tried++;
		}
	}
	assert_true(tried >= 8);
}

// A mapped address is one of IPv4 from the lookup on.
static void test_mapped(void **state)
{
	(void)state;
	struct attempt a = live_attempt("::ffff:192.0.2.2", 0);
	assert_int_equal(bind_once(probe, &a), 0);
	const struct call_record *c = call_of(KF_inet_addr_type_dev_table);
	assert_non_null(c);
	assert_int_equal(c->returned, RTN_LOCAL);
	assert_int_equal(c->address, 4);
	assert_memory_equal(c->addr, a.addr.bytes + 12, 4);
	assert_int_equal(record.counts[KF___ipv6_chk_addr_and_flags], 0);
}

// Children return before their parents.
static void test_order(void **state)
{
	(void)state;
	static const enum kernel_function order[] = {
		KF_security_socket_bind, KF_fib_table_lookup, KF_inet_addr_type_table, KF_inet_csk_get_port,
		KF___inet_bind,          KF_inet_bind,        KF___sys_bind,
	};
	struct attempt a = live_attempt("127.0.0.1", 8080);
	assert_int_equal(bind_once(probe, &a), 0);
	size_t at = 0;
	uint32_t ns = 0;
	for (int i = 0; i < record.ncalls; i++) {
		assert_true(record.calls[i].ns >= ns);
		ns = record.calls[i].ns;
		if (at < sizeof order / sizeof *order && record.calls[i].function == (int)order[at])
			at++;
	}
	assert_int_equal(at, sizeof order / sizeof *order);
	assert_int_equal(record.calls[record.ncalls - 1].function, KF___sys_bind);
	assert_true(record.ns >= ns);
}

// A socket with one option, bound to the loopback address.
static void expect_option(int family, int level, int option, const void *value, socklen_t len, unsigned bit)
{
	union {
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} s = {.in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT}};
	if (family == AF_INET)
		s.in = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	int off = 0, set = option ? setsockopt(fd, level, option, value, len) : 0;
	if (family == AF_INET6 && !(level == SOL_IPV6 && option == IPV6_V6ONLY))
		assert_int_equal(setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &off, sizeof off), 0);
	if (set < 0 && errno == ENOPROTOOPT) { // newer than this kernel
		close(fd);
		return;
	}
	assert_int_equal(set, 0);
	bind_probe_on(probe, true);
	int bound = bind(fd, (struct sockaddr *)&s, family == AF_INET ? sizeof s.in : sizeof s.in6);
	bind_probe_on(probe, false);
	close(fd);
	assert_int_equal(bound, 0);
	read_one(probe);
	if (record.options != bit)
		print_error("family %d, level %d, option %d\n", family, level, option);
	assert_int_equal(record.options, bit);
	assert_int_equal(record.device, level == SOL_SOCKET && option == SO_BINDTODEVICE ? if_nametoindex("lo") : 0);
	assert_int_equal(record.mark, level == SOL_SOCKET && option == SO_MARK ? *(const uint32_t *)value : 0);
	assert_int_equal(record.port_range,
			 level == SOL_IP && option == IP_LOCAL_PORT_RANGE ? *(const uint32_t *)value : 0);
}

static void expect_number(int family, int level, int option, uint32_t value, unsigned bit)
{
	expect_option(family, level, option, &value, sizeof value, bit);
}

static void test_options(void **state)
{
	(void)state;
	static const int families[] = {AF_INET, AF_INET6};
	for (int i = 0; i < 2; i++) {
		int family = families[i];
		expect_number(family, 0, 0, 0, 0);
		expect_number(family, SOL_IP, IP_FREEBIND, 1, SOCKET_FREEBIND);
		expect_number(family, SOL_IP, IP_TRANSPARENT, 1, SOCKET_TRANSPARENT);
		expect_number(family, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1, SOCKET_NOPORT);
		expect_number(family, SOL_IP, IP_LOCAL_PORT_RANGE, 50000u << 16 | 40000, 0);
		expect_number(family, SOL_SOCKET, SO_REUSEADDR, 1, SOCKET_REUSEADDR);
		expect_number(family, SOL_SOCKET, SO_REUSEPORT, 1, SOCKET_REUSEPORT);
		expect_number(family, SOL_SOCKET, SO_MARK, 0xfedcba98, 0);
		expect_option(family, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3, 0);
	}
	expect_number(AF_INET6, SOL_IPV6, IPV6_FREEBIND, 1, SOCKET_FREEBIND);
	expect_number(AF_INET6, SOL_IPV6, IPV6_TRANSPARENT, 1, SOCKET_TRANSPARENT);
	expect_number(AF_INET6, SOL_IPV6, IPV6_V6ONLY, 1, SOCKET_V6ONLY);
}

// Who bound, and with what.
static void test_who(void **state)
{
	(void)state;
	struct sockaddr_in s = {.sin_family = AF_INET, .sin_port = htons(8080)};
	struct stat netns;
	char name[16] = "";
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	s.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(stat("/proc/self/ns/net", &netns), 0);
	assert_int_equal(prctl(PR_GET_NAME, name), 0);
	bind_probe_on(probe, true);
	assert_int_equal(bind(fd, (struct sockaddr *)&s, sizeof s), 0);
	bind_probe_on(probe, false);
	close(fd);
	read_one(probe);
	assert_int_equal(record.pid, getpid());
	assert_int_equal(record.thread, gettid());
	assert_int_equal(record.uid, getuid());
	assert_string_equal(record.program, name);
	assert_true(record.netns == netns.st_ino);
	assert_int_equal(record.fd, fd);
	assert_int_equal(record.addrlen, sizeof s);
	assert_int_equal(record.got, sizeof s);
	assert_memory_equal(record.sockaddr, &s, sizeof s);
	assert_true(record.began > 0 && record.ns > 0);
}

static void expect_end(int fd, const void *addr, int addrlen, int err, bool socket_seen)
{
	bind_probe_on(probe, true);
	long rc = syscall(SYS_bind, fd, addr, addrlen);
	int code = errno;
	bind_probe_on(probe, false);
	assert_int_equal(rc, -1);
	assert_int_equal(code, err);
	read_one(probe);
	assert_int_equal(record.returned, -err);
	assert_int_equal(record.fd, fd);
	assert_int_equal(record.addrlen, addrlen);
	assert_int_equal(record.got_socket, socket_seen);
	assert_int_equal(call_of(KF___sys_bind)->number, fd);
	assert_int_equal(call_of(KF___sys_bind)->addrlen, addrlen);
}

// Binds that end before the network code sees them.
static void test_unreached(void **state)
{
	(void)state;
	struct sockaddr_in6 s = {.sin6_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	expect_end(-1, &s, sizeof(struct sockaddr_in), EBADF, false);
	expect_end(999, &s, sizeof(struct sockaddr_in), EBADF, false);
	expect_end(file, &s, sizeof(struct sockaddr_in), ENOTSOCK, false);
	assert_int_equal(record.got, sizeof(struct sockaddr_in));
	expect_end(fd, NULL, sizeof(struct sockaddr_in), EFAULT, false);
	assert_int_equal(record.got, 0);
	expect_end(fd, (const void *)-4096, 16, EFAULT, false);
	assert_int_equal(record.got, 0);
	expect_end(fd, &s, -1, EINVAL, false);
	assert_int_equal(record.got, 0);
	expect_end(fd, &s, INT_MIN, EINVAL, false);
	expect_end(fd, &s, INT_MAX, EINVAL, false);
	assert_true(record.got <= RECORD_SOCKADDR);
	expect_end(fd, &s, 129, EINVAL, false); // more than a sockaddr_storage
	// The socket sees these, and refuses them.
	expect_end(fd, &s, 0, EINVAL, true);
	assert_int_equal(record.got, 0);
	expect_end(fd, &s, 15, EINVAL, true);
	assert_int_equal(record.got, 15);
	s.sin6_family = AF_UNIX;
	expect_end(fd, &s, sizeof(struct sockaddr_in), EAFNOSUPPORT, true);
	close(fd);
	close(file);
}

enum { OTHERS = 20 };

static void other_binds(void)
{
	struct attempt a = live_attempt("127.0.0.77", 0);
	struct trial t;
	for (int i = 0; i < OTHERS; i++)
		assert_int_equal(trial_run(&a, &live_root, &t), 0);
}

static void *bind_in_thread(void *data)
{
	other_binds();
	return data;
}

static void expect_exit(pid_t child, int status)
{
	int is;
	assert_int_equal(waitpid(child, &is, 0), child);
	assert_true(WIFEXITED(is));
	assert_int_equal(WEXITSTATUS(is), status);
}

// Only the thread that opened it is watched.
static void test_own_thread(void **state)
{
	(void)state;
	struct bind_counts before = bind_probe_counts(probe);
	pthread_t other;
	bind_probe_on(probe, true);
	assert_int_equal(pthread_create(&other, NULL, bind_in_thread, NULL), 0);
	pthread_join(other, NULL);
	pid_t child = fork();
	if (child == 0) {
		other_binds();
		_exit(0);
	}
	expect_exit(child, 0);
	bind_probe_on(probe, false);
	assert_int_equal(read_all(probe), 0);
	struct attempt a = live_attempt("127.0.0.1", 0);
	assert_int_equal(bind_once(probe, &a), 0);
	assert_int_equal(bind_probe_counts(probe).seen, before.seen + 1);
	assert_int_equal(bind_probe_counts(probe).lost, 0);
}

// At rest it sees nothing.
static void test_rest(void **state)
{
	(void)state;
	other_binds();
	assert_int_equal(read_all(probe), 0);
}

// What BPF has in this kernel: programs, maps, links.
struct objects {
	unsigned programs, maps, links;
};

static unsigned count_ids(int command)
{
	union bpf_attr attr = {0};
	unsigned n = 0;
	while (syscall(SYS_bpf, command, &attr, sizeof attr) == 0) {
		attr.start_id = attr.next_id;
		n++;
	}
	return n;
}

static struct objects objects_now(void)
{
	return (struct objects){count_ids(BPF_PROG_GET_NEXT_ID), count_ids(BPF_MAP_GET_NEXT_ID),
				count_ids(BPF_LINK_GET_NEXT_ID)};
}

// The kernel takes its time; an hour would be an error as well.
// Another process may have had some at first, and end meanwhile.
static void expect_objects(struct objects want)
{
	enum { PATIENCE_MS = 60000, STEP_MS = 20 };
	for (int waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
		struct objects now = objects_now();
		if (now.programs <= want.programs && now.maps <= want.maps && now.links <= want.links)
			return;
		usleep(STEP_MS * 1000);
	}
	fail_msg("BPF objects are left");
}

static struct objects at_first;

static void test_closed(void **state)
{
	(void)state;
	struct objects open = objects_now();
	assert_true(open.programs > at_first.programs && open.maps > at_first.maps && open.links > at_first.links);
	bind_probe_close(probe);
	probe = NULL;
	expect_objects(at_first);
}

static int bind_refused(void)
{
	struct attempt a = live_attempt("198.51.100.1", 0);
	struct trial t;
	return trial_run(&a, &live_root, &t) == 0 && t.err == EADDRNOTAVAIL ? 0 : 1;
}

// More threads are in bind at once than there is room for, and than kprobes see return: each is seen or counted.
enum { CROWD = 1040 };

struct crowd {
	const void *page; // whoever reads it waits
	unsigned begun, ended;
};

static void *bind_and_wait(void *data)
{
	struct crowd *c = data;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	__atomic_add_fetch(&c->begun, 1, __ATOMIC_SEQ_CST);
	if (bind(fd, c->page, sizeof(struct sockaddr_in)) < 0 && errno == EADDRNOTAVAIL)
		__atomic_add_fetch(&c->ended, 1, __ATOMIC_SEQ_CST);
	close(fd);
	return NULL;
}

// 0 where the kernel has none of that.
static unsigned bind_in_crowd(void)
{
	enum { PAGE = 4096, STACK = 65536 };
	static char from[PAGE];
	static pthread_t threads[CROWD];
	struct sockaddr_in refused = {.sin_family = AF_INET, .sin_port = htons(99)};
	refused.sin_addr.s_addr = htonl(0xc6336401); // 198.51.100.1
	memcpy(from, &refused, sizeof refused);
	int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api api = {.api = UFFD_API};
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_register all = {.range = {(uintptr_t)page, PAGE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
	struct uffdio_copy copy = {.dst = (uintptr_t)page, .src = (uintptr_t)from, .len = PAGE};
	struct crowd c = {.page = page};
	pthread_attr_t small;
	unsigned n = 0;
	if (faults < 0 || ioctl(faults, UFFDIO_API, &api) < 0 || ioctl(faults, UFFDIO_REGISTER, &all) < 0)
		return 0;
	struct rlimit files = {2 * CROWD, 2 * CROWD};
	setrlimit(RLIMIT_NOFILE, &files);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	while (n < CROWD && pthread_create(&threads[n], &small, bind_and_wait, &c) == 0)
		n++;
	while (__atomic_load_n(&c.begun, __ATOMIC_SEQ_CST) < n)
		usleep(1000);
	assert_int_equal(ioctl(faults, UFFDIO_COPY, &copy), 0);
	for (unsigned i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(c.ended, n);
	munmap(page, PAGE);
	close(faults);
	return n;
}

static void expect_crowd(struct bind_probe *p)
{
	struct bind_counts before = bind_probe_counts(p);
	bind_probe_on(p, true);
	unsigned n = bind_in_crowd();
	bind_probe_on(p, false);
	struct bind_counts after = bind_probe_counts(p);
	// The kernel leaves out a program where a thread was stopped inside of the same one, and counts that.
	uint64_t counted = after.seen - before.seen + after.lost - before.lost, missed = after.missed - before.missed;
	assert_true(counted <= n + missed && counted + missed >= n);
	assert_int_equal(read_all(p), after.seen - before.seen);
	// Nothing is left of it.
	bind_probe_on(p, true);
	assert_int_equal(bind_refused(), 0);
	bind_probe_on(p, false);
	read_one(p);
	assert_int_equal(bind_probe_counts(p).lost, after.lost);
}

// Between this process and one that watches.
static int ready[2], go[2];

static bool wait_for(int fd)
{
	char byte;
	return read(fd, &byte, 1) == 1;
}

static void open_pipes(void)
{
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
}

static void close_pipes(void)
{
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(go[i]);
	}
}

// By kprobes, and in a pid namespace: everybody's binds, with the numbers that processes have here.
static void test_kprobes(void **state)
{
	(void)state;
	const struct bind_probe_how how = {.kprobes = true};
	struct bind_probe *p;
	char err[PROBE_ERROR];
	assert_int_equal(getpid(), 1);
	assert_int_equal(bind_probe_open(&how, &p, err, sizeof err), 0);
	expect_article(p);
	assert_int_equal(record.pid, 1);
	bind_probe_on(p, true);
	pid_t child = fork();
	if (child == 0)
		_exit(bind_refused());
	expect_exit(child, 0);
	read_one(p);
	assert_int_equal(record.pid, child);
	assert_int_equal(record.thread, child);
	assert_int_equal(write(ready[1], "", 1), 1);
	assert_true(wait_for(go[0]));
	read_one(p);
	assert_int_equal(record.pid, 0);
	assert_int_equal(record.thread, 0);
	assert_int_equal(bind_probe_counts(p).lost, 0);
	expect_crowd(p);
	bind_probe_close(p);
}

static void test_pid_namespace(void **state)
{
	(void)state;
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_kprobes)};
	open_pipes();
	assert_int_equal(unshare(CLONE_NEWPID), 0);
	pid_t child = fork();
	if (child == 0) {
		setenv("CMOCKA_MESSAGE_OUTPUT", "stdout", 1);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		_exit(cmocka_run_group_tests(tests, NULL, NULL));
	}
	close(ready[1]);
	bool bound = wait_for(ready[0]) && bind_refused() == 0 && write(go[1], "", 1) == 1;
	expect_exit(child, 0);
	assert_true(bound);
	close_pipes();
	expect_objects(at_first);
}

// The effective capabilities are these; what was permitted stays so. Kernels before 5.11 count BPF as locked memory:
// root makes room for it.
static int set_effective(uint64_t caps)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	if (setrlimit(RLIMIT_MEMLOCK, &all) < 0 || syscall(SYS_capget, &head, sets) < 0)
		return -1;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		sets[i].effective = sets[i].permitted & (uint32_t)(caps >> 32 * i);
	return (int)syscall(SYS_capset, &head, sets);
}

enum { ONLY_BPF = 1, ONLY_PERFMON = 2 };

static uint64_t two_capabilities(int which)
{
	return (which & ONLY_BPF ? 1ull << CAP_BPF : 0) | (which & ONLY_PERFMON ? 1ull << CAP_PERFMON : 0);
}

// One of the two is not enough, and the sentence names the other.
static void test_capability_missing(void **state)
{
	(void)state;
	static const char *const lacks[] = {"lacks both", "lacks CAP_PERFMON", "lacks CAP_BPF"};
	for (int which = 0; which <= ONLY_PERFMON; which++) {
		pid_t child = fork();
		if (child == 0) {
			const struct bind_probe_how how = {.own_thread = true};
			struct bind_probe *p;
			char err[PROBE_ERROR] = "";
			int rc = set_effective(two_capabilities(which)) < 0
					 ? 1
					 : bind_probe_open(&how, &p, err, sizeof err);
			if (!strstr(err, lacks[which]))
				print_error("%d %s\n", rc, err);
			_exit((rc == -EPERM || rc == -EACCES) && !p && strstr(err, lacks[which]) ? 0 : 1);
		}
		expect_exit(child, 0);
	}
}

static int bind_below(void)
{
	int status;
	pid_t child = fork();
	if (child == 0)
		_exit(bind_refused());
	return waitpid(child, &status, 0) == child ? status : 1;
}

// Threads that bind at the same time, and stop each other anywhere where the kernel may.
enum { THREADS = 16, EACH = 200 };

static void *bind_on_and_on(void *data)
{
	struct sockaddr_in s = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc6336401)}; // 198.51.100.1
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (int i = 0; i < EACH; i++)
		bind(fd, (struct sockaddr *)&s, sizeof s);
	close(fd);
	return data;
}

static bool all_of_threads(struct bind_probe *p)
{
	struct bind_counts before = bind_probe_counts(p);
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, bind_on_and_on, NULL) != 0)
			return false;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	struct bind_counts now = bind_probe_counts(p);
	read_all(p);
	return now.seen - before.seen + now.lost - before.lost == THREADS * EACH;
}

// With the two capabilities that are needed and no other: refused binds of this process and its children, with room for
// a few. 0, or the line that went wrong.
static int watch_tree(void)
{
	enum { BINDS = 500 };
	const struct bind_probe_how how = {.quiet = true, .refused_only = true, .tree = true, .room = 4096};
	struct bind_probe *p;
	char err[PROBE_ERROR];
	if (set_effective(two_capabilities(ONLY_BPF | ONLY_PERFMON)) < 0 ||
	    bind_probe_open(&how, &p, err, sizeof err) < 0) {
		print_error("%s\n", err);
		return __LINE__;
	}
	bind_probe_on(p, true);
	bind_refused(); // not watched yet
	bind_probe_add(p, getpid());
	other_binds();
	if (read_all(p) || bind_probe_counts(p).seen != OTHERS)
		return __LINE__;
	for (int i = 0; i < BINDS; i++)
		bind_refused();
	struct bind_counts n = bind_probe_counts(p);
	if (n.seen + n.lost != OTHERS + BINDS || !n.lost || read_all(p) != n.seen - OTHERS)
		return __LINE__;
	if (!all_of_threads(p))
		return __LINE__;
	// There is room again. A grandchild; and one in a pid namespace below, with its number here.
	pid_t child = fork();
	if (child == 0)
		_exit(bind_below());
	int status;
	if (waitpid(child, &status, 0) != child || status || read_all(p) != 1)
		return __LINE__;
	if (set_effective(~0ull) < 0 || unshare(CLONE_NEWPID) < 0)
		return __LINE__;
	child = fork();
	if (child == 0)
		_exit(getpid() == 1 ? bind_refused() : 2);
	if (waitpid(child, &status, 0) != child || status || read_all(p) != 1 || record.pid != (uint32_t)child)
		return __LINE__;
	// The process above is not watched.
	if (write(ready[1], "", 1) != 1 || !wait_for(go[0]) || read_all(p))
		return __LINE__;
	return 0;
}

// Its process is killed at the end.
static void test_tree(void **state)
{
	(void)state;
	open_pipes();
	pid_t child = fork();
	if (child == 0) {
		int line = watch_tree();
		if (line)
			print_error("line %d\n", line);
		if (!line && write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	bool good = wait_for(ready[0]) && bind_refused() == 0 && write(go[1], "", 1) == 1 && wait_for(ready[0]);
	struct objects open = objects_now();
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(good);
	assert_true(open.programs > at_first.programs);
	close_pipes();
	expect_objects(at_first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_article),   cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_kinds),     cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_order),     cmocka_unit_test(test_options),
		cmocka_unit_test(test_who),       cmocka_unit_test(test_rest),
		cmocka_unit_test(test_unreached), cmocka_unit_test(test_own_thread),
		cmocka_unit_test(test_closed),    cmocka_unit_test(test_capability_missing),
		cmocka_unit_test(test_tree),      cmocka_unit_test(test_pid_namespace),
	};
	const struct bind_probe_how how = {.own_thread = true};
	char err[PROBE_ERROR];
	if (!live_enter())
		return 0;
	at_first = objects_now();
	if (bind_probe_open(&how, &probe, err, sizeof err) < 0) {
		printf("1..0 # SKIP %s\n", err);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
