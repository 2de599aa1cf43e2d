// SPDX-License-Identifier: GPL-3.0-or-later
// The view of binds: the log's bounds, its rows, what is left out, found and sorted, what stays selected, and the walk
// of one that is opened.
#include <errno.h>

#include "core/model/decide.h"
#include "core/model/walk_conclude.h"
#include "core/text/width.h"
#include "tests/unit/made_app.h"
#include "tui/app_run.h"
#include "tui/bind_item.h"
#include "tui/bind_open.h"
#include "tui/bind_text.h"
#include "tui/frame.h"
#include "tui/mouse.h"
#include "tui/pane/panes.h"

static struct app app;
static struct host *host;
static struct bind_log seen;
static struct inquiry its_walk; // of the bind that is open

static int open_view(void **state)
{
	(void)state;
	seen = (struct bind_log){0};
	host = made_app_open(&app);
	app.watched.binds.log = &seen;
	app.watched.binds.state = WATCH_ON;
	app.watched.binds.on = app.watched.binds.begun = true;
	app_view(&app, VIEW_BINDS);
	return 0;
}

static int close_view(void **state)
{
	(void)state;
	made_app_close(&app, host);
	bind_log_free(&seen);
	inquiry_free(&its_walk);
	return 0;
}

static struct bind_event event(const char *line, const char *program, int pid, int err)
{
	struct bind_event e = {.when = 1796061792123456789 + (int64_t)seen.ever * 1000,
			       .pid = pid,
			       .thread = pid,
			       .netns = 4026531840,
			       .netns_ours = true,
			       .addr_known = true,
			       .socket_known = true,
			       .attempt = made_attempt(host, line),
			       .err = err};
	snprintf(e.program, sizeof e.program, "%s", program);
	e.family = e.attempt.family;
	return e;
}

static void add(const char *line, const char *program, int pid, int err)
{
	struct bind_event e = event(line, program, pid, err);
	bind_log_add(&seen, &e);
	app_binds_added(&app);
}

// Some of each kind.
static void add_some(void)
{
	add("tcp4 203.0.113.9 80", "python3", 100, EADDRNOTAVAIL);
	add("udp4 192.0.2.2 53", "dnsmasq", 200, EADDRINUSE);
	add("tcp6 2001:db8::9 443 freebind", "nginx", 50, 0);
	add("tcp4 192.0.2.2 81", "python3", 101, EACCES);
}

static const char *line(size_t n, unsigned width)
{
	static struct row r;
	row_clear(&r);
	pane_ops(PANE_BINDS)->row(&app, list_item(&app.lists[PANE_BINDS], n), width, &r);
	return r.text;
}

static bool title_has(enum pane_id pane, const char *text)
{
	struct row r;
	pane_title(&app, pane, &r);
	return strstr(r.text, text) != NULL;
}

static const struct list *list(void)
{
	return &app.lists[PANE_BINDS];
}

static void key(uint32_t code)
{
	app_key(&app, &(struct key){.code = code});
}

static void test_log(void **state)
{
	(void)state;
	struct bind_event e = event("tcp4 192.0.2.2 80", "x", 1, 0);
	assert_null(bind_log_at(&seen, 0));
	for (int i = 0; i < BIND_LOG + 100; i++) {
		e.pid = i;
		assert_int_equal(bind_log_add(&seen, &e), i);
		assert_int_equal(bind_log_at(&seen, (uint64_t)i)->pid, i);
		assert_int_equal(bind_log_first(&seen), i < BIND_LOG ? 0 : i - BIND_LOG + 1);
	}
	assert_null(bind_log_at(&seen, 99));
	assert_int_equal(bind_log_at(&seen, 100)->pid, 100);
	assert_null(bind_log_at(&seen, BIND_LOG + 100));
}

// Each width shows when, how it ended, whose it is and what was asked for.
static void test_rows(void **state)
{
	(void)state;
	app.watched.binds.all = true;
	add_some();
	assert_int_equal(list()->count, 4);
	static const unsigned widths[] = {38, 56, 76, 116, 156, 196};
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		assert_non_null(strstr(line(0, widths[i]), "EADDRNOTAVAIL"));
		assert_non_null(strstr(line(0, widths[i]), "python3"));
		assert_true(width_text(line(2, widths[i]), strlen(line(2, widths[i]))) <= widths[i]);
	}
	assert_non_null(strstr(line(0, 76), "tcp4 203.0.113.9:80"));
	assert_non_null(strstr(line(2, 116), "freebind"));
	assert_non_null(strstr(line(2, 116), "bound"));
}

