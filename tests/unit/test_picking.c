// SPDX-License-Identifier: GPL-3.0-or-later
// Which lines a pane shows, and in which order.
#include <errno.h>

#include "tests/unit/made_host.h"
#include "tui/app.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/pane/panes.h"

static struct host *host;
static struct app app;

static const char usual[] =
	"lo; link eth10; link docker0; link eth2 down; link veth7 master docker0;"
	"addr 192.0.2.2/24 dev eth10; addr fe80::10/64 dev eth10; addr fe80::2/64 dev docker0;"
	"addr 2001:db8::2/64 dev docker0; addr fe80::7/64 dev veth7; route local 198.51.100.0/24 dev lo;"
	"route multicast ff00::/8 dev eth10 table local; route unreachable 203.0.113.9 table local";

static int set_up(void **state)
{
	(void)state;
	host = made_host(usual);
	struct attempt first = made_attempt(host, "tcp4 192.168.123.123 0");
	app_init(&app, &first, true);
	app.caller = made_caller;
	app_resize(&app, 50, 160);
	app_set_host(&app, host);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	app_free(&app);
	host_free(host);
	return 0;
}

static void do_line(const char *line)
{
	char err[MESSAGE_TEXT] = "";
	unsigned changed = 0;
	if (app_take_line(&app, PROMPT_COMMAND, line, err, sizeof err, &changed) < 0)
		fail_msg("%s: %s", line, err);
}

static void refused(const char *line, const char *part)
{
	char err[MESSAGE_TEXT] = "";
	unsigned changed = 0;
	assert_int_equal(app_take_line(&app, PROMPT_COMMAND, line, err, sizeof err, &changed), -EINVAL);
	if (!strstr(err, part))
		fail_msg("%s: %s", line, err);
}

static const char *line_of(enum pane_id pane, size_t line)
{
	static struct row r;
	row_clear(&r);
	pane_ops(pane)->row(&app, list_item(&app.lists[pane], line), 120, &r);
	return r.text;
}

// The lines begin so, all of them, in this order; "" ends the list.
static void expect_lines(enum pane_id pane, const char *const *begin)
{
	size_t n = 0;
	for (; begin[n]; n++)
		if (n >= app.lists[pane].count ||
		    strncmp(line_of(pane, n) + strspn(line_of(pane, n), " "), begin[n], strlen(begin[n])) != 0)
			fail_msg("line %zu is \"%s\", not \"%s\"", n,
				 n < app.lists[pane].count ? line_of(pane, n) : "none", begin[n]);
	assert_int_equal(app.lists[pane].count, n);
}

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *title_of(enum pane_id pane)
{
	static struct row r;
	pane_title(&app, pane, &r);
	return r.text;
}

// Whatever stands in a line is found, its words in any order and any letter case.
static void test_filter(void **state)
{
	(void)state;
	do_line("pane interfaces");
	do_line("filter in docker0");
	expect_lines(PANE_LINKS, LINES("veth7 veth in docker0"));
	do_line("filter DOWN");
	expect_lines(PANE_LINKS, LINES("eth2"));
	do_line("filter docker0");
	expect_lines(PANE_LINKS, LINES("docker0", "2001:db8::2/64", "fe80::2/64", "veth7 veth in docker0"));
	do_line("filter link");
	assert_int_equal(app.lists[PANE_LINKS].count, 3); // by what an address says of its scope
	do_line("filter-drop");
	do_line("pane routes");
	do_line("filter lo any-ip");
	expect_lines(PANE_ROUTES, LINES("198.51.100.0/24"));
	do_line("filter unreachable 203");
	expect_lines(PANE_ROUTES, LINES("203.0.113.9"));
	do_line("filter mcast eth10");
	expect_lines(PANE_ROUTES, LINES("ff00::/8"));
	do_line("filter kernel 192");
	expect_lines(PANE_ROUTES, LINES("192.0.2.2"));
	do_line("filter-drop");
	do_line("pane walk");
	do_line("filter acceptable refused");
	assert_int_equal(app.lists[PANE_WALK].count, 1);
	do_line("filter-drop");
	do_line("pane socket");
	do_line("filter ip_freebind");
	assert_int_equal(app.lists[PANE_SOCKET].count, 1);
}

