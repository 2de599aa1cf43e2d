// SPDX-License-Identifier: GPL-3.0-or-later
// Binds of other processes, seen by the kernel's tracepoints: who, where, and how they ended; and none lost unsaid.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/evidence/watch.h"
#include "core/evidence/watch_trace.h"
#include "core/evidence/witness.h"
#include "core/model/attempt.h"
#include "tests/live/live.h"

enum { NOBODY = 65534, EVENTS = 64, MANY = 4000, LITTLE_ROOM = 1 << 17 };

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

static struct watch_trace *begin(const struct watch_trace_how *how)
{
	struct watch_trace *w;
	char err[WITNESS_ERROR] = "";
	assert_int_equal(watch_trace_open(how, &w, err, sizeof err), 0);
	assert_string_equal(err, "");
	return w;
}

static void look_at(struct watch_trace *w, pid_t pid, struct look *out)
{
	memset(out, 0, sizeof *out);
	out->pid = pid;
	int taken = watch_trace_read(w, keep, out);
	assert_int_equal(taken, out->n + out->others);
}

// Others bind, too, and may do so until there is no room.
static bool complete(const struct look *l)
{
	for (unsigned i = 0; i < l->n && i < EVENTS; i++)
		if (l->events[i].inner.why_not[0])
			return false;
	return true;
}

// What is left to see of a bind that ended while nobody looked: the child is gone then.
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

// Looks at a child that does that, again where something was lost.
static void watch_child(struct watch_trace *w, void (*what)(int), int number, struct look *out)
{
	uint64_t lost;
	do {
		lost = watch_trace_counts(w).lost;
		look_at(w, ran(what, number), out);
	} while (watch_trace_counts(w).lost != lost || !complete(out));
}

static int try_bind(const char *text, uint16_t port)
{
	struct addr addr = {0};
	struct sockaddr_storage at;
	addr_parse(text, &addr);
	struct attempt a = attempt_new(&addr);
	a.port = port;
	int fd = socket(a.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unsigned len = attempt_sockaddr(&a, &at);
	int err = bind(fd, (struct sockaddr *)&at, len) < 0 ? errno : 0;
	close(fd);
	return err;
}

static void expect(int err, int wanted)
{
	if (err != wanted)
		_exit(2);
}

static void bind_some(int number)
{
	(void)number;
	prctl(PR_SET_NAME, "a binder");
	expect(try_bind("127.0.0.1", 0), 0);
	expect(try_bind("198.51.100.1", 8080), EADDRNOTAVAIL);
	expect(try_bind("::1", 0), 0);
	expect(try_bind("2001:db8::3", 0), EADDRNOTAVAIL);
	expect(bind(-1, NULL, 7) < 0 ? errno : 0, EBADF);
}

static void check_lookup(const struct bind_event *e, const char *addr, int returned)
{
	const struct kernel_call *c = witnessed_call(&e->inner, KF_fib_table_lookup);
	struct addr a = live_addr(addr);
	assert_true(e->addr_known);
	assert_memory_equal(&e->attempt.addr, &a, sizeof a);
	assert_int_equal(e->attempt.family, AF_INET);
	assert_non_null(c);
	assert_memory_equal(&c->addr, &a, sizeof a);
	assert_int_equal(c->table, RT_TABLE_LOCAL);
	assert_int_equal(c->returned, returned);
	assert_true(c->ns <= e->ns);
	assert_int_equal(e->inner.counts[KF_fib_table_lookup], 1);
}

static void check_no_lookup(const struct bind_event *e)
{
	assert_true(e->inner.present);
	assert_true(witnessed_watched(&e->inner, KF_fib_table_lookup));
	assert_int_equal(e->inner.ncalls, 0);
	assert_false(e->addr_known);
}

static uint64_t own_netns(void)
{
	struct stat ns;
	assert_int_equal(stat("/proc/self/ns/net", &ns), 0);
	return ns.st_ino;
}

static void test_child(void **state)
{
	(void)state;
	static const int errors[] = {0, EADDRNOTAVAIL, 0, EADDRNOTAVAIL, EBADF};
	struct watch_trace *w = begin(&(struct watch_trace_how){0});
	struct look l;
	watch_child(w, bind_some, 0, &l);
	assert_int_equal(l.n, 5);
	for (unsigned i = 0; i < l.n; i++) {
		const struct bind_event *e = &l.events[i];
		assert_int_equal(e->source, SOURCE_TRACEPOINTS);
		assert_int_equal(e->thread, l.pid);
		assert_string_equal(e->program, "a binder");
		assert_int_equal(e->netns, own_netns());
		assert_int_equal(e->err, errors[i]);
		assert_true(e->ns > 0 && e->when > 0);
		assert_true(i == 0 || e->when > e[-1].when);
		assert_false(e->socket_known);
		assert_false(e->uid_known);
	}
	check_lookup(&l.events[0], "127.0.0.1", 0);
	check_lookup(&l.events[1], "198.51.100.1", -EAGAIN);
	check_no_lookup(&l.events[2]);
	check_no_lookup(&l.events[3]);
	check_no_lookup(&l.events[4]);
	assert_true(l.events[0].fd >= 0 && l.events[0].addrlen == sizeof(struct sockaddr_in));
	assert_int_equal(l.events[2].addrlen, sizeof(struct sockaddr_in6));
	assert_int_equal(l.events[4].fd, -1);
	assert_int_equal(l.events[4].addrlen, 7);
	watch_trace_close(w);
}

static void test_refused_only(void **state)
{
	(void)state;
	struct watch_trace *w = begin(&(struct watch_trace_how){.refused_only = true});
	struct look l;
	watch_child(w, bind_some, 0, &l);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.events[0].err, EADDRNOTAVAIL);
	assert_int_equal(l.events[2].err, EBADF);
	struct bind_counts c = watch_trace_counts(w);
	assert_true(c.seen >= 5);
	watch_trace_refused_only(w, false);
	watch_child(w, bind_some, 0, &l);
	assert_int_equal(l.n, 5);
	watch_trace_close(w);
}

