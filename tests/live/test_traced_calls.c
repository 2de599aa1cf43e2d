// SPDX-License-Identifier: GPL-3.0-or-later
// The calls around bind of a traced process, made for real in a lab: socket(), setsockopt(), listen() and connect()
// that are refused, binds of sockets that are bound, and what was done to a socket before its bind. The processes are
// children of the test.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "core/change/change.h"
#include "core/model/call_reason.h"
#include "core/model/next_call.h"
#include "core/model/socket_history.h"
#include "core/record/event_json.h"
#include "core/trace/traced_call.h"
#include "core/trace/tracer.h"
#include "tests/live/live.h"

enum { TOLD = 64 };

// What was told of a child, in order.
static struct told {
	struct bind_event event;
	struct event_verdict verdict;
	enum call predicted;
	bool walked, unaimed, has_history;
	unsigned nsteps;
	struct socket_history history;
} told[TOLD];
static unsigned ntold, taken;
static bool *begun; // shared: the child is stopped at its calls by now

static void note_call(void *data, const struct bind_event *e, const struct event_verdict *v, const struct inquiry *in)
{
	const struct tracer *t = *(struct tracer **)data;
	if (!*begun) {
		*begun = true;
		return;
	}
	if (ntold == TOLD)
		return;
	struct told *to = &told[ntold++];
	*to = (struct told){.event = *e, .walked = in, .has_history = tracer_history(t)};
	if (v)
		to->verdict = *v;
	if (in) {
		to->predicted = in->walk.predicted.call;
		to->unaimed = in->walk.unaimed;
		to->nsteps = in->walk.nsteps;
	}
	if (to->has_history)
		to->history = *tracer_history(t);
}

static void note_nothing(void *data, enum trace_note note, pid_t process, const char *program)
{
	(void)data;
	(void)note;
	(void)process;
	(void)program;
}

_Noreturn static void run_child(void (*program)(void))
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!*begun) {
		bind(-1, NULL, 0);
		usleep(1000);
	}
	program();
	_exit(0);
}

// Traces a child that runs the program, to its end.
static void trace(void (*program)(void), bool every_option)
{
	char err[TRACER_ERROR] = "";
	struct tracer *t = NULL;
	const struct tracer_out out = {.call = note_call, .note = note_nothing, .data = &t};
	ntold = taken = 0;
	*begun = false;
	pid_t child = fork();
	if (child == 0)
		run_child(program);
	const struct tracer_how how = {.pid = child, .output = -1, .every_option = every_option};
	if (tracer_open(&how, &t, err, sizeof err) < 0 || tracer_run(t, &out, err, sizeof err) < 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		fail_msg("%s", err);
	}
	tracer_close(t);
	waitpid(child, NULL, 0);
}

// Launches this program anew, behind the filter that stops it at these calls only: it runs options_refused() and
// passes_on().
static void launch_self(bool every_option)
{
	char err[TRACER_ERROR] = "", *command[] = {"/proc/self/exe", "again", NULL};
	struct tracer *t = NULL;
	const struct tracer_out out = {.call = note_call, .note = note_nothing, .data = &t};
	const struct tracer_how how = {.command = command, .output = -1, .every_option = every_option};
	ntold = taken = 0;
	*begun = true;
	if (tracer_open(&how, &t, err, sizeof err) < 0 || tracer_run(t, &out, err, sizeof err) < 0)
		fail_msg("%s", err);
	tracer_close(t);
}

// The next one that was told, which must be of that call and end.
static const struct told *next(enum call call, int err)
{
	if (taken == ntold)
		fail_msg("nothing more was told; expected %s() %s", call_name(call), errno_name(err));
	const struct told *t = &told[taken++];
	if (t->event.call != call || t->event.err != err)
		fail_msg("told %s() %s, expected %s() %s", call_name(t->event.call), errno_name(t->event.err),
			 call_name(call), errno_name(err));
	return t;
}

static void no_more(void)
{
	if (taken < ntold)
		fail_msg("%u more: %s() %s", ntold - taken, call_name(told[taken].event.call),
			 errno_name(told[taken].event.err));
}