// Names from outside are made visible, and so do what was not seen.
static void test_odd_rows(void **state)
{
	(void)state;
	struct bind_event e = event("tcp4 192.0.2.2 80", "a\x1b[31m\xff\n", 7, EBADF);
	e.addr_known = e.socket_known = false;
	snprintf(e.unit, sizeof e.unit, "evil\x1b]0;x\x07.service");
	bind_log_add(&seen, &e);
	app_binds_added(&app);
	for (unsigned width = 10; width < 200; width += 7)
		for (const char *c = line(0, width); *c; c++)
			assert_true((unsigned char)*c >= ' ');
	assert_non_null(strstr(line(0, 196), "not known"));
}

static void test_left_out(void **state)
{
	(void)state;
	add_some();
	assert_int_equal(list()->count, 3); // those that were refused
	assert_true(title_has(PANE_BINDS, "1 hidden"));
	key(K_SPACE);
	assert_true(app.watched.binds.all);
	assert_int_equal(list()->count, 4);
	key(K_SPACE);
	assert_false(app.watched.binds.all);
	assert_int_equal(list()->count, 3);
}

static void test_found(void **state)
{
	(void)state;
	add_some();
	struct bind_event e = event("tcp4 192.0.2.7 22", "sshd", 9, EADDRNOTAVAIL);
	e.netns_ours = false;
	snprintf(e.unit, sizeof e.unit, "sshd.service");
	bind_log_add(&seen, &e);
	app_binds_added(&app);
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {{"python3", 2}, {"EADDRINUSE", 1}, {"sshd.service", 1}, {"4026531840", 5 - 1}, {"freebind", 0}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		pane_filter(&app, PANE_BINDS, cases[i].text);
		assert_int_equal(list()->count, cases[i].n);
	}
}

static void test_sorted(void **state)
{
	(void)state;
	app.watched.binds.all = true;
	add_some();
	static const struct {
		const char *order;
		int pids[4];
	} cases[] = {{"program", {200, 50, 100, 101}},
		     {"address", {200, 101, 100, 50}},
		     {"error", {101, 200, 100, 50}},
		     {"time", {100, 200, 50, 101}}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char command[32];
		snprintf(command, sizeof command, "sort %s", cases[i].order);
		app_do_line(&app, command);
		for (size_t n = 0; n < 4; n++)
			assert_int_equal(bind_item(&app, list_item(list(), n))->pid, cases[i].pids[n]);
	}
}

// However many come at once, the page is full.
static void test_page(void **state)
{
	(void)state;
	add_some();
	for (int i = 0; i < 100; i++) {
		struct bind_event e = event("tcp4 192.0.2.2 80", "sh", i, EACCES);
		bind_log_add(&seen, &e);
	}
	app_binds_added(&app);
	assert_int_equal(bind_item_selected(&app)->pid, 99);
	assert_int_equal(list()->top + list()->height, list()->count);
}

// The newest one stays selected while it is; any other stays where it is until the log loses it.
static void test_selection(void **state)
{
	(void)state;
	add_some();
	assert_int_equal(bind_item_selected(&app)->pid, 101);
	add("tcp4 192.0.2.2 82", "python3", 102, EACCES);
	assert_int_equal(bind_item_selected(&app)->pid, 102);
	list_select(&app.lists[PANE_BINDS], 1);
	for (int i = 0; i < BIND_LOG - 4; i++) {
		add("tcp4 192.0.2.2 83", "sh", 1000 + i, EACCES);
		assert_int_equal(bind_item_selected(&app)->pid, 200);
	}
	add("tcp4 192.0.2.2 83", "sh", 7, EACCES);
	assert_int_equal(bind_item_selected(&app)->pid, 101); // the oldest of those that were refused and are left
	app_resize(&app, 24, 120);
	assert_true(title_has(PANE_BINDS, "2 older"));
	assert_int_equal(list()->count, BIND_LOG - 1); // one succeeded
}

static void test_marks(void **state)
{
	(void)state;
	add_some();
	assert_int_equal(pane_mark(&app, PANE_BINDS, 0), '+');
	app_hush(&app);
	assert_int_equal(pane_mark(&app, PANE_BINDS, 0), ' ');
	add("tcp4 192.0.2.2 82", "python3", 102, EACCES);
	assert_int_equal(pane_mark(&app, PANE_BINDS, 3), ' ');
	assert_int_equal(pane_mark(&app, PANE_BINDS, 4), '+');
}

