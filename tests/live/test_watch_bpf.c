// SPDX-License-Identifier: GPL-3.0-or-later
// Binds of children, seen by BPF programs on the system call's tracepoints: what was asked for, by whom, on which
// socket, and how it ended. Other programs may bind at the same time.
// clang-format off
#include "tests/live/live.h"
// clang-format on

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/types.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/evidence/bind_probe.h"
#include "core/evidence/bind_record.h"
#include "core/evidence/trial.h"
#include "core/evidence/watch.h"

enum { NOBODY = 65534, EVENTS = 64, MANY = 2000, THREADS = 8, LITTLE_ROOM = 4096 };

static struct watch *all;

// What was seen of one process, and of all others.
struct look {
	pid_t pid;
	unsigned n, others;
	struct bind_event events[EVENTS];
};

static void keep(void *data, const struct bind_event *e)
{
	struct look *l = data;
	if (e->pid != l->pid)
		l->others++;
	else if (l->n++ < EVENTS)
		l->events[l->n - 1] = *e;
}

static void expect(int err, int wanted)
{
	if (err != wanted)
		_exit(2);
}

// The child is gone when it returns.
static pid_t ran(void (*what)(int), int number)
{
	int status;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		what(number);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	return child;
}

static void look_at(struct watch *w, pid_t pid, struct look *out)
{
	memset(out, 0, sizeof *out);
	out->pid = pid;
	int taken = watch_read(w, keep, out);
	assert_int_equal(taken, out->n + out->others);
}

// Looks at a child that does that, again where others took the room.
static void watch_child(struct watch *w, void (*what)(int), int number, struct look *out)
{
	uint64_t lost;
	do {
		lost = watch_counts(w).lost;
		look_at(w, ran(what, number), out);
	} while (watch_counts(w).lost != lost);
}

static const struct made {
	const char *addr;
	uint16_t port;
	enum kind kind;
	int err;
	const char *settings[3];
} made[] = {
	{"127.0.0.1", 0, KIND_TCP, 0, {0}},
	{"192.0.2.2", 8080, KIND_UDP, 0, {"reuseaddr", "mark=4275878552"}},
	{"198.51.100.1", 8080, KIND_TCP, EADDRNOTAVAIL, {0}},
	{"198.51.100.1", 8080, KIND_TCP, 0, {"freebind", "noport"}},
	{"198.51.100.2", 53, KIND_UDP, 0, {"transparent", "reuseport"}},
	{"0.0.0.0", 0, KIND_UDP, 0, {"ifindex=1", "portrange=50000-50010"}},
	{"::1", 443, KIND_TCP, 0, {"v6only"}},
	{"2001:db8::2", 53, KIND_UDP, 0, {"reuseport"}},
	{"2001:db8::3", 1234, KIND_UDP, EADDRNOTAVAIL, {0}},
	{"2001:db8::3", 1234, KIND_UDP, 0, {"freebind"}},
	{"::ffff:192.0.2.2", 80, KIND_TCP, 0, {0}},
	{"::ffff:198.51.100.1", 80, KIND_TCP, EADDRNOTAVAIL, {0}},
	{"127.0.0.1", 0, KIND_RAW, 0, {0}},
	{"2001:db8::3", 0, KIND_RAW, EADDRNOTAVAIL, {0}},
	{"127.0.0.1", 77, KIND_PING, 0, {0}},
	{"::1", 77, KIND_PING, 0, {0}},
	{"127.0.0.1", 9, KIND_UDPLITE, 0, {0}},
	{"127.0.0.1", 9, KIND_MPTCP, 0, {0}},
	{"127.0.0.1", 9, KIND_SCTP, 0, {0}},
};
enum { MADE = sizeof made / sizeof *made };

static struct attempt attempt_of(const struct made *m)
{
	struct attempt a = live_attempt(m->addr, m->port);
	char err[256];
	a.kind = m->kind;
	a.raw_protocol = m->kind == KIND_RAW ? 253 : 0;
	for (int i = 0; i < 3 && m->settings[i]; i++) {
		struct setting s;
		assert_int_equal(setting_parse(m->settings[i], &s, err, sizeof err), 0);
		assert_int_equal(attempt_set(&a, &s), 0);
	}
	return a;
}