// Without any address a namespace has no table local, and no lookup.
static void lift_lo(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	expect(ioctl(fd, SIOCSIFFLAGS, &lo), 0);
	close(fd);
}

// Binds in other namespaces, one that it made and the one that it came from.
static void bind_elsewhere(int to)
{
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	struct stat ns;
	expect(try_bind("192.0.2.2", 0), 0);
	if (unshare(CLONE_NEWNET) < 0 || stat("/proc/self/ns/net", &ns) < 0 ||
	    write(to, &ns.st_ino, sizeof ns.st_ino) != sizeof ns.st_ino)
		_exit(3);
	lift_lo();
	expect(try_bind("192.0.2.2", 0), EADDRNOTAVAIL);
	if (setns(here, CLONE_NEWNET) < 0)
		_exit(4);
	expect(try_bind("192.0.2.2", 0), 0);
}

static void test_other_netns(void **state)
{
	(void)state;
	int told[2];
	ino_t other = 0;
	struct look l;
	assert_int_equal(pipe(told), 0);
	struct watch_trace *w = begin(&(struct watch_trace_how){0});
	watch_child(w, bind_elsewhere, told[1], &l);
	while (poll(&(struct pollfd){.fd = told[0], .events = POLLIN}, 1, 0) > 0)
		assert_int_equal(read(told[0], &other, sizeof other), sizeof other);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.events[0].netns, own_netns());
	assert_int_equal(l.events[1].netns, other);
	assert_int_equal(l.events[1].err, EADDRNOTAVAIL);
	check_lookup(&l.events[1], "192.0.2.2", -EAGAIN);
	assert_int_equal(l.events[2].netns, own_netns());
	watch_trace_close(w);
	close(told[0]);
	close(told[1]);
}