// Where there are no rows, the pane says why, at every size.
static void test_states(void **state)
{
	(void)state;
	struct watched_binds *b = &app.watched.binds;
	snprintf(b->why, sizeof b->why,
		 "the kernel is locked down; boot it with lockdown=integrity, or use another one");
	for (int s = WATCH_OFF; s <= WATCH_REFUSED; s++)
		for (int source = SOURCE_BPF; source <= SOURCE_TRACEPOINTS; source++)
			for (int cols = 40; cols <= 200; cols += 20) {
				b->state = (enum watch_state)s;
				b->source = (enum bind_source)source;
				app_resize(&app, 24, cols);
				assert_true(list()->count > 0);
				assert_null(bind_item(&app, 0));
				for (size_t i = 0; i < list()->count; i++)
					assert_true(strlen(line(i, pane_width(&app, PANE_BINDS))) <=
						    pane_width(&app, PANE_BINDS));
			}
	b->state = WATCH_REFUSED;
	app_resize(&app, 24, 80);
	assert_non_null(strstr(line(0, 76), "locked down"));
	key(K_ENTER); // tries again
	assert_true(b->again);
	b->state = WATCH_ON;
	b->source = SOURCE_TRACEPOINTS;
	b->lost = 3;
	assert_true(title_has(PANE_BINDS, "3 lost"));
	assert_true(title_has(PANE_BINDS, "tracepoints"));
	b->source = SOURCE_BPF;
	assert_true(title_has(PANE_BINDS, "whole host")); // seen from a lab
}

static void test_watch(void **state)
{
	(void)state;
	struct watched_binds *b = &app.watched.binds;
	app_do_line(&app, "watch off");
	assert_false(b->on);
	assert_int_equal(app.view, VIEW_BINDS);
	app_do_line(&app, "view explore");
	app_do_line(&app, "watch all");
	assert_true(b->on && b->all);
	assert_int_equal(app.view, VIEW_BINDS);
	app_do_line(&app, "watch on");
	assert_true(b->on && !b->all);
	app_do_line(&app, "watch nobody");
	assert_int_equal(app.message_role, ROLE_FAIL);
}

// What the loop does for EFFECT_OPEN.
static void answer(const char *script)
{
	assert_true(app_take_effects(&app) & EFFECT_OPEN);
	assert_true(app.opening.wanted);
	inquiry_free(&its_walk);
	if (script) {
		its_walk.host = its_walk.own = made_host(script);
		its_walk.caller = made_caller;
		const struct facts f = inquiry_facts(&its_walk);
		decide(&f, &app.opening.of.attempt, &its_walk.walk);
		walk_observe(&its_walk.walk, CALL_BIND, app.opening.of.err, NULL, 0, 0);
		walk_conclude(&its_walk.walk);
	}
	bind_open_take(&app, script ? &its_walk : NULL, script ? "" : "its network namespace is gone");
	assert_false(app.opening.wanted);
}

static void test_opened(void **state)
{
	(void)state;
	struct row rows[VERDICT_LINES];
	const struct attempt mine = app.attempt;
	add_some();
	list_select(&app.lists[PANE_BINDS], 0);
	key(K_ENTER);
	assert_false(bind_is_open(&app)); // its network is being read
	answer("lo; link v0; addr 203.0.113.1/24 dev v0");
	assert_true(bind_is_open(&app));
	assert_int_equal(app.focus, PANE_OTHER);
	assert_true(app.lists[PANE_OTHER].count > 5);
	assert_true(title_has(PANE_OTHER, "python3[100]"));
	assert_int_equal(app_context(&app), CONTEXT_OPENED);
	frame_verdict(&app, 80, rows);
	assert_non_null(strstr(rows[0].text, "EADDRNOTAVAIL"));
	assert_non_null(strstr(rows[0].text, "203.0.113.9"));
	// Its steps and their details.
	size_t deciding = app.lists[PANE_OTHER].selected;
	key('p');
	assert_int_equal(app.lists[PANE_OTHER].selected, deciding - 1);
	key('s');
	assert_int_equal(app.lists[PANE_OTHER].selected, 0);
	key('D');
	assert_int_equal(app.lists[PANE_OTHER].selected, deciding);
	key(' ');
	assert_int_equal(app.focus, PANE_DETAIL);
	assert_true(app.lists[PANE_DETAIL].count > 3);
	key(K_ESCAPE);
	assert_int_equal(app.focus, PANE_OTHER);
	// What is about the attempt waits until it is on the screen.
	static const uint32_t held[] = {'b', 'f', '1', 'i', '=', 'P', 'c', 'A', 'd', 'U', 'S'};
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		key(held[i]);
		assert_int_equal(app.message_role, ROLE_FAIL);
		assert_int_equal(app_take_effects(&app), 0);
		assert_true(attempt_equal(&app.attempt, &mine));
		assert_int_equal(app.view, VIEW_BINDS);
	}
	key(K_ESCAPE);
	assert_false(bind_is_open(&app));
	assert_int_equal(app.focus, PANE_BINDS);
	key('f');
	assert_int_equal(app.message_role, ROLE_FAIL);
	key('n');
	assert_int_equal(app.message_role, ROLE_FAIL); // no walk is open
	key(K_ESCAPE);
	assert_int_equal(app.view, VIEW_EXPLORE);
	key('f');
	assert_false(attempt_equal(&app.attempt, &mine));
}