// A walk of that very call, which agrees.
static const struct told *walked(enum call call, int err, enum code code)
{
	const struct told *t = next(call, err);
	if (!t->walked || t->verdict.agreement != AGREES || t->verdict.code != code)
		fail_msg("%s() %s: %d %s %s", call_name(call), errno_name(err), (int)t->verdict.agreement,
			 code_info(t->verdict.code)->name,
			 t->verdict.present ? t->verdict.sentence : t->verdict.why_not);
	if (err)
		assert_int_equal(t->predicted, call);
	assert_int_equal(t->unaimed, call != CALL_BIND);
	assert_int_equal(t->event.addr_known, call == CALL_BIND);
	return t;
}

static const struct told *reasoned(enum call call, int err, const char *code)
{
	const struct told *t = next(call, err);
	if (strcmp(t->event.reason.code, code) != 0)
		fail_msg("%s() %s: '%s', expected '%s' (%s)", call_name(call), errno_name(err), t->event.reason.code,
			 code, t->verdict.why_not);
	assert_false(t->walked);
	assert_true(strlen(t->event.reason.sentence) > 10);
	assert_null(strchr(t->event.reason.sentence, '{'));
	return t;
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
	if (syscall(SYS_capset, &head, none) < 0)
		_exit(1);
}

static struct sockaddr_in at4(const char *addr, uint16_t port)
{
	struct sockaddr_in s = {.sin_family = AF_INET, .sin_port = htons(port)};
	inet_pton(AF_INET, addr, &s.sin_addr);
	return s;
}

static struct sockaddr_in6 at6(const char *addr, uint16_t port)
{
	struct sockaddr_in6 s = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	inet_pton(AF_INET6, addr, &s.sin6_addr);
	return s;
}

static int bind4(int fd, const char *addr, uint16_t port)
{
	struct sockaddr_in s = at4(addr, port);
	return bind(fd, (struct sockaddr *)&s, sizeof s);
}

static int bind6(int fd, const char *addr, uint16_t port)
{
	struct sockaddr_in6 s = at6(addr, port);
	return bind(fd, (struct sockaddr *)&s, sizeof s);
}

static int connect4(int fd, const char *addr, uint16_t port)
{
	struct sockaddr_in s = at4(addr, port);
	return connect(fd, (struct sockaddr *)&s, sizeof s);
}

static int set(int fd, enum option_id id, int value)
{
	const struct sockopt *o = option_info(id);
	return setsockopt(fd, o->level, o->number, &value, sizeof value);
}

// socket()

static void sockets_refused(void)
{
	struct rlimit few = {.rlim_cur = 0, .rlim_max = 0};
	drop_capabilities();
	socket(AF_INET, SOCK_RAW, 253);
	socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6);
	socket(AF_INET, SOCK_STREAM, IPPROTO_UDP);
	socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	setrlimit(RLIMIT_NOFILE, &few);
	socket(AF_INET, SOCK_STREAM, 0);
}

static void test_socket(void **state)
{
	(void)state;
	change_sysctl("net.ipv4.ping_group_range", "1 0");
	trace(sockets_refused, false);
	const struct told *t = next(CALL_SOCKET, EPERM);
	assert_true(t->walked && t->verdict.agreement == AGREES && t->unaimed);
	assert_int_equal(t->event.attempt.kind, KIND_RAW);
	assert_int_equal(t->event.attempt.raw_protocol, 253);
	assert_int_equal(t->nsteps, 2);
	t = next(CALL_SOCKET, EACCES); // open where the user namespace hides the groups
	assert_true(t->walked && (t->verdict.agreement == AGREES || t->verdict.agreement == OPEN));
	assert_int_equal(t->event.attempt.kind, KIND_PING);
	assert_int_equal(t->event.family, AF_INET6);
	reasoned(CALL_SOCKET, EPROTONOSUPPORT, "SOCKET_KIND");
	reasoned(CALL_SOCKET, EMFILE, "DESCRIPTORS");
	no_more();
}

// A filter of its own answers to each socket() of AF_INET6.
static void filters_itself(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(1);
	socket(AF_INET6, SOCK_STREAM, 0);
}

static void test_filter(void **state)
{
	(void)state;
	trace(filters_itself, false);
	const struct told *t = next(CALL_SOCKET, EAFNOSUPPORT);
	assert_true(t->walked && t->unaimed);
	assert_int_equal(t->verdict.agreement, HOOK);
	assert_int_equal(t->verdict.code, CODE_FAMILY_FILTERED);
	no_more();
}