// A process that was there before the watch began, seen while it is alive.
static void test_earlier_process(void **state)
{
	(void)state;
	int go[2], done[2], status;
	char byte = 0;
	struct look l;
	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(done), 0);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_NAME, "an old one");
		if (write(done[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(3);
		expect(try_bind("127.0.0.1", 0), 0);
		_exit(write(done[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 1 ? 0 : 4);
	}
	assert_int_equal(read(done[0], &byte, 1), 1);
	struct watch_trace *w = begin(&(struct watch_trace_how){0});
	struct pollfd wait = {.fd = watch_trace_fd(w), .events = POLLIN};
	assert_int_equal(write(go[1], &byte, 1), 1);
	assert_int_equal(read(done[0], &byte, 1), 1);
	assert_int_equal(poll(&wait, 1, -1), 1);
	look_at(w, child, &l);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.events[0].program, "an old one");
	assert_int_equal(l.events[0].netns, own_netns());
	assert_int_equal(write(go[1], &byte, 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	watch_trace_close(w);
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(done[i]);
	}
}

static void *bind_in_thread(void *data)
{
	prctl(PR_SET_NAME, "a thread");
	expect(try_bind(data, 0), 0);
	return NULL;
}

static void bind_in_threads(int number)
{
	pthread_t threads[8];
	(void)number;
	prctl(PR_SET_NAME, "a process");
	for (int i = 0; i < 8; i++)
		expect(pthread_create(&threads[i], NULL, bind_in_thread, (void *)(uintptr_t) "127.0.0.9"), 0);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
}

static void test_threads(void **state)
{
	(void)state;
	struct watch_trace *w = begin(&(struct watch_trace_how){0});
	struct look l;
	watch_child(w, bind_in_threads, 0, &l);
	assert_int_equal(l.n, 8);
	for (unsigned i = 0; i < l.n; i++) {
		check_lookup(&l.events[i], "127.0.0.9", 0);
		assert_true(l.events[i].thread != l.pid);
		assert_string_equal(l.events[i].program, "a process");
		for (unsigned k = 0; k < i; k++)
			assert_true(l.events[k].thread != l.events[i].thread);
	}
	watch_trace_close(w);
}

static void bind_often(int times)
{
	for (int i = 0; i < times; i++)
		expect(bind(-1, NULL, 16) < 0 ? errno : 0, EBADF);
}

// However little room there is: each is seen, or counted as lost.
static void check_many(size_t room, bool fits)
{
	struct watch_trace *w = begin(&(struct watch_trace_how){.room = room});
	struct look l;
	look_at(w, ran(bind_often, MANY), &l);
	struct bind_counts c = watch_trace_counts(w);
	assert_true(l.n + c.lost >= MANY);
	assert_int_equal(c.seen, l.n + l.others);
	assert_true(fits || c.lost > 0);
	assert_true(fits || l.n == 0 || !l.events[0].inner.present);

	// What follows is seen as if nothing had been.
	watch_child(w, bind_some, 0, &l);
	assert_int_equal(l.n, 5);
	check_lookup(&l.events[0], "127.0.0.1", 0);
	watch_trace_close(w);
}

static void test_many(void **state)
{
	(void)state;
	check_many(0, true);
	check_many(LITTLE_ROOM, false);
}

static void bind_as_tree(int number)
{
	(void)number;
	expect(try_bind("127.0.0.1", 0), 0);
	pid_t child = fork();
	if (child == 0)
		_exit(try_bind("127.0.0.2", 0));
	int status;
	if (waitpid(child, &status, 0) != child || status)
		_exit(3);
}

static void wait_and_bind(int go)
{
	char byte;
	if (read(go, &byte, 1) == 1)
		bind_as_tree(0);
}

static void look_at_tree(struct watch_trace *w, const int go[2], struct look *out)
{
	int status;
	char byte = 0;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		wait_and_bind(go[0]);
		_exit(0);
	}
	assert_int_equal(watch_trace_add(w, child), 0);
	ran(bind_some, 0); // not of the tree
	assert_int_equal(write(go[1], &byte, 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	look_at(w, child, out);
}

static void test_tree(void **state)
{
	(void)state;
	int go[2];
	struct look l;
	struct bind_counts before;
	assert_int_equal(pipe(go), 0);
	struct watch_trace *w = begin(&(struct watch_trace_how){.tree = true});
	do {
		before = watch_trace_counts(w);
		look_at_tree(w, go, &l);
	} while (watch_trace_counts(w).lost != before.lost);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.others, 1); // its child
	assert_int_equal(watch_trace_counts(w).seen, before.seen + 2);
	assert_int_equal(watch_trace_add(w, -1), -EINVAL);
	watch_trace_close(w);
	close(go[0]);
	close(go[1]);
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
	struct watch_trace *w = begin(&(struct watch_trace_how){0});
	struct look l;
	watch_child(w, bind_filtered, 0, &l);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.events[0].err, EOWNERDEAD);
	assert_int_equal(l.events[0].fd, -1);
	assert_int_equal(l.events[0].addrlen, -1);
	assert_false(l.events[0].addr_known);
	assert_false(l.events[0].inner.present);
	watch_trace_close(w);
}

static void open_as_nobody(int number)
{
	(void)number;
	struct watch_trace *w;
	char err[WITNESS_ERROR] = "";
	if (setgid(NOBODY) < 0 || setuid(NOBODY) < 0)
		_exit(2);
	int code = watch_trace_open(&(struct watch_trace_how){0}, &w, err, sizeof err);
	bool refused = (code == -EPERM || code == -EACCES) && !w;
	_exit(refused && strstr(err, "CAP_PERFMON") && !strchr(err, '\n') ? 0 : 1);
}

static void test_nobody(void **state)
{
	(void)state;
	ran(open_as_nobody, 0);
}

static unsigned count_files(void)
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
	unsigned before = count_files();
	for (int i = 0; i < 3; i++)
		watch_trace_close(begin(&(struct watch_trace_how){.tree = true}));
	assert_int_equal(count_files(), before);
}

// As watch_open() has it: BPF is not wanted, or not there.
static void test_below_bpf(void **state)
{
	(void)state;
	const struct watch_how how = {.all = true, .no_bpf = true}, neither = {.no_bpf = true, .no_tracepoints = true};
	struct watch *w;
	struct look l = {0};
	char err[WATCH_ERROR] = "";
	assert_int_equal(watch_open(&how, &w, err, sizeof err), 0);
	assert_int_equal(watch_source(w), SOURCE_TRACEPOINTS);
	assert_true(strlen(watch_without(w)) > 10);
	l.pid = ran(bind_some, 0);
	int taken = watch_read(w, keep, &l);
	assert_int_equal(taken, l.n + l.others);
	struct bind_counts c = watch_counts(w);
	assert_true(l.n + c.lost >= 5);
	assert_int_equal(c.seen, l.n + l.others);
	assert_true(l.n == 0 || l.events[0].when > 1700000000ll * 1000000000); // years, not time since boot
	watch_close(w);
	assert_true(watch_open(&neither, &w, err, sizeof err) < 0);
	assert_null(w);
	assert_true(strlen(err) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_child),       cmocka_unit_test(test_refused_only),
		cmocka_unit_test(test_other_netns), cmocka_unit_test(test_earlier_process),
		cmocka_unit_test(test_threads),     cmocka_unit_test(test_many),
		cmocka_unit_test(test_tree),        cmocka_unit_test(test_seccomp),
		cmocka_unit_test(test_nobody),      cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_below_bpf),
	};
	struct watch_trace *w;
	char err[WITNESS_ERROR];
	if (!live_enter())
		return 0;
	if (watch_trace_open(&(struct watch_trace_how){0}, &w, err, sizeof err) < 0) {
		printf("1..0 # SKIP %s\n", err);
		return 0;
	}
	watch_trace_close(w);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
