// SPDX-License-Identifier: GPL-3.0-or-later
// The view of binds as people see it, with binds that no kernel was asked for.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/decide.h"
#include "core/model/walk_conclude.h"
#include "core/model/walk_merge.h"
#include "tests/screen/made_up.h"
#include "tests/screen/screen.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/bind_open.h"

static const struct screen_options usual;

struct made {
	const char *program, *address;
	int pid;
	uint16_t port;
	enum kind kind;
	enum option_id option; // OPT_COUNT: none
	int err;
	const char *unit, *netns;
};

static const struct made made[] = {
	{"python3", "203.0.113.9", 4711, 443, KIND_TCP, OPT_COUNT, EADDRNOTAVAIL, "", ""},
	{"nginx", "0.0.0.0", 812, 80, KIND_TCP, OPT_REUSEADDR, EADDRINUSE, "nginx.service", ""},
	{"dnsmasq", "127.0.0.53", 77, 53, KIND_UDP, OPT_FREEBIND, EACCES, "dnsmasq.service", ""},
	{"keepalived", "2001:db8:85a3:8d3:1319:8a2e:370:7348", 31337, 8443, KIND_TCP, OPT_COUNT, EADDRNOTAVAIL, "",
	 "blue"},
	{"sshd", "192.0.2.2", 999, 22, KIND_TCP, OPT_COUNT, 0, "sshd.service", ""},
	{"a\x1b[31mname", "198.51.100.77", 1234567, 65535, KIND_TCP, OPT_TRANSPARENT, EADDRNOTAVAIL, "", "red"},
};

static struct bind_event event_of(const struct made *m, unsigned n)
{
	struct addr a;
	assert_int_equal(addr_parse(m->address, &a), 0);
	struct bind_event e = {.when = (1796061792ll + n) * 1000000000 + 123456000,
			       .pid = m->pid,
			       .thread = m->pid,
			       .netns = 4026531840 + (*m->netns != '\0'),
			       .netns_ours = !*m->netns,
			       .family = a.family,
			       .uid_known = true,
			       .fd = 3,
			       .addr_known = true,
			       .socket_known = true,
			       .attempt = attempt_new(&a),
			       .err = m->err};
	e.attempt.kind = m->kind;
	e.attempt.port = m->port;
	if (m->option != OPT_COUNT)
		attempt_set(&e.attempt, &(struct setting){.option = m->option, .value = 1});
	snprintf(e.program, sizeof e.program, "%s", m->program);
	snprintf(e.unit, sizeof e.unit, "%s", m->unit);
	snprintf(e.netns_name, sizeof e.netns_name, "%s", m->netns);
	return e;
}

// The calls that BPF would have seen.
static void add_inner(struct bind_event *e)
{
	struct witnessed *w = &e->inner;
	*w = (struct witnessed){.present = true, .sets.watched = 1ull << KF_inet_addr_type_table};
	if (e->family != AF_INET || e->err != EADDRNOTAVAIL)
		return;
	w->calls[w->ncalls++] = (struct kernel_call){.function = KF_inet_addr_type_table,
						     .returned = 1,
						     .ns = 900,
						     .addr = e->attempt.addr,
						     .table = 255,
						     .capability = -1,
						     .fd = -1};
	w->counts[KF_inet_addr_type_table] = 1;
}

static struct bind_log seen;
static struct inquiry walk;

static struct screen *open_view(int rows, int cols, const struct screen_options *o, bool all)
{
	struct screen *s = screen_open(rows, cols, o);
	struct watched_binds *b = &s->app.watched.binds;
	seen = (struct bind_log){0};
	*b = (struct watched_binds){.log = &seen, .on = true, .begun = true, .all = all, .state = WATCH_ON};
	screen_keys(s, "B");
	for (unsigned i = 0; i < sizeof made / sizeof *made; i++) {
		struct bind_event e = event_of(&made[i], i);
		add_inner(&e);
		bind_log_add(&seen, &e);
	}
	app_binds_added(&s->app);
	app_hush(&s->app);
	screen_draw(s);
	return s;
}

static void close_view(struct screen *s)
{
	screen_close(s);
	bind_log_free(&seen);
	inquiry_free(&walk);
}

// What the loop does when one is opened.
static void answer(struct screen *s, const char *why)
{
	struct app *app = &s->app;
	app_take_effects(app);
	inquiry_free(&walk);
	walk.host = walk.own = made_up_host();
	walk.caller = made_up_caller();
	const struct facts f = inquiry_facts(&walk);
	decide(&f, &app->opening.of.attempt, &walk.walk);
	struct bind_seen saw = {.observed = {.present = true, .call = CALL_BIND, .err = app->opening.of.err},
				.inner = &app->opening.of.inner};
	walk_merge(&walk.walk, &saw);
	walk_changed(&walk.walk);
	bind_open_take(app, why ? NULL : &walk, why ? why : "");
	screen_draw(s);
}

static void test_sizes(void **state)
{
	(void)state;
	static const struct {
		int rows, cols;
	} sizes[] = {{10, 40}, {18, 60}, {24, 80}, {36, 120}, {60, 200}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char name[48];
		struct screen *s = open_view(sizes[i].rows, sizes[i].cols, &usual, true);
		snprintf(name, sizeof name, "binds-%dx%d", sizes[i].cols, sizes[i].rows);
		screen_expect(s, name, sizes[i].rows == 24);
		screen_keys(s, "Home Enter");
		answer(s, NULL);
		snprintf(name, sizeof name, "bind-walk-%dx%d", sizes[i].cols, sizes[i].rows);
		screen_expect(s, name, false);
		screen_expect_clean(s, name);
		close_view(s);
	}
}

// In ASCII and without colours, with rows that come and at every size: no cell is left out.
static void test_looks(void **state)
{
	(void)state;
	static const struct screen_options looks[] = {{.ascii = true}, {.color = "never"}};
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		struct screen *s = open_view(24, 80, &looks[i], false);
		for (int step = 0; step < 12; step++) {
			struct bind_event e = event_of(&made[step % 6], 10);
			bind_log_add(&seen, &e);
			app_binds_added(&s->app);
			if (step == 4) {
				screen_keys(s, "Enter");
				answer(s, step % 2 ? "its network namespace is gone" : NULL);
			}
			screen_resize(s, 10 + 5 * step, 40 + 15 * step);
			screen_draw(s);
			for (int y = 0; looks[i].ascii && y < s->rows; y++)
				for (const char *c = screen_line(s, y); *c; c++)
					assert_true((unsigned char)*c < 0x80);
			screen_expect_clean(s, "a row came");
		}
		close_view(s);
	}
}

static void test_no_walk(void **state)
{
	(void)state;
	struct screen *s = open_view(24, 80, &usual, false);
	screen_keys(s, "Enter");
	answer(s, "its network namespace is gone");
	assert_true(screen_shows(s, "It has no walk: its network namespace is gone."));
	assert_true(screen_shows(s, "inet_addr_type_table(198.51.100.77, table local) = 1 RTN_UNICAST"));
	close_view(s);
}

int main(void)
{
	setenv("HOME", "/nonexistent", 1);
	setenv("INPUTRC", "/dev/null", 1);
	setlocale(LC_ALL, "C.UTF-8");
	static const char *const cleared[] = {"NO_COLOR", "COLORTERM", "COLORFGBG", "LINES",
					      "COLUMNS",  "ESCDELAY",  "TERMINFO"};
	for (size_t i = 0; i < sizeof cleared / sizeof cleared[0]; i++)
		unsetenv(cleared[i]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_no_walk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