static void other_families(void)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/nosuch/socket"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), one = 1;
	bind(fd, (struct sockaddr *)&un, sizeof un);
	connect(fd, (struct sockaddr *)&un, sizeof un);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, 1);
	setsockopt(fd, SOL_IP, IP_TRANSPARENT, &one, sizeof one);
	listen(fd, 1);
	fd = socket(AF_NETLINK, SOCK_RAW, 99);
	fd = socket(AF_PACKET, 77, 0);
	fd = socket(77, SOCK_STREAM, 0);
}

static void test_families(void **state)
{
	(void)state;
	trace(other_families, true);
	no_more();
}

// setsockopt()

static void options_refused(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	drop_capabilities();
	set(fd, OPT_TRANSPARENT, 1);
	setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "no\x1bsuch", 7);
	set(fd, OPT_V6ONLY, 1);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, 2);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (void *)1, sizeof one);
	set(fd, OPT_REUSEPORT, 1);
	int six = socket(AF_INET6, SOCK_STREAM, 0);
	bind6(six, "::1", 7010);
	set(six, OPT_V6ONLY, 0);
}

static void test_options(void **state)
{
	(void)state;
	trace(options_refused, false);
	const struct told *t = next(CALL_SETSOCKOPT, EPERM);
	assert_true(t->walked && t->verdict.agreement == AGREES);
	assert_int_equal(t->event.attempt.nsettings, 1);
	assert_int_equal(t->event.attempt.settings[0].option, OPT_TRANSPARENT);
	assert_int_equal(t->nsteps, 3);
	t = walked(CALL_SETSOCKOPT, ENODEV, CODE_DEVICE_UNKNOWN);
	assert_string_equal(t->event.attempt.settings[0].device, "no\x1bsuch");
	walked(CALL_SETSOCKOPT, ENOPROTOOPT, CODE_OPTION_REFUSED);
	reasoned(CALL_SETSOCKOPT, EINVAL, "OPTION_LENGTH");
	reasoned(CALL_SETSOCKOPT, EFAULT, "OPTION_MEMORY");
	walked(CALL_BIND, 0, CODE_ADDR_CONFIGURED);
	t = reasoned(CALL_SETSOCKOPT, EINVAL, "OPTION_BOUND");
	assert_int_equal(t->event.local_port, 7010);
	no_more();
}

static void goes_on(void)
{
	drop_capabilities();
	for (int i = 0; i < 3; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		if (i < 2)
			set(fd, OPT_TRANSPARENT, 1);
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "nosuch", 6);
		bind4(fd, "203.0.113.7", i == 1 ? 80 : 7011);
	}
}

// The bind says so where the option would have let it succeed, and only there.
static void test_missing(void **state)
{
	(void)state;
	trace(goes_on, false);
	next(CALL_SETSOCKOPT, EPERM);
	next(CALL_SETSOCKOPT, ENODEV);
	const struct told *t = walked(CALL_BIND, EADDRNOTAVAIL, CODE_ADDR_NOT_LOCAL);
	assert_int_equal(t->event.missing.err, EPERM);
	assert_int_equal(t->event.missing.set.option, OPT_TRANSPARENT);
	next(CALL_SETSOCKOPT, EPERM);
	next(CALL_SETSOCKOPT, ENODEV);
	t = walked(CALL_BIND, EADDRNOTAVAIL, CODE_ADDR_NOT_LOCAL);
	assert_int_equal(t->event.missing.err, 0); // the port would have refused it
	next(CALL_SETSOCKOPT, ENODEV);
	t = walked(CALL_BIND, EADDRNOTAVAIL, CODE_ADDR_NOT_LOCAL);
	assert_int_equal(t->event.missing.err, 0);
	no_more();
}

// Binds of sockets that are bound, or connected.

