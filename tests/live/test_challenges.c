// SPDX-License-Identifier: GPL-3.0-or-later
// Each challenge is broken at first, is solved by each of several ways and by its own solution, and is not solved by
// what looks like a way: as its check finds, which is the one that the learner's key runs.
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "core/change/feature.h"
#include "core/command/session.h"
#include "core/command/session_run.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_state.h"
#include "tests/live/live.h"

enum { WAYS = 6, FEW = 2 /* where all of them run elsewhere */ };

// Lines with "; " between. A line after "! " is one that the kernel refuses, which is what makes it wrong.
static const struct challenge {
	const char *name;
	const char *ways[WAYS];
	const char *wrong[WAYS];
} challenges[] = {
	{"challenge-lo-down",
	 {"ip link set lo up", "set freebind", "sysctl net.ipv4.ip_nonlocal_bind 1; sysctl net.ipv6.ip_nonlocal_bind 1",
	  "ip addr add 127.0.0.1/8 dev lo; set transparent"},
	 {"ip addr add 127.0.0.1/8 dev lo", "ip addr add 127.0.0.1/32 dev eth0; ! ip addr add ::1/128 dev eth0",
	  "ip route add local 127.0.0.0/8 dev eth0", "sysctl net.ipv4.ip_nonlocal_bind 1", "ip link set eth0 down",
	  "set reuseaddr"}},
	{"challenge-scope",
	 {"scope eth0", "device eth0", "address [fe80::2%eth0]:179", "ip addr add fe80::2/64 dev lo nodad; scope lo"},
	 {"set freebind", "scope lo", "device lo", "sysctl net.ipv6.ip_nonlocal_bind 1",
	  "ip route add local fe80::2 dev eth0", "ip addr add fe80::3/64 dev eth0 nodad"}},
	{"challenge-vip",
	 {"set freebind", "set transparent", "sysctl net.ipv4.ip_nonlocal_bind 1; sysctl net.ipv6.ip_nonlocal_bind 1",
	  "ip route add local 192.0.2.100 dev lo; sysctl net.ipv6.ip_nonlocal_bind 1"},
	 {"ip route add local 192.0.2.100 dev lo; ip route add local 2001:db8::100 dev lo",
	  "sysctl net.ipv4.ip_nonlocal_bind 1", "sysctl net.ipv6.ip_nonlocal_bind 1", "set reuseaddr; set reuseport",
	  "set freebind6", "unprivileged on; set transparent"}},
	{"challenge-time-wait",
	 {"set reuseaddr", "set reuseaddr; set reuseport", "device eth0"},
	 {"set reuseport", "set freebind", "sysctl net.ipv4.tcp_tw_reuse 1", "proto udp", "release",
	  "device lo; set reuseport"}},
	{"challenge-device-holder",
	 {"device eth1", "device lo", "set ifindex=1", "release"},
	 {"set reuseaddr", "set reuseport", "device eth0", "proto tcp", "sysctl net.ipv4.udp_l3mdev_accept 1",
	  "ip link set eth0 down"}},
	{"challenge-bounding-set",
	 {"unprivileged ambient", "sysctl net.ipv4.ip_unprivileged_port_start 80",
	  "sysctl net.ipv4.ip_unprivileged_port_start=0", "unprivileged off"},
	 {"unprivileged on", "set freebind; set reuseaddr", "sysctl net.ipv4.ip_unprivileged_port_start 81",
	  "proto raw", "sysctl net.ipv4.ip_local_reserved_ports 80", "sysctl net.ipv4.ip_nonlocal_bind 1"}},
	{"challenge-route-gone",
	 {"ip route add local 192.0.2.2 dev eth0 table local", "ip route add local 192.0.2.0/24 dev lo",
	  "ip addr del 192.0.2.2/24 dev eth0; ip addr add 192.0.2.2/24 dev eth0",
	  "ip link set eth0 down; ip link set eth0 up", "set freebind"},
	 {"ip route add 192.0.2.2 dev eth0", "! ip addr add 192.0.2.2/24 dev eth0",
	  "ip route add 192.0.2.2 dev eth0 table local", "ip addr add 192.0.2.3/24 dev eth0", "device eth0",
	  "sysctl net.ipv6.ip_nonlocal_bind 1"}},
	{"challenge-reserved-ports",
	 {"sysctl net.ipv4.ip_local_port_range 32768 60999", "sysctl net.ipv4.ip_local_reserved_ports 40000-40004",
	  "sysctl net.ipv4.ip_local_port_range 40000 40100"},
	 {"set reuseaddr", "proto udp", "sysctl net.ipv4.ip_unprivileged_port_start 0", "set freebind",
	  "sysctl net.ipv4.ip_local_reserved_ports 30000-50000", "device eth0"}},
	{"challenge-tentative",
	 {"set freebind", "ip addr del 2001:db8:5::5/64 dev eth1; ip addr add 2001:db8:5::5/64 dev eth1 nodad",
	  "sysctl net.ipv6.ip_nonlocal_bind 1", "ip addr add 2001:db8:5::5/128 dev lo nodad", "set transparent"},
	 {"set reuseaddr", "ip link set eth1 up", "sysctl net.ipv4.ip_nonlocal_bind 1", "device eth1",
	  "ip route add local 2001:db8:5::5 dev eth1",
	  "ip addr del 2001:db8:5::5/64 dev eth1; ip addr add 2001:db8:5::5/64 dev eth1"}},
	{"challenge-split-trie",
	 {"ip route add local 10.9.0.0/16 dev lo", "ip addr add 10.9.1.1/32 dev lo", "set freebind",
	  "sysctl net.ipv4.ip_nonlocal_bind 1", "ip route add local 10.9.1.1 dev eth0"},
	 {"ip rule del to 198.51.100.0/24 lookup 100", "ip rule add pref 1 lookup main",
	  "ip route replace local 10.9.0.0/16 dev lo table main", "ip route add 10.9.1.1 dev lo", "device lo",
	  "undo all"}},
	{"challenge-vrf",
	 {"device blue", "device eth2", "ip link set eth2 nomaster", "ip addr add 10.0.2.1/32 dev lo"},
	 {"device red", "set freebind", "device eth1", "device eth0", "sysctl net.ipv4.udp_l3mdev_accept 1",
	  "ip rule add pref 10 lookup 20"}},
};