static void test_filter_all(void **state)
{
	(void)state;
	do_line("filter all docker0");
	expect_lines(PANE_LINKS, LINES("docker0", "2001:db8::2/64", "fe80::2/64", "veth7 veth in docker0"));
	assert_int_equal(app.lists[PANE_ROUTES].count, 2);
	assert_int_equal(app.lists[PANE_SOCKET].count, 0);
	assert_non_null(strstr(title_of(PANE_LINKS), "/docker0 4 of 12"));
	do_line("back"); // wherever the focus is
	for (int p = 0; p < PANE_COUNT; p++)
		assert_string_equal(app.lists[p].filter, "");
	// Typed, and dropped from another pane.
	app_key(&app, &(struct key){.code = '&'});
	assert_int_equal(app.mode, MODE_FILTER);
	app_key(&app, &(struct key){.code = '2'});
	assert_string_equal(app.lists[PANE_ROUTES].filter, "2");
	assert_string_equal(app.lists[PANE_LINKS].filter, "2");
	app_key(&app, &(struct key){.code = K_ENTER});
	do_line("pane routes");
	app_key(&app, &(struct key){.code = K_ESCAPE});
	assert_string_equal(app.lists[PANE_LINKS].filter, "");
	// One pane's filter comes after it and takes its place.
	do_line("filter all 2");
	do_line("filter lo");
	assert_string_equal(app.lists[PANE_LINKS].filter, "");
	assert_string_equal(app.lists[PANE_ROUTES].filter, "lo");
}

static void test_sort(void **state)
{
	(void)state;
	do_line("sort name interfaces");
	expect_lines(PANE_LINKS, LINES("docker0", "2001:db8::2/64", "fe80::2/64", "eth2", "eth10", "192.0.2.2/24",
				       "fe80::10/64", "lo", "127.0.0.1/8", "::1/128", "veth7", "fe80::7/64"));
	assert_non_null(strstr(title_of(PANE_LINKS), "by name"));
	do_line("sort state interfaces");
	assert_non_null(strstr(line_of(PANE_LINKS, 0), "eth2"));
	do_line("pane interfaces");
	do_line("sort"); // round to the first one
	assert_non_null(strstr(line_of(PANE_LINKS, 0), "lo"));
	do_line("sort device routes");
	assert_non_null(strstr(line_of(PANE_ROUTES, 0), "203.0.113.9")); // without a device
	do_line("sort type routes");
	assert_non_null(strstr(line_of(PANE_ROUTES, 0), "Any-IP"));
	// A filter keeps the order, and the order the filter.
	do_line("pane routes");
	do_line("filter 192.0.2");
	expect_lines(PANE_ROUTES, LINES("192.0.2.2", "192.0.2.255")); // local ones first
	do_line("filter 192.0.2.255");
	do_line("filter 192.0.2");
	expect_lines(PANE_ROUTES, LINES("192.0.2.2", "192.0.2.255"));
	refused("sort size", "'size' is not a sort key of the routes; expected prefix, device, type, table");
	refused("sort name socket", "the socket pane cannot be sorted");
}

static void test_hide(void **state)
{
	(void)state;
	size_t links = app.lists[PANE_LINKS].count, routes = app.lists[PANE_ROUTES].count;
	do_line("hide link-local on");
	assert_int_equal(links - app.lists[PANE_LINKS].count, 3);
	assert_non_null(strstr(title_of(PANE_LINKS), "3 hidden"));
	assert_int_equal(routes - app.lists[PANE_ROUTES].count, 4);
	// What the selected step looks at is shown.
	do_line("address fe80::2%docker0");
	for (unsigned i = 0; i < app.now.walk.nsteps; i++) {
		app_select_step(&app, i);
		for (int p = 0; p < PANE_COUNT; p++) {
			size_t item[STEP_INPUTS];
			unsigned n = pane_pointed(&app, (enum pane_id)p, item);
			for (unsigned k = 0; k < n; k++)
				assert_true(list_line(&app.lists[p], item[k]) < SIZE_MAX);
		}
	}
	do_line("address 127.0.0.1");
	assert_int_equal(links - app.lists[PANE_LINKS].count, 3);
	do_line("hide");
	assert_int_equal(app.lists[PANE_LINKS].count, links);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_filter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_filter_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sort, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hide, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