static void binds_again(void)
{
	int held = socket(AF_INET, SOCK_STREAM, 0);
	bind4(held, "127.0.0.1", 7020);
	listen(held, 1);
	int tcp = socket(AF_INET, SOCK_STREAM, 0);
	bind4(tcp, "127.0.0.1", 7021);
	bind4(tcp, "127.0.0.1", 7020); // held, but that is not why
	bind4(held, "127.0.0.2", 7022);
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	connect4(udp, "127.0.0.1", 9);
	bind4(udp, "127.0.0.1", 7023);
	int six = socket(AF_INET6, SOCK_DGRAM, 0);
	bind6(six, "::1", 7024);
	bind6(six, "::1", 7025);
	int later = socket(AF_INET, SOCK_STREAM, 0);
	set(later, OPT_NOPORT, 1);
	bind4(later, "127.0.0.1", 0);
	bind4(later, "127.0.0.2", 7026);
}

static void refused_again(void)
{
	assert_int_equal(walked(CALL_BIND, EINVAL, CODE_ALREADY_BOUND)->event.attempt.binds, BINDS_OTHER);
}

static void test_bound(void **state)
{
	(void)state;
	trace(binds_again, false);
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	next(CALL_LISTEN, 0);
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	refused_again();
	refused_again();
	refused_again();
	walked(CALL_BIND, 0, CODE_ADDR_CONFIGURED);
	refused_again();
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	assert_int_equal(walked(CALL_BIND, 0, CODE_ADDR_LOCAL)->event.attempt.binds, 1);
	no_more();
}

static void raw_binds_again(void)
{
	int raw = socket(AF_INET, SOCK_RAW, 253);
	bind4(raw, "127.0.0.1", 0);
	bind4(raw, "127.0.0.2", 0);
	connect4(raw, "127.0.0.1", 0);
	bind4(raw, "127.0.0.1", 0);
}

static void test_raw(void **state)
{
	(void)state;
	trace(raw_binds_again, false);
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	walked(CALL_BIND, EINVAL, CODE_ALREADY_BOUND);
	no_more();
}

// listen()

static void listens(void)
{
	int first = socket(AF_INET, SOCK_STREAM, 0), second = socket(AF_INET, SOCK_STREAM, 0);
	set(first, OPT_REUSEADDR, 1);
	set(second, OPT_REUSEADDR, 1);
	bind4(first, "127.0.0.1", 7030);
	bind4(second, "127.0.0.1", 7030);
	listen(second, 1);
	listen(first, 1);
	listen(socket(AF_INET6, SOCK_DGRAM, 0), 1);
	int connected = socket(AF_INET, SOCK_STREAM, 0);
	connect4(connected, "127.0.0.1", 7030);
	listen(connected, 1);
}

static void test_listen(void **state)
{
	(void)state;
	trace(listens, false);
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	next(CALL_LISTEN, 0);
	const struct told *t = reasoned(CALL_LISTEN, EADDRINUSE, "LISTEN_TAKEN");
	assert_true(t->event.addr_known);
	assert_int_equal(t->event.attempt.port, 7030);
	assert_int_equal(t->event.reason.class, CLASS_PORT);
	t = reasoned(CALL_LISTEN, EOPNOTSUPP, "LISTEN_NOT_STREAM");
	assert_false(t->event.addr_known);
	reasoned(CALL_LISTEN, EINVAL, "LISTEN_STATE");
	no_more();
}

// connect()

static void connects(void)
{
	int tcp = socket(AF_INET, SOCK_STREAM, 0);
	connect4(tcp, "127.0.0.1", 1);
	connect4(tcp, "203.0.113.9", 80);
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	bind4(udp, "127.0.0.1", 7040);
	connect4(udp, "255.255.255.255", 9);
	int six = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_in6 no_scope = at6("fe80::1", 80);
	connect(six, (struct sockaddr *)&no_scope, sizeof no_scope);
}

static void test_connect(void **state)
{
	(void)state;
	trace(connects, false);
	const struct told *t = reasoned(CALL_CONNECT, ECONNREFUSED, "CONNECT_REFUSED");
	assert_false(t->event.addr_known); // the port was the kernel's choice
	assert_int_equal(t->event.attempt.then.dest.port, 1);
	reasoned(CALL_CONNECT, ENETUNREACH, "CONNECT_NO_ROUTE");
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	t = next(CALL_CONNECT, told[taken].event.err); // a broadcast address, where there is a route
	assert_true(t->event.addr_known && t->event.attempt.port == 7040);
	assert_true(t->event.reason.code[0]);
	reasoned(CALL_CONNECT, EINVAL, "CONNECT_SCOPE");
	no_more();
}