static struct session session;
static struct editor *editor;
static struct lesson lesson;
static struct lesson_state state;
static char said[COMMAND_ERROR];

static bool carry(const char *line)
{
	static const struct session_out silent = {0};
	struct session_error error;
	enum exit_status how = session_line(&session, line, &silent, &error);
	snprintf(said, sizeof said, "%s", how == EXIT_OK ? "" : error.text);
	return how == EXIT_OK;
}

static void leave(void)
{
	char err[COMMAND_ERROR];
	session_close(&session);
	editor_close(editor, err, sizeof err);
	editor = NULL;
}

// A fresh lab in which the challenge is set up; the learner's turn.
static void begin(void)
{
	char err[LAB_ERROR];
	leave();
	if (lab_renew(lesson.lab, err, sizeof err) < 0 || editor_open(&editor, false, err, sizeof err) < 0 ||
	    session_open(&session, editor, NULL, err, sizeof err) < 0)
		fail_msg("%s: %s", lesson.name, err);
	lesson_start(&state, &lesson, false);
	for (; state.wait == LESSON_CARRY; lesson_carried(&state, true))
		if (!carry(lesson_now(&state)->text))
			fail_msg("%s: set-up \"%s\": %s", lesson.name, lesson_now(&state)->text, said);
	assert_int_equal(state.wait, LESSON_TASK);
}

// The key "go on".
static bool check(void)
{
	assert_true(lesson_go_on(&state));
	while (state.wait == LESSON_CARRY)
		lesson_carried(&state, carry(lesson_now(&state)->text));
	return state.solved && !state.failed;
}