// Which of them this kernel makes: it may lack a kind, or an option.
static bool possible[MADE];

static void find_possible(void)
{
	for (int i = 0; i < MADE; i++) {
		struct attempt a = attempt_of(&made[i]);
		struct trial t;
		assert_int_equal(trial_run(&a, &live_root, &t), 0);
		possible[i] = t.call == CALL_BIND;
	}
}

static void make_all(int number)
{
	(void)number;
	prctl(PR_SET_NAME, "a binder");
	for (int i = 0; i < MADE; i++) {
		struct attempt a = attempt_of(&made[i]);
		struct trial t;
		expect(trial_run(&a, &live_root, &t), 0);
		expect(t.call == CALL_BIND, possible[i]);
		expect(t.call == CALL_BIND ? t.err : made[i].err, made[i].err);
	}
}

static void check_attempt(const struct bind_event *e, const struct made *m)
{
	struct attempt a = attempt_of(m);
	assert_true(e->addr_known && e->socket_known);
	assert_int_equal(e->family, a.family);
	assert_int_equal(e->attempt.family, a.family);
	assert_int_equal(e->attempt.kind, a.kind);
	assert_int_equal(e->attempt.raw_protocol, a.raw_protocol);
	assert_int_equal(e->attempt.port, a.port);
	assert_true(addr_equal(&e->attempt.addr, &a.addr));
	assert_int_equal(e->attempt.addrlen, ADDRLEN_WHOLE);
	assert_int_equal(e->attempt.nsettings, a.nsettings); // none of those that raw and ping sockets begin with
	for (unsigned i = 0; i < a.nsettings; i++) {
		const struct setting *s = attempt_setting(&e->attempt, a.settings[i].option);
		assert_non_null(s);
		assert_int_equal(s->value, a.settings[i].value);
	}
	assert_int_equal(e->err, m->err);
}

static uint64_t own_netns(void)
{
	struct stat ns;
	assert_int_equal(stat("/proc/self/ns/net", &ns), 0);
	return ns.st_ino;
}

static void test_attempts(void **state)
{
	(void)state;
	struct look l;
	unsigned at = 0;
	change_sysctl("net.ipv4.ping_group_range", "0 0");
	find_possible();
	watch_child(all, make_all, 0, &l);
	for (int i = 0; i < MADE; i++) {
		if (!possible[i])
			continue;
		const struct bind_event *e = &l.events[at++];
		assert_true(at <= l.n);
		check_attempt(e, &made[i]);
		assert_string_equal(e->program, "a binder");
		assert_int_equal(e->thread, l.pid);
		assert_int_equal(e->netns, own_netns());
		assert_true(e->uid_known && e->uid == 0);
		assert_true(e->cgroup && e->ns && e->fd >= 0);
		assert_true(at == 1 || e->when > e[-1].when);
		// years, not time since boot; a guest's clock may be wrong, but not that much
		assert_true(e->when > 1000000000ll * 1000000000);
	}
	assert_int_equal(l.n, at);
	assert_true(at >= 12);
}

// The functions in between are not watched, and each event says so.
static void test_source(void **state)
{
	(void)state;
	struct look l;
	assert_int_equal(watch_source(all), SOURCE_BPF_TRACEPOINTS);
	assert_true(strlen(watch_without(all)) > 10);
	watch_child(all, make_all, 0, &l);
	for (unsigned i = 0; i < l.n; i++) {
		const struct witnessed *in = &l.events[i].inner;
		assert_int_equal(l.events[i].source, SOURCE_BPF_TRACEPOINTS);
		assert_false(in->present);
		assert_string_equal(in->why_not, watch_without(all));
		assert_int_equal(in->ncalls, 0);
		assert_int_equal(in->sets.watched, 0);
	}
}