static int listener(uint16_t port)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind4(fd, "127.0.0.1", port), 0);
	assert_int_equal(listen(fd, 64), 0);
	return fd;
}

// The pool has four ports: one is reserved, one is bound, two are connected.
static void fills_the_pool(void)
{
	int bound = socket(AF_INET, SOCK_STREAM, 0);
	bind4(bound, "127.0.0.1", 50001);
	for (int i = 0; i < 3; i++)
		connect4(socket(AF_INET, SOCK_STREAM, 0), "127.0.0.1", 7050);
	int again = socket(AF_INET, SOCK_STREAM, 0), same = socket(AF_INET, SOCK_STREAM, 0);
	set(again, OPT_REUSEADDR, 1);
	set(same, OPT_REUSEADDR, 1);
	bind4(again, "127.0.0.1", 7051);
	bind4(same, "127.0.0.1", 7051);
	connect4(again, "127.0.0.1", 7050);
	connect4(same, "127.0.0.1", 7050);
}

static void test_pool(void **state)
{
	(void)state;
	int fd = listener(7050);
	change_sysctl("net.ipv4.ip_local_port_range", "50000 50003");
	change_sysctl("net.ipv4.ip_local_reserved_ports", "50000");
	trace(fills_the_pool, false);
	change_sysctl("net.ipv4.ip_local_reserved_ports", "");
	change_sysctl("net.ipv4.ip_local_port_range", "32768 60999");
	close(fd);
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	const struct told *t = next(CALL_CONNECT, EADDRNOTAVAIL);
	const struct call_reason *r = &t->event.reason;
	bool all = strcmp(r->code, "CONNECT_PORTS_TAKEN") == 0; // before 6.8 who is only bound is not shown
	assert_true(all || strcmp(r->code, "CONNECT_PORTS_LEFT") == 0);
	assert_int_equal(r->class, CLASS_PORT);
	assert_non_null(strstr(r->sentence, all ? "(2 connected to it, 1 bound, 1 reserved)"
						: "(2 connected to it, 0 bound, 1 reserved)"));
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	reasoned(CALL_CONNECT, EADDRNOTAVAIL, "CONNECT_PAIR_TAKEN");
	no_more();
}

static void connects_slowly(void)
{
	for (int i = 0; i < 20; i++)
		connect4(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "127.0.0.1", 7060);
}

static void test_under_way(void **state)
{
	(void)state;
	int fd = listener(7060);
	trace(connects_slowly, false);
	close(fd);
	no_more();
}

// The history

static void send_fd(int to, int fd)
{
	char byte = 0, space[CMSG_SPACE(sizeof fd)] = {0};
	struct iovec io = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	*c = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof fd)};
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	sendmsg(to, &m, 0);
}

static int receive_fd(int from)
{
	char byte, space[CMSG_SPACE(sizeof from)] = {0};
	struct iovec io = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
	int fd = -1;
	if (recvmsg(from, &m, 0) == 1 && CMSG_FIRSTHDR(&m))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
	return fd;
}

// Made and set in one process, and bound in others: by fork, by a duplicate, and by a message.
static void passes_on(void)
{
	int pair[2], one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	set(fd, OPT_REUSEADDR, 1);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, 1);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	if (fork() == 0) {
		bind4(dup(receive_fd(pair[0])), "127.0.0.1", 7070);
		_exit(0);
	}
	send_fd(pair[1], fd);
	close(fd);
	wait(NULL);
}

static void check_history(const struct told *t, unsigned ncalls)
{
	assert_true(t->has_history && t->history.made);
	assert_int_equal(t->history.type, SOCK_STREAM);
	assert_int_equal(t->history.ncalls, ncalls);
	assert_int_equal(t->history.calls[0].number, SO_REUSEADDR);
}

static void test_history(void **state)
{
	(void)state;
	trace(passes_on, true);
	const struct told *t = walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	check_history(t, 3);
	assert_int_equal(t->history.calls[1].err, 0);
	assert_int_equal(t->history.calls[2].err, EINVAL);
	no_more();
	trace(passes_on, false); // with those that bear on bind
	check_history(walked(CALL_BIND, 0, CODE_ADDR_LOCAL), 1);
	no_more();
}