static void run(const char *lines)
{
	char text[256], *rest = text;
	snprintf(text, sizeof text, "%s", lines);
	for (char *line; (line = strsep(&rest, ";"));) {
		line += strspn(line, " ");
		bool refused = strncmp(line, "! ", 2) == 0;
		if (carry(line + 2 * refused) == refused)
			fail_msg("%s: \"%s\": %s", lesson.name, line, said);
	}
}

// In a fresh lab, or in the present one.
static void try(const char *lines, bool solves, bool fresh)
{
	if (fresh)
		begin();
	run(lines);
	if (check() != solves)
		fail_msg("%s: \"%s\" %s: %s", lesson.name, lines, solves ? "does not solve it" : "solves it", said);
	if (solves)
		assert_int_equal(state.wait, LESSON_GO_ON);
}

// Unless that is just what was tried.
static void solve_as_told(const char *tried)
{
	char told[256] = "";
	for (unsigned i = 0; i < lesson.nitems; i++)
		if (lesson.items[i].kind == ITEM_SOLUTION)
			snprintf(told + strlen(told), sizeof told - strlen(told), "%s%s", told[0] ? "; " : "",
				 lesson.items[i].text);
	assert_true(told[0]);
	if (strcmp(told, tried) == 0)
		return;
	begin();
	run(told);
	if (!check())
		fail_msg("%s: its solution does not solve it: %s", lesson.name, said);
}

static void test_challenge(void **from)
{
	const struct challenge *c = *from;
	const struct listed_lesson *l = listed_lesson_find(c->name);
	struct lesson_error error;
	struct utsname u;
	char why[COMMAND_ERROR];
	if (!l)
		fail_msg("there is no %s", c->name);
	uname(&u);
	lesson_free(&lesson);
	if (lesson_read(&lesson, c->name, l->text, strlen(l->text), u.release, &error) < 0)
		fail_msg("%s:%u: %s", l->file, error.line, error.text);
	if (*lesson.needs && feature_try(lesson.needs, why, sizeof why) < 0) {
		printf("# %s: %s\n", c->name, why);
		skip();
	}
	begin();
	if (check())
		fail_msg("%s is not broken", c->name);
	const bool again = getenv("BINDWALK_EMULATED") || getenv("BINDWALK_TEST_USER");
	// Nor does what undoes the learner's changes undo those of the set-up. That is our own code's.
	if (!again) {
		run("undo all");
		if (check())
			fail_msg("%s: undo solves it", c->name);
		if (!session.unprivileged) // but it does give privileges back
			run("reset");
		if (check())
			fail_msg("%s: reset solves it", c->name);
	}
	const size_t most = again ? FEW : WAYS;
	for (size_t n = 0; n < most && c->wrong[n]; n++)
		try(c->wrong[n], false, n > 0);
	for (size_t n = 0; n < most && c->ways[n]; n++)
		try(c->ways[n], true, true);
	solve_as_told(c->ways[0]);
	assert_true(c->ways[FEW - 1] && c->wrong[FEW - 1]);
}

// None is left out, and none is there twice.
static void test_all(void **unused)
{
	const struct listed_lesson *l;
	size_t n = 0, known = sizeof challenges / sizeof *challenges;
	(void)unused;
	for (size_t i = 0; (l = listed_lesson(i)); i++)
		n += l->kind == LESSON_CHALLENGE;
	assert_int_equal(n, known);
}

int main(void)
{
	enum { KNOWN = sizeof challenges / sizeof *challenges };
	struct CMUnitTest tests[KNOWN + 1] = {cmocka_unit_test(test_all)};
	if (!live_enter())
		return 0;
	for (size_t i = 0; i < KNOWN; i++)
		tests[i + 1] = (struct CMUnitTest){.name = challenges[i].name,
						   .test_func = test_challenge,
						   .initial_state = (void *)(uintptr_t)&challenges[i]};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	leave();
	lesson_free(&lesson);
	return failed;
}