// All sizes have it on the screen, and the list beside it where there is room.
static void test_sizes(void **state)
{
	(void)state;
	static const struct {
		int rows, cols;
		bool both, details;
	} sizes[] = {{10, 40, false, false}, {18, 60, false, false}, {24, 80, true, false},
		     {36, 120, true, true},  {45, 160, true, true},  {60, 200, true, true}};
	add_some();
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		app_resize(&app, sizes[i].rows, sizes[i].cols);
		assert_int_equal(app.focus, PANE_BINDS);
		key(K_ENTER);
		answer(MADE_APP_HOST);
		assert_true(app.layout.pane[PANE_OTHER].h > 0);
		assert_int_equal(app.layout.pane[PANE_BINDS].h > 0, sizes[i].both);
		assert_int_equal(app.layout.pane[PANE_DETAIL].h > 0, sizes[i].details);
		key(K_TAB);
		assert_true(app.layout.pane[app.focus].h > 0);
		key(K_ESCAPE);
		if (bind_is_open(&app))
			key(K_ESCAPE);
		assert_int_equal(app.view, VIEW_BINDS);
	}
}

static void test_no_walk(void **state)
{
	(void)state;
	struct row r;
	add_some();
	key(K_ENTER);
	answer(NULL);
	assert_true(bind_is_open(&app));
	assert_true(app.lists[PANE_OTHER].count > 0);
	row_clear(&r);
	pane_ops(PANE_OTHER)->row(&app, 0, 70, &r);
	assert_non_null(strstr(r.text, "namespace is gone"));
	for (int code = 'a'; code <= 'z'; code++)
		if (code != 'q')
			key((uint32_t)code);
}

// It becomes the attempt; of another network without the numbers of its interfaces.
static void test_use(void **state)
{
	(void)state;
	add_some();
	struct bind_event e = event("udp6 fe80::2 546 reuseaddr", "dhcp", 9, EADDRNOTAVAIL);
	e.attempt.scope = 2;
	struct setting device = {.option = OPT_IFINDEX, .value = 2};
	attempt_set(&e.attempt, &device);
	e.netns_ours = false;
	bind_log_add(&seen, &e);
	app_binds_added(&app);
	key(K_ENTER);
	answer(MADE_APP_HOST);
	key('u');
	assert_int_equal(app.view, VIEW_EXPLORE);
	assert_int_equal(app.attempt.port, 546);
	assert_true(attempt_on(&app.attempt, OPT_REUSEADDR));
	assert_null(attempt_setting(&app.attempt, OPT_IFINDEX));
	assert_int_equal(app.attempt.scope, 0);
	// What was not seen cannot become one.
	struct bind_event blind = event("tcp4 192.0.2.2 80", "sh", 5, EBADF);
	blind.socket_known = blind.addr_known = false;
	bind_log_add(&seen, &blind);
	app_binds_added(&app);
	app_do_line(&app, "view binds");
	app_do_line(&app, "back"); // the one that is open still
	list_select(&app.lists[PANE_BINDS], list()->count - 1);
	key(K_ENTER);
	answer(NULL);
	key('u');
	assert_int_equal(app.message_role, ROLE_FAIL);
	assert_int_equal(app.view, VIEW_BINDS);
}

// A click selects, and another one opens.
static void test_click(void **state)
{
	(void)state;
	add_some();
	const struct rect *r = &app.layout.pane[PANE_BINDS];
	const struct key click = {.code = K_CLICK, .y = r->y + 1, .x = r->x + 5};
	mouse_run(&app, &click);
	assert_int_equal(bind_item_selected(&app)->pid, 100);
	assert_false(app.opening.wanted);
	mouse_run(&app, &click);
	answer(MADE_APP_HOST);
	assert_int_equal(app.opened.of.pid, 100);
	mouse_run(&app, &(struct key){.code = K_CLICK, .y = r->y + 2, .x = 5});
	assert_int_equal(app.focus, PANE_BINDS);
	assert_true(bind_is_open(&app));
}

// While the attempt is covered, what was seen of it would tell.
static void test_covered(void **state)
{
	(void)state;
	add_some();
	app_do_line(&app, "view explore");
	app_do_line(&app, "cover on");
	assert_true(app_covers(&app));
	app_do_line(&app, "view binds");
	assert_int_equal(list()->count, 0);
	app_do_line(&app, "view explore");
	app_do_line(&app, "cover off");
	assert_int_equal(list()->count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_view, close_view)
		TEST(test_log),    TEST(test_rows),      TEST(test_odd_rows), TEST(test_left_out), TEST(test_found),
		TEST(test_sorted), TEST(test_selection), TEST(test_marks),    TEST(test_states),   TEST(test_watch),
		TEST(test_opened), TEST(test_sizes),     TEST(test_no_walk),  TEST(test_use),      TEST(test_covered),
		TEST(test_click),  TEST(test_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