// The same behind a filter, and after an exec.
static void test_launched(void **state)
{
	(void)state;
	for (int every = 0; every < 2; every++) {
		launch_self(every);
		next(CALL_SETSOCKOPT, EPERM);
		next(CALL_SETSOCKOPT, ENODEV);
		next(CALL_SETSOCKOPT, ENOPROTOOPT);
		reasoned(CALL_SETSOCKOPT, EINVAL, "OPTION_LENGTH");
		reasoned(CALL_SETSOCKOPT, EFAULT, "OPTION_MEMORY");
		walked(CALL_BIND, 0, CODE_ADDR_CONFIGURED);
		reasoned(CALL_SETSOCKOPT, EINVAL, "OPTION_BOUND");
		check_history(walked(CALL_BIND, 0, CODE_ADDR_LOCAL), every ? 3 : 1);
		no_more();
	}
}

static int given;

static void binds_given(void)
{
	set(given, OPT_REUSEADDR, 1);
	bind4(given, "127.0.0.1", 7071);
}

// One that was made before, as systemd hands over.
static void test_given(void **state)
{
	(void)state;
	given = socket(AF_INET, SOCK_STREAM, 0);
	trace(binds_given, false);
	close(given);
	const struct told *t = walked(CALL_BIND, 0, CODE_ADDR_LOCAL);
	assert_true(t->has_history && !t->history.made);
	assert_int_equal(t->history.ncalls, 1);
	no_more();
}

static void binds_mptcp(void)
{
	enum { MPTCP = 262 };
	int fd = socket(AF_INET, SOCK_STREAM, MPTCP);
	set(fd, OPT_FREEBIND, 1);
	bind4(fd, "203.0.113.7", 7072);
}

// What such a socket does not tell was seen.
static void test_mptcp(void **state)
{
	(void)state;
	trace(binds_mptcp, false);
	if (told[0].event.call != CALL_BIND) // switched off, or it takes no such option here
		skip();
	walked(CALL_BIND, 0, CODE_NONLOCAL_BY_FREEBIND);
	no_more();
}

static void hides(void)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/nosuch/socket"};
	prctl(PR_SET_DUMPABLE, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	set(fd, OPT_REUSEADDR, 1);
	bind4(fd, "203.0.113.7", 7080);
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM, 0); // has the same number
	bind(fd, (struct sockaddr *)&un, sizeof un);
}

// An ordinary user's tracer may not look into it, and says so.
static void test_hidden(void **state)
{
	(void)state;
	trace(hides, false);
	if (told[0].event.socket_known)
		walked(CALL_BIND, EADDRNOTAVAIL, CODE_ADDR_NOT_LOCAL);
	else
		reasoned(CALL_BIND, EADDRNOTAVAIL, "HIDDEN");
	no_more();
}

// An event as a line and back.
static void check_line(const struct told *t)
{
	static struct bind_event e;
	static struct event_verdict v;
	char err[EVENT_ERROR], dest[DEST_TEXT], back[DEST_TEXT];
	const struct bind_event *from = &t->event;
	char *line = event_json_line(event_json(from, &t->verdict));
	assert_non_null(line);
	if (event_json_read(line, strlen(line), &e, &v, err, sizeof err) < 0)
		fail_msg("%s: %s", err, line);
	assert_int_equal(e.call, from->call);
	assert_int_equal(e.missing.err, from->missing.err);
	assert_int_equal(e.missing.set.option, from->missing.set.option);
	assert_int_equal(e.inode, from->inode);
	assert_int_equal(e.addr_known, from->addr_known);
	assert_int_equal(e.attempt.binds == BINDS_OTHER, from->attempt.binds == BINDS_OTHER);
	assert_string_equal(e.reason.code, from->reason.code);
	assert_string_equal(e.reason.sentence, from->reason.sentence);
	assert_int_equal(e.reason.class, from->reason.class);
	assert_string_equal(dest_print(&e.attempt.then, dest), dest_print(&from->attempt.then, back));
	free(line);
}

static void test_json(void **state)
{
	static void (*const programs[])(void) = {goes_on, listens, connects, binds_again, options_refused};
	(void)state;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		trace(programs[i], false);
		assert_true(ntold > 2);
		for (unsigned n = 0; n < ntold; n++)
			check_line(&told[n]);
	}
}

