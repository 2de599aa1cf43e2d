// SPDX-License-Identifier: GPL-3.0-or-later
// The walk behind a bind that was seen, of events made up in a lab: in this namespace and in another one, by a process
// that still runs and by one that is gone; and what is looked up about it.
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "core/evidence/event_about.h"
#include "core/evidence/event_walk.h"
#include "core/evidence/trial.h"
#include "tests/live/live.h"

static uint64_t netns_of(pid_t pid)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static struct bind_event event(pid_t pid, const char *addr, uint16_t port, int err)
{
	struct bind_event e = {.when = now(),
			       .pid = (int)pid,
			       .thread = (int)pid,
			       .netns = netns_of(pid),
			       .family = AF_INET,
			       .fd = 3,
			       .addr_known = true,
			       .socket_known = true,
			       .attempt = live_attempt(addr, port),
			       .err = err};
	e.family = e.attempt.family;
	return e;
}

static struct event_walk *walk(const struct bind_event *e)
{
	struct event_walk *w;
	uint64_t before = netns_of(getpid());
	assert_int_equal(event_walk_begin(e, &w), 0);
	assert_true(event_walk_wait(w, -1));
	assert_int_equal(netns_of(getpid()), before);
	return w;
}

static void expect(const struct bind_event *e, enum agreement agreement, enum code code)
{
	struct event_walk *w = walk(e);
	const struct event_verdict *v = event_walk_verdict(w);
	if (!v->present)
		fail_msg("no walk: %s", v->why_not);
	if (v->agreement != agreement || v->code != code)
		fail_msg("%d %s: %s", (int)v->agreement, code_info(v->code)->name, v->sentence);
	assert_true(event_walk_inquiry(w)->walk.nsteps > 0);
	assert_int_equal(event_walk_inquiry(w)->walk.observed.err, e->err);
	assert_true(strlen(v->sentence) > 10);
	event_walk_close(w);
}

static void expect_none(const struct bind_event *e)
{
	struct event_walk *w = walk(e);
	assert_false(event_walk_verdict(w)->present);
	assert_true(event_walk_verdict(w)->why_not[0] != '\0');
	assert_null(event_walk_inquiry(w));
	event_walk_close(w);
}

static void test_here(void **state)
{
	(void)state;
	struct bind_event e = event(getpid(), "203.0.113.9", 80, EADDRNOTAVAIL);
	expect(&e, AGREES, CODE_ADDR_NOT_LOCAL);
	e = event(getpid(), "2001:db8:9::9", 80, EADDRNOTAVAIL);
	expect(&e, AGREES, CODE_ADDR_NOT_LOCAL);
	e = event(getpid(), "127.0.0.1", 0, 0);
	expect(&e, AGREES, CODE_ADDR_LOCAL);
}

// What is there now is not what was there then, or so it seems: nothing is said against the model.
static void test_changed(void **state)
{
	(void)state;
	struct bind_event e = event(getpid(), "127.0.0.1", 0, EADDRNOTAVAIL);
	expect(&e, CHANGED, CODE_CHANGED_SINCE);
	e = event(getpid(), "127.0.0.1", 0, EACCES);
	expect(&e, CHANGED, CODE_CHANGED_SINCE);
	e = event(getpid(), "203.0.113.9", 0, 0);
	expect(&e, CHANGED, CODE_CHANGED_SINCE);
}

// A port is held: by another socket, or by the one that this bind was about.
static void test_holder(void **state)
{
	(void)state;
	struct attempt a = live_attempt("127.0.0.1", 8099);
	struct trial t;
	int held = trial_open(&a, &t);
	assert_true(held >= 0);
	assert_int_equal(listen(held, 1), 0);
	struct bind_event e = event(getpid(), "127.0.0.1", 8099, EADDRINUSE);
	expect(&e, AGREES, CODE_PORT_TAKEN);
	e.err = 0;
	expect(&e, AGREES, CODE_ADDR_LOCAL);
	close(held);
}