// Calls that end before a socket looks at them, or that it refuses for their form.
static const struct form {
	enum { NO_FILE, BEYOND, NULL_FILE, UNIX_PATH, A_SOCKET, UNIX_SOCKET } on;
	enum { HERE, NOWHERE, KERNEL, ELSEWHERE } from;
	int addrlen, err;
	bool socket_known, addr_known;
} forms[] = {
	{NO_FILE, HERE, 16, EBADF, false, false},      {BEYOND, HERE, 16, EBADF, false, false},
	{NULL_FILE, HERE, 16, ENOTSOCK, false, false}, {UNIX_PATH, HERE, 16, EBADF, false, false},
	{A_SOCKET, NOWHERE, 16, EFAULT, true, false},  {A_SOCKET, KERNEL, 16, EFAULT, true, false},
	{A_SOCKET, HERE, -1, EINVAL, true, false},     {A_SOCKET, HERE, INT_MIN, EINVAL, true, false},
	{A_SOCKET, HERE, INT_MAX, EINVAL, true, true}, {A_SOCKET, HERE, 129, EINVAL, true, true},
	{A_SOCKET, HERE, 0, EINVAL, true, false},      {A_SOCKET, HERE, 15, EINVAL, true, true},
	{A_SOCKET, ELSEWHERE, 16, 0, true, true},      {UNIX_SOCKET, HERE, 16, EINVAL, false, false},
};
enum { FORMS = sizeof forms / sizeof *forms };