// What other threads change while the call goes on. The test itself makes it, and nothing stops.
static struct sockaddr_in handed;

static const struct bind_event *changed_meanwhile(void (*change)(int fd), int64_t returned)
{
	static struct bind_event out;
	struct traced_calls all = {0};
	enum { FD = 50 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const uint64_t args[TRACED_ARGUMENTS] = {FD, (uintptr_t)&handed, sizeof handed};
	handed = at4("192.0.2.1", 7777);
	assert_int_equal(dup2(fd, FD), FD);
	struct traced_call *c = traced_call_begin(gettid(), getpid(), false, CALL_BIND, args, &all);
	assert_true(c && c->event.socket_known && c->event.addr_known);
	change(FD);
	assert_true(traced_call_end(c, returned, &all));
	out = c->event;
	traced_call_free(c);
	traced_calls_close(&all);
	close(fd);
	close(FD);
	return &out;
}

static void nothing(int fd)
{
	(void)fd;
}

static void other_address(int fd)
{
	(void)fd;
	handed.sin_port = htons(7778);
}

static void other_socket(int fd)
{
	int other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bind4(other, "127.0.0.1", 7779);
	dup2(other, fd);
	close(other);
}

static void no_socket(int fd)
{
	close(fd);
}

static void test_meanwhile(void **state)
{
	(void)state;
	assert_true(changed_meanwhile(nothing, -EADDRNOTAVAIL)->addr_known);
	const struct bind_event *e = changed_meanwhile(other_address, -EADDRNOTAVAIL);
	assert_true(e->socket_known && !e->addr_known);
	assert_false(changed_meanwhile(other_socket, -EADDRNOTAVAIL)->socket_known);
	assert_false(changed_meanwhile(no_socket, -EBADF)->socket_known);
	e = changed_meanwhile(other_socket, 0);
	assert_false(e->socket_known || e->local_known);
}

// A tracer reads what the thread must not.
static void binds_closed_memory(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in *page = mmap(NULL, sizeof *page, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*page = at4("192.0.2.1", 7780);
	mprotect(page, sizeof *page, PROT_NONE);
	bind(fd, (struct sockaddr *)page, sizeof *page);
}

static void sets_range_of_two(void)
{
	const uint32_t ranges[2] = {0};
	const struct sockopt *o = option_info(OPT_PORTRANGE);
	setsockopt(socket(AF_INET, SOCK_STREAM, 0), o->level, o->number, ranges, sizeof ranges);
}

static void test_size(void **state)
{
	(void)state;
	trace(sets_range_of_two, false);
	if (told[0].event.err == EINVAL) // else the kernel has no such option
		reasoned(CALL_SETSOCKOPT, EINVAL, "OPTION_SIZE");
}

static void test_memory(void **state)
{
	(void)state;
	trace(binds_closed_memory, false);
	const struct told *t = next(CALL_BIND, EFAULT);
	assert_true(t->event.socket_known && !t->event.addr_known && !t->walked);
}

static bool lo_up(void)
{
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc = ioctl(fd, SIOCSIFFLAGS, &r);
	close(fd);
	return rc == 0;
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) { // see launch_self()
		options_refused();
		passes_on();
		return 0;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_socket),   cmocka_unit_test(test_filter),    cmocka_unit_test(test_families),
		cmocka_unit_test(test_options),  cmocka_unit_test(test_missing),   cmocka_unit_test(test_bound),
		cmocka_unit_test(test_raw),      cmocka_unit_test(test_listen),    cmocka_unit_test(test_connect),
		cmocka_unit_test(test_pool),     cmocka_unit_test(test_under_way), cmocka_unit_test(test_history),
		cmocka_unit_test(test_launched), cmocka_unit_test(test_given),     cmocka_unit_test(test_mptcp),
		cmocka_unit_test(test_hidden),   cmocka_unit_test(test_json),      cmocka_unit_test(test_meanwhile),
		cmocka_unit_test(test_memory),   cmocka_unit_test(test_size),
	};
	if (!live_enter())
		return 0;
	begun = mmap(NULL, sizeof *begun, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (begun == MAP_FAILED || !lo_up())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