// The socket had an option for which the process no longer has the capability.
static void test_dropped(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitpid(child, NULL, WUNTRACED), child);
	struct bind_event e = event(child, "203.0.113.9", 80, 0);
	assert_int_equal(attempt_toggle(&e.attempt, OPT_TRANSPARENT), 0);
	expect(&e, AGREES, CODE_NONLOCAL_BY_TRANSPARENT);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	// Of one that is gone nothing is known, but that it had the option.
	e.netns = netns_of(getpid());
	expect(&e, AGREES, CODE_NONLOCAL_BY_TRANSPARENT);
	assert_int_equal(attempt_toggle(&e.attempt, OPT_TRANSPARENT), 0);
	e.err = EADDRNOTAVAIL;
	expect(&e, AGREES, CODE_ADDR_NOT_LOCAL);
}

static bool lo_up(void)
{
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	return fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &r) == 0;
}

// A process in a namespace of its own, which has nothing but lo.
static pid_t start_elsewhere(void)
{
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET) < 0 || !lo_up())
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	return child;
}

static void test_elsewhere(void **state)
{
	(void)state;
	pid_t child = start_elsewhere();
	// An address that this host has.
	struct bind_event e = event(child, "192.0.2.2", 80, EADDRNOTAVAIL);
	assert_true(e.netns != netns_of(getpid()));
	struct event_walk *w = walk(&e);
	assert_int_equal(event_walk_verdict(w)->agreement, AGREES);
	assert_int_equal(event_walk_inquiry(w)->caller.pid, child);
	assert_int_equal(event_walk_inquiry(w)->caller.stand_in, SEEN_OF_IT);
	event_walk_close(w);
	// Found by who is in it, where the process itself is not known.
	e.pid = e.thread = 0;
	w = walk(&e);
	assert_int_equal(event_walk_verdict(w)->agreement, AGREES);
	assert_int_equal(event_walk_inquiry(w)->caller.net_bind_service, UNKNOWN);
	event_walk_close(w);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	e.netns = 1; // as of one that is gone: its own inode may be another's by now
	expect_none(&e);
}

static void test_unknown(void **state)
{
	(void)state;
	struct bind_event e = event(getpid(), "127.0.0.1", 80, EADDRNOTAVAIL);
	e.netns = 0;
	expect_none(&e);
	e = event(getpid(), "127.0.0.1", 80, EADDRNOTAVAIL);
	e.addr_known = false;
	expect_none(&e);
	e.addr_known = true;
	e.socket_known = false;
	expect_none(&e);
}

// Somebody who did not wait for the end.
static void test_left(void **state)
{
	(void)state;
	struct bind_event e = event(getpid(), "203.0.113.9", 80, EADDRNOTAVAIL);
	for (int i = 0; i < 8; i++) {
		struct event_walk *w;
		assert_int_equal(event_walk_begin(&e, &w), 0);
		event_walk_close(w);
	}
	expect(&e, AGREES, CODE_ADDR_NOT_LOCAL);
}

static void test_about(void **state)
{
	(void)state;
	struct event_about *about;
	struct bind_event e = event(getpid(), "127.0.0.1", 80, 0);
	assert_int_equal(event_about_open(&about), 0);
	assert_int_equal(event_about_netns(about), netns_of(getpid()));
	event_about_fill(about, &e);
	assert_true(e.netns_ours);
	assert_string_equal(e.netns_name, "");
	// What is not there is looked up by the process; of one that began later, or is gone, it is not.
	e.netns = 0;
	event_about_fill(about, &e);
	assert_int_equal(e.netns, netns_of(getpid()));
	e.netns = 0;
	e.when = 0;
	event_about_fill(about, &e);
	assert_true(e.netns == 0 && !e.netns_ours);
	assert_string_equal(e.unit, "");
	pid_t child = start_elsewhere();
	e = event(child, "127.0.0.1", 80, 0);
	event_about_fill(about, &e);
	assert_false(e.netns_ours);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	event_about_close(about);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_here),    cmocka_unit_test(test_changed),   cmocka_unit_test(test_holder),
		cmocka_unit_test(test_dropped), cmocka_unit_test(test_elsewhere), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_left),    cmocka_unit_test(test_about),
	};
	if (!live_enter())
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