// A file whose page this process has not touched.
static const void *untouched(const struct sockaddr_in *s)
{
	int fd = memfd_create("sockaddr", MFD_CLOEXEC);
	if (fd < 0 || write(fd, s, sizeof *s) != sizeof *s)
		_exit(4);
	void *p = mmap(NULL, sizeof *s, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

static int unix_path(void)
{
	struct sockaddr_un s = {.sun_family = AF_UNIX, .sun_path = "/tmp/bindwalk-test-XXXXXX"};
	int fd = mkstemp(s.sun_path), at = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unlink(s.sun_path);
	close(fd);
	expect(bind(at, (struct sockaddr *)&s, sizeof s) < 0 ? errno : 0, 0);
	close(at);
	fd = open(s.sun_path, O_PATH | O_CLOEXEC);
	unlink(s.sun_path);
	return fd;
}

static void make_forms(int number)
{
	(void)number;
	struct sockaddr_in s[16] = {{.sin_family = AF_INET, .sin_port = htons(80)}};
	s[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	const int files[] = {
		[NO_FILE] = -1,
		[BEYOND] = 1 << 20,
		[NULL_FILE] = open("/dev/null", O_RDONLY | O_CLOEXEC),
		[UNIX_PATH] = unix_path(),
		[A_SOCKET] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
		[UNIX_SOCKET] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
	};
	const void *const from[] = {
		[HERE] = s, [NOWHERE] = NULL, [KERNEL] = (const void *)-4096, [ELSEWHERE] = untouched(s)};
	for (int i = 0; i < FORMS; i++) {
		const struct form *f = &forms[i];
		expect(syscall(SYS_bind, files[f->on], from[f->from], f->addrlen) < 0 ? errno : 0, f->err);
	}
}

static void test_forms(void **state)
{
	(void)state;
	struct look l;
	const struct addr loopback = live_addr("127.0.0.1");
	watch_child(all, make_forms, 0, &l);
	assert_int_equal(l.n, FORMS - 1); // of the socket of another family, and of unix_path()'s, there is none
	for (int i = 0; i < FORMS - 1; i++) {
		const struct bind_event *e = &l.events[i];
		assert_int_equal(e->err, forms[i].err);
		assert_int_equal(e->addrlen, forms[i].addrlen);
		assert_true(forms[i].on != NO_FILE || e->fd == -1);
		assert_true(forms[i].on != BEYOND || e->fd == 1 << 20);
		assert_int_equal(e->socket_known, forms[i].socket_known);
		assert_int_equal(e->addr_known, forms[i].addr_known);
		assert_int_equal(e->family, forms[i].socket_known ? AF_INET : forms[i].on == UNIX_SOCKET ? AF_UNIX : 0);
		if (!e->addr_known)
			continue;
		assert_true(addr_equal(&e->attempt.addr, &loopback));
		assert_int_equal(e->attempt.port, 80);
	}
}

static int try_bind(const char *text, uint16_t port)
{
	struct attempt a = live_attempt(text, port);
	struct sockaddr_storage at;
	int fd = socket(a.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unsigned len = attempt_sockaddr(&a, &at);
	int err = bind(fd, (struct sockaddr *)&at, len) < 0 ? errno : 0;
	close(fd);
	return err;
}

// The socket's namespace counts, and not the one in which its process is.
static void bind_elsewhere(int to)
{
	struct stat ns;
	struct sockaddr_in s = {.sin_family = AF_INET};
	int here = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (unshare(CLONE_NEWNET) < 0 || stat("/proc/self/ns/net", &ns) < 0 ||
	    write(to, &ns.st_ino, sizeof ns.st_ino) != sizeof ns.st_ino)
		_exit(3);
	expect(try_bind("2001:db8::2", 0), EADDRNOTAVAIL);
	expect(bind(here, (struct sockaddr *)&s, sizeof s), 0);
	if (setgid(NOBODY) < 0 || setuid(NOBODY) < 0)
		_exit(4);
	expect(try_bind("0.0.0.0", 80), EACCES);
}

static void test_who(void **state)
{
	(void)state;
	int told[2];
	ino_t other = 0;
	struct look l;
	assert_int_equal(pipe(told), 0);
	watch_child(all, bind_elsewhere, told[1], &l);
	while (poll(&(struct pollfd){.fd = told[0], .events = POLLIN}, 1, 0) > 0)
		assert_int_equal(read(told[0], &other, sizeof other), sizeof other);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.events[0].netns, other);
	assert_int_equal(l.events[1].netns, own_netns());
	assert_int_equal(l.events[2].netns, other);
	assert_int_equal(l.events[0].uid, 0);
	assert_int_equal(l.events[2].uid, NOBODY);
	assert_int_equal(l.events[2].err, EACCES);
	close(told[0]);
	close(told[1]);
}

static void *bind_in_thread(void *data)
{
	prctl(PR_SET_NAME, "a thread");
	expect(try_bind(data, 0), 0);
	return NULL;
}

static void bind_in_threads(int number)
{
	static char where[] = "127.0.0.9";
	pthread_t threads[THREADS];
	(void)number;
	prctl(PR_SET_NAME, "a process");
	for (int i = 0; i < THREADS; i++)
		expect(pthread_create(&threads[i], NULL, bind_in_thread, where), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void test_threads(void **state)
{
	(void)state;
	const struct addr where = live_addr("127.0.0.9");
	struct look l;
	const uint64_t lost = watch_counts(all).lost;
	watch_child(all, bind_in_threads, 0, &l);
	// Where the kernel stops a thread inside of a program, it leaves that out for the next one.
	assert_true(l.n <= THREADS && l.n + watch_counts(all).lost - lost >= THREADS);
	for (unsigned i = 0; i < l.n; i++) {
		assert_true(addr_equal(&l.events[i].attempt.addr, &where));
		assert_string_equal(l.events[i].program, "a process");
		assert_true(l.events[i].thread != l.pid);
		for (unsigned k = 0; k < i; k++)
			assert_true(l.events[k].thread != l.events[i].thread);
	}
}

// A process in a pid namespace below has its number of here.
static void bind_below(int to)
{
	int status;
	if (unshare(CLONE_NEWPID) < 0)
		_exit(3);
	pid_t child = fork();
	if (child == 0)
		_exit(getpid() == 1 ? try_bind("127.0.0.1", 0) : 4);
	if (waitpid(child, &status, 0) != child || status || write(to, &child, sizeof child) != sizeof child)
		_exit(5);
}

static void test_pid_namespace(void **state)
{
	(void)state;
	int told[2];
	pid_t below;
	struct look l;
	assert_int_equal(pipe(told), 0);
	ran(bind_below, told[1]);
	assert_int_equal(read(told[0], &below, sizeof below), sizeof below);
	look_at(all, below, &l);
	assert_true(l.n == 1 || watch_counts(all).lost);
	close(told[0]);
	close(told[1]);
}

// A filter that answers in the kernel's place: the system call ends and has not begun.
static void bind_filtered(int number)
{
	(void)number;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bind, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOWNERDEAD),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(3);
	expect(try_bind("127.0.0.1", 0), EOWNERDEAD);
}

static void test_seccomp(void **state)
{
	(void)state;
	struct look l;
	watch_child(all, bind_filtered, 0, &l);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.events[0].err, EOWNERDEAD);
	assert_int_equal(l.events[0].fd, -1);
	assert_int_equal(l.events[0].addrlen, -1);
	assert_false(l.events[0].addr_known || l.events[0].socket_known);
}

static void bind_often(int times)
{
	for (int i = 0; i < times; i++)
		expect(bind(-1, NULL, 16) < 0 ? errno : 0, EBADF);
}

static void test_many(void **state)
{
	(void)state;
	struct bind_counts before = watch_counts(all);
	struct look l;
	look_at(all, ran(bind_often, MANY), &l);
	struct bind_counts now = watch_counts(all);
	assert_true(l.n + now.lost - before.lost >= MANY);
	assert_int_equal(now.seen - before.seen, l.n + l.others);
	assert_true(l.n == MANY || now.lost > before.lost);
	watch_close(all);
	all = NULL;
}

static void bind_as_tree(int go)
{
	char byte;
	int status;
	expect(read(go, &byte, 1) == 1, true);
	expect(try_bind("127.0.0.1", 0), 0);
	pid_t child = fork();
	if (child == 0)
		_exit(try_bind("198.51.100.1", 7) == EADDRNOTAVAIL ? 0 : 6);
	if (waitpid(child, &status, 0) != child || status)
		_exit(3);
}

static void look_at_tree(struct watch *w, const int go[2], struct look *out)
{
	int status;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		bind_as_tree(go[0]);
		_exit(0);
	}
	assert_int_equal(watch_add(w, child), 0);
	ran(bind_often, 3); // not of the tree
	assert_int_equal(write(go[1], "", 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	look_at(w, child, out);
}

static void test_tree(void **state)
{
	(void)state;
	const struct watch_how how = {.tree = true, .no_functions = true, .no_tracepoints = true};
	struct watch *w;
	char err[WATCH_ERROR];
	struct look l;
	int go[2];
	assert_int_equal(pipe(go), 0);
	assert_int_equal(watch_open(&how, &w, err, sizeof err), 0);
	look_at_tree(w, go, &l);
	assert_int_equal(l.n, 0); // it succeeded
	assert_int_equal(l.others, 1);
	assert_int_equal(watch_counts(w).seen, 2);
	watch_want_all(w, true);
	look_at_tree(w, go, &l);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.others, 1);
	assert_int_equal(watch_counts(w).seen, 4);
	assert_int_equal(watch_counts(w).lost, 0);
	watch_close(w);
	close(go[0]);
	close(go[1]);
}

static void count(void *data, const struct bind_record *r, size_t len)
{
	assert_true(len >= offsetof(struct bind_record, calls));
	assert_int_equal(r->ncalls, 0);
	++*(unsigned *)data;
}

// However little room there is: each is seen, or counted as lost.
static void test_little_room(void **state)
{
	(void)state;
	const struct bind_probe_how how = {.own_thread = true, .tracepoints = true, .room = LITTLE_ROOM};
	struct bind_probe *p;
	char err[PROBE_ERROR];
	unsigned n = 0;
	assert_int_equal(bind_probe_open(&how, &p, err, sizeof err), 0);
	bind_often(3); // it rests
	bind_probe_on(p, true);
	bind_often(MANY);
	assert_true(bind_probe_read(p, count, &n) > 0);
	struct bind_counts c = bind_probe_counts(p);
	assert_int_equal(c.seen + c.lost, MANY);
	assert_int_equal(c.seen, n);
	assert_true(c.lost > 0);
	n = 0;
	bind_often(1);
	assert_true(bind_probe_read(p, count, &n) >= 0);
	assert_int_equal(n, 1);
	bind_probe_close(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attempts), cmocka_unit_test(test_source),
		cmocka_unit_test(test_forms),    cmocka_unit_test(test_who),
		cmocka_unit_test(test_threads),  cmocka_unit_test(test_pid_namespace),
		cmocka_unit_test(test_seccomp),  cmocka_unit_test(test_many),
		cmocka_unit_test(test_tree),     cmocka_unit_test(test_little_room),
	};
	const struct watch_how how = {.all = true, .no_functions = true, .no_tracepoints = true};
	char err[WATCH_ERROR];
	if (!live_enter())
		return 0;
	if (watch_open(&how, &all, err, sizeof err) < 0) {
		printf("1..0 # SKIP %s\n", err);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
