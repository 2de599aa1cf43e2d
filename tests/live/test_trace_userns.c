// SPDX-License-Identifier: GPL-3.0-or-later
// Traced without a capability: a program that makes a user and a network namespace of its own, and one that leaves the
// socket's namespace before it binds. This program is also the one that is traced, with an argument.
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/trace/tracer.h"
#include "tests/live/live.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

enum { BINDS = 8, REFUSED = 77, UNMAPPED = 78 };

static const struct {
	const char *addr;
	uint16_t port;
	int err;
	enum code code;
} inside[] = {
	{"127.0.0.1", 80, 0, CODE_ADDR_LOCAL}, // root in there may
	{"203.0.113.9", 8080, EADDRNOTAVAIL, CODE_ADDR_NOT_LOCAL},
	{"127.0.0.1", 80, EADDRINUSE, CODE_PORT_TAKEN},
};

// The traced program.

static int bind_to(int fd, const char *addr, uint16_t port)
{
	struct addr a = {0};
	struct sockaddr_in s = {.sin_family = AF_INET, .sin_port = htons(port)};
	addr_parse(addr, &a);
	memcpy(&s.sin_addr, a.bytes, sizeof s.sin_addr);
	return bind(fd, (const struct sockaddr *)&s, sizeof s);
}

// 0, UNMAPPED where no map may be written (verify_root_map(), kernel/user_namespace.c), or REFUSED.
static int leave(uid_t uid)
{
	char map[32];
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return REFUSED;
	int len = snprintf(map, sizeof map, "0 %u 1", (unsigned)uid);
	int file = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
	bool mapped = file >= 0 && write(file, map, (size_t)len) == len;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) < 0)
		return REFUSED;
	return mapped ? 0 : UNMAPPED;
}

static int act_inside(void)
{
	int rc = leave(geteuid());
	for (size_t i = 0; rc != REFUSED && i < sizeof inside / sizeof *inside; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		if (bind_to(fd, inside[i].addr, inside[i].port) == 0)
			listen(fd, 1);
	}
	return rc;
}

static int act_between(void)
{
	int before = socket(AF_INET, SOCK_STREAM, 0);
	int rc = leave(geteuid());
	if (rc == REFUSED)
		return rc;
	bind_to(before, "203.0.113.9", 8080);
	bind_to(before, "127.0.0.1", 80);
	return rc;
}

// The tracer.

struct seen {
	unsigned n;
	struct bind_event events[BINDS];
	struct event_verdict verdicts[BINDS];
	struct caller callers[BINDS];
	uint32_t holder, holder_uid; // of the last one
	bool mapped;
};

static void take(void *data, const struct bind_event *e, const struct event_verdict *v, const struct inquiry *in)
{
	struct seen *s = data;
	if (e->call != CALL_BIND || e->family != AF_INET || s->n == BINDS)
		return;
	s->events[s->n] = *e;
	if (v)
		s->verdicts[s->n] = *v;
	if (in) {
		s->callers[s->n] = in->caller;
		s->holder = in->question.nsocks ? in->question.socks[0].pid : 0;
		s->holder_uid = in->question.nsocks ? in->question.socks[0].uid : 0;
	}
	s->n++;
}

static void note(void *data, enum trace_note id, pid_t process, const char *program)
{
	(void)data, (void)id, (void)process, (void)program;
}

// False where it may not have such namespaces: then nothing is left to be tested.
static bool trace(char *how, struct seen *out)
{
	char self[] = "/proc/self/exe", err[TRACER_ERROR];
	char *command[] = {self, how, NULL};
	const struct tracer_how wish = {.command = command, .stay = true, .output = -1};
	const struct tracer_out to = {.call = take, .note = note, .data = out};
	struct tracer *t;
	int status;
	*out = (struct seen){0};
	if (tracer_open(&wish, &t, err, sizeof err) < 0 || tracer_run(t, &to, err, sizeof err) < 0)
		fail_msg("%s", err);
	assert_true(tracer_status(t, &status));
	tracer_close(t);
	assert_true(WIFEXITED(status));
	out->mapped = WEXITSTATUS(status) == 0;
	return WEXITSTATUS(status) != REFUSED;
}

static void expect(const struct seen *s, unsigned i, int err)
{
	const struct event_verdict *v = &s->verdicts[i];
	if (!v->present)
		fail_msg("no walk: %s", v->why_not);
	assert_int_equal(s->events[i].err, err);
	if (v->agreement != AGREES)
		fail_msg("%d %s: %s", (int)v->agreement, code_info(v->code)->name, v->sentence);
	assert_int_equal(s->callers[i].uid, geteuid()); // not its number in there
	assert_int_equal(s->events[i].uid, geteuid());
}

static uint64_t own_netns(void)
{
	struct stat st;
	assert_int_equal(stat("/proc/self/ns/net", &st), 0);
	return st.st_ino;
}

static void test_inside(void **state)
{
	static struct seen s;
	char how[] = "inside";
	(void)state;
	uint64_t own = own_netns();
	if (!trace(how, &s))
		skip();
	assert_int_equal(s.n, sizeof inside / sizeof *inside);
	for (unsigned i = 0; i < s.n; i++) {
		expect(&s, i, inside[i].err);
		assert_int_equal(s.verdicts[i].code, inside[i].code);
		assert_int_equal(s.callers[i].net_bind_service, YES);
		assert_true(s.callers[i].owner[0] != '\0');
		assert_true(s.events[i].netns != own);
	}
	assert_int_equal(s.holder, s.events[0].pid);
	if (s.mapped)
		assert_int_equal(s.holder_uid, geteuid());
	assert_int_equal(own_netns(), own);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 1);
}

// Before 5.14 nobody but who may enter it can say where a socket is.
static bool cookies_known(void)
{
	uint64_t cookie;
	socklen_t len = sizeof cookie;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool known = getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) == 0;
	close(fd);
	return known;
}

// What it may do in the namespace that it made does not count for a socket that it brought along.
static void test_between(void **state)
{
	static struct seen s;
	char how[] = "between";
	(void)state;
	uint64_t own = own_netns();
	if (!trace(how, &s))
		skip();
	assert_int_equal(s.n, 2);
	if (!cookies_known()) {
		assert_false(s.verdicts[0].present);
		assert_int_equal(s.events[0].netns, 0);
		return;
	}
	expect(&s, 0, EADDRNOTAVAIL);
	expect(&s, 1, EACCES);
	assert_int_equal(s.verdicts[1].class, CLASS_PERMISSION);
	for (unsigned i = 0; i < s.n; i++) {
		assert_int_equal(s.events[i].netns, own);
		assert_int_equal(s.callers[i].net_bind_service, NO);
	}
}

// Root becomes an ordinary user; who has no other uid in the lab goes on without capabilities.
static bool drop_capabilities(void)
{
	enum { ORDINARY = 65534 };
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
	if (setresuid(ORDINARY, ORDINARY, ORDINARY) < 0 && syscall(SYS_capset, &head, none) < 0)
		return false;
	return prctl(PR_SET_DUMPABLE, 1) == 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_between),
	};
	if (argc == 2)
		return strcmp(argv[1], "inside") == 0 ? act_inside() : act_between();
	if (!live_enter())
		return 0;
	if (!drop_capabilities()) {
		printf("1..0 # SKIP capabilities can't be dropped\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
