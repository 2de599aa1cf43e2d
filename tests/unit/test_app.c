// SPDX-License-Identifier: GPL-3.0-or-later
// The explorer's state without a screen: commands and keys change the attempt, the verdict follows at once, and what
// must be done outside is only asked for.
#include <errno.h>

#include "core/model/walk_conclude.h"
#include "tests/unit/made_app.h"
#include "tui/app.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"

static struct host *host;
static struct app app;

static int set_up(void **state)
{
	(void)state;
	host = made_app_open(&app);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	made_app_close(&app, host);
	return 0;
}

static unsigned press(uint32_t code)
{
	return app_key(&app, &(struct key){.code = code});
}

static unsigned do_line(const char *line)
{
	char err[MESSAGE_TEXT] = "";
	unsigned changed = 0;
	if (app_take_line(&app, PROMPT_COMMAND, line, err, sizeof err, &changed) < 0)
		fail_msg("%s: %s", line, err);
	return changed;
}

static void refused(enum prompt_kind kind, const char *line, const char *part)
{
	char err[MESSAGE_TEXT] = "";
	unsigned changed = 0;
	struct attempt before = app.attempt;
	assert_int_equal(app_take_line(&app, kind, line, err, sizeof err, &changed), -EINVAL);
	if (!strstr(err, part))
		fail_msg("%s: %s", line, err);
	assert_true(attempt_equal(&before, &app.attempt)); // an error changes nothing
}

static void test_start(void **state)
{
	(void)state;
	assert_int_equal(app.now.walk.predicted.err, EADDRNOTAVAIL);
	assert_int_equal(app.now.walk.agreement, NOT_TRIED);
	assert_int_equal(app_step_index(&app), app.now.walk.decisive);
	assert_int_equal(app.focus, PANE_SOCKET);
}

static void test_verdict_follows(void **state)
{
	(void)state;
	unsigned changed = press('f');
	assert_true(changed & DIRTY_ATTEMPT);
	assert_true(attempt_on(&app.attempt, OPT_FREEBIND));
	assert_int_equal(app.now.walk.predicted.err, 0);
	assert_int_equal(app.now.walk.code, CODE_NONLOCAL_BY_FREEBIND);
	assert_int_equal(app_step(&app)->step, STEP_NONLOCAL); // what decides is selected
	assert_true(app_take_effects(&app) & EFFECT_ASK);
	press('f');
	assert_int_equal(app.now.walk.predicted.err, EADDRNOTAVAIL);
	do_line("address 198.51.100.77:53");
	assert_int_equal(app.now.walk.predicted.err, 0);
	assert_int_equal(app.attempt.port, 53);
	do_line("address 2001:db8:1::1");
	assert_int_equal(app.attempt.family, AF_INET6);
	assert_int_equal(app.attempt.port, 53); // not said, so kept
	assert_int_equal(app.now.walk.predicted.err, EADDRNOTAVAIL);
	press('u');
	assert_int_equal(app.attempt.kind, KIND_UDP);
	press('o');
	assert_true(app.unprivileged);
	assert_int_equal(app.now.walk.predicted.err, EACCES);
}

static void test_effects_are_only_asked_for(void **state)
{
	(void)state;
	assert_true(press('b') & DIRTY_EFFECT);
	assert_int_equal(app_take_effects(&app), EFFECT_BIND);
	assert_int_equal(app_take_effects(&app), 0);
	assert_false(app.now.walk.observed.present);
	press(K_ENTER); // in the socket pane
	assert_int_equal(app_take_effects(&app), EFFECT_BIND);
	press('q');
	assert_int_equal(app_take_effects(&app), EFFECT_QUIT);
	press(K_CTRL('Z'));
	assert_int_equal(app_take_effects(&app), EFFECT_SUSPEND);
	press('a');
	assert_int_equal(app_take_effects(&app), EFFECT_PROMPT);
	assert_int_equal(app.mode, MODE_PROMPT);
	app_end_prompt(&app);
	assert_int_equal(app.mode, MODE_MAIN);
}

static void test_sysctl(void **state)
{
	(void)state;
	do_line("sysctl net.ipv4.ip_nonlocal_bind");
	assert_true(app_take_effects(&app) & EFFECT_SYSCTL);
	assert_int_equal(app.sysctl.id, SYSCTL_V4_NONLOCAL);
	assert_int_equal(app.sysctl.value, 1); // flipped
	do_line("sysctl net.ipv4.ip_unprivileged_port_start 80");
	app_take_effects(&app);
	assert_int_equal(app.sysctl.id, SYSCTL_UNPRIV_PORT);
	assert_int_equal(app.sysctl.value, 80);
	refused(PROMPT_COMMAND, "sysctl net.ipv4.ip_unprivileged_port_start",
		"net.ipv4.ip_unprivileged_port_start VALUE");
	app.lab = false;
	refused(PROMPT_COMMAND, "sysctl net.ipv4.ip_nonlocal_bind", "read-only");
}

static void test_bad_lines(void **state)
{
	(void)state;
	refused(PROMPT_ADDRESS, "300.1.1.1", "300.1.1.1");
	refused(PROMPT_ADDRESS, "fe80::1%nosuch", "nosuch");
	refused(PROMPT_PORT, "70000", "70000");
	refused(PROMPT_PORT, "-1", "-1");
	refused(PROMPT_DEVICE, "nosuch", "nosuch");
	refused(PROMPT_COMMAND, "toggle nosuch", "nosuch");
	refused(PROMPT_COMMAND, "proto carrier-pigeon", "carrier-pigeon");
	refused(PROMPT_COMMAND, "pane nosuch", "nosuch");
	refused(PROMPT_COMMAND, "theme pink", "pink");
	char err[MESSAGE_TEXT];
	unsigned changed = 0;
	assert_int_equal(app_take_line(&app, PROMPT_ADDRESS, "   ", err, sizeof err, &changed), 0); // nothing typed
	assert_int_equal(app_take_line(&app, PROMPT_COMMAND, "", err, sizeof err, &changed), 0);
}

static void test_scope(void **state)
{
	(void)state;
	char err[MESSAGE_TEXT];
	unsigned changed = 0;
	assert_int_equal(app_take_line(&app, PROMPT_ADDRESS, " [fe80::2%v0]:5353 ", err, sizeof err, &changed), 0);
	assert_int_equal(app.attempt.scope, host_link_named(host, "v0")->index);
	assert_int_equal(app.now.walk.predicted.err, 0);
	assert_int_equal(app_take_line(&app, PROMPT_ADDRESS, "fe80::2%999", err, sizeof err, &changed), 0);
	assert_int_equal(app.attempt.scope, 999); // a number need not exist
	assert_int_equal(app.now.walk.predicted.err, ENODEV);
}

static void test_steps(void **state)
{
	(void)state;
	press('s');
	assert_int_equal(app_step_index(&app), 0);
	press('p');
	assert_int_equal(app_step_index(&app), 0);
	assert_true(app.message[0]); // says why nothing happened
	// What bind does not reach is one row.
	const struct walk *w = &app.now.walk;
	for (unsigned i = 1; i < w->nsteps; i = i == w->decisive + 1 ? w->nsteps - 1 : i + 1) {
		press('n');
		assert_int_equal(app_step_index(&app), i);
		assert_int_equal(app.message[0], 0);
	}
	press('n');
	assert_int_equal(app_step_index(&app), w->nsteps - 1);
	press('p');
	press('x'); // a row each
	assert_int_equal(app.lists[PANE_WALK].count, w->nsteps);
	assert_int_equal(app_step_index(&app), w->decisive + 1);
	press('n');
	assert_int_equal(app_step_index(&app), w->decisive + 2);
	do_line("address 203.0.113.7"); // and again one
	assert_true(app.lists[PANE_WALK].count < w->nsteps);
	do_line("step 9");
	assert_int_equal(app_step_index(&app), 8);
	press('D');
	assert_int_equal(app_step_index(&app), app.now.walk.decisive);
}

static void test_back_never_quits(void **state)
{
	(void)state;
	press(K_F1);
	assert_int_equal(app.view, VIEW_HELP);
	press('q');
	assert_int_equal(app.mode, MODE_MAIN);
	press(K_F5);
	press(K_SPACE);
	assert_int_equal(app.focus, PANE_DETAIL);
	press('n'); // steps on inside the details
	press('q');
	assert_int_equal(app.focus, PANE_WALK);
	for (int i = 0; i < 3; i++)
		press(K_ESCAPE);
	press(K_CTRL('C'));
	assert_int_equal(app.mode, MODE_CONFIRM);
	press('x');
	assert_int_equal(app.mode, MODE_CONFIRM);
	press(K_ESCAPE);
	assert_int_equal(app.mode, MODE_MAIN);
	assert_int_equal(app_take_effects(&app) & EFFECT_QUIT, 0);
}

// A key that changes something stands for a line of the command language, which then is carried out like a typed one.
static void expect_command(uint32_t key, enum command_id id, const char *arg)
{
	press(key);
	if (app.message[0])
		fail_msg("%s", app.message);
	assert_true(app_take_effects(&app) & EFFECT_COMMAND);
	assert_int_equal(app.command.id, id);
	assert_string_equal(app.command.arg, arg);
}

static void expect_prompt(uint32_t key, const char *text)
{
	press(key);
	assert_int_equal(app.mode, MODE_PROMPT);
	assert_true(app_take_effects(&app) & EFFECT_PROMPT);
	assert_int_equal(app.ask.kind, PROMPT_COMMAND);
	assert_string_equal(app.ask.text, text);
	app_end_prompt(&app);
}

// A search in one text searches the whole help.
static void test_search_from_a_text(void **state)
{
	(void)state;
	press('x'); // the step's details
	assert_int_equal(app.focus, PANE_DETAIL);
	expect_prompt('/', "help --search ");
	press(K_F1);
	expect_prompt('/', "help --search ");
}

static void test_changes_by_key(void **state)
{
	(void)state;
	struct host *varied = made_host("lo; link v0; link v1 down; addr 192.0.2.2/24 dev v0; addr fe80::2/64 dev v0;"
					"route local 198.51.100.0/24 dev lo metric 5 tos 8;"
					"route blackhole 203.0.113.0/24 table local; route local 10.1.0.0/16 nhid 7;"
					"route local 2001:db8::/64 dev lo metric 1024");
	app_set_host(&app, varied);
	host_free(host);
	host = varied;
	expect_prompt('L', "link add ");
	expect_prompt('R', "rule add ");
	expect_prompt('N', "nexthop add id ");
	expect_prompt('S', "sysctl ");
	expect_command('U', CMD_UNDO, "");
	expect_prompt('+', "route add local 192.168.123.0/24 dev lo");

	static const struct {
		const char *pane, *filter, *insert;
		enum command_id remove;
		const char *arg;
	} cases[] = {
		{"interfaces", "192.0.2.2", "address add 192.168.123.123/32 dev v0", CMD_ADDRESS_DEL,
		 "192.0.2.2/24 dev v0"},
		{"interfaces", "fe80", "address add 192.168.123.123/32 dev v0", CMD_ADDRESS_DEL, "fe80::2/64 dev v0"},
		{"interfaces", "v1", "address add 192.168.123.123/32 dev v1", CMD_LINK_DEL, "v1"},
		{"routes", "198.51", "route add local 192.168.123.0/24 dev lo", CMD_ROUTE_DEL,
		 "local 198.51.100.0/24 table local dev lo metric 5 tos 8"},
		{"routes", "203.0", "route add local 192.168.123.0/24 dev lo", CMD_ROUTE_DEL,
		 "blackhole 203.0.113.0/24 table local"},
		{"routes", "10.1", "route add local 192.168.123.0/24 dev lo", CMD_ROUTE_DEL,
		 "local 10.1.0.0/16 table local nhid 7"},
		{"routes", "2001:db8::/64", "route add local 192.168.123.0/24 dev lo", CMD_ROUTE_DEL,
		 "local 2001:db8::/64 table local dev lo metric 1024"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char line[64];
		snprintf(line, sizeof line, "pane %s", cases[i].pane);
		do_line(line);
		snprintf(line, sizeof line, "filter %s", cases[i].filter);
		do_line(line);
		press(K_END);
		expect_prompt(i % 2 ? K_INSERT : '+', cases[i].insert);
		expect_command(i % 2 ? K_DELETE : '-', cases[i].remove, cases[i].arg);
		do_line("filter-drop");
	}
	do_line("pane interfaces");
	do_line("filter v1");
	press(K_END);
	expect_command(K_SPACE, CMD_LINK_SET, "dev v1 up");
	do_line("filter v0");
	press(K_HOME);
	expect_command(K_SPACE, CMD_LINK_SET, "dev v0 down");
	press(K_END); // an address
	press(K_SPACE);
	assert_int_equal(app_take_effects(&app) & EFFECT_COMMAND, 0);
	assert_true(app.message[0]);
	// On a host that is only looked at, none of them does anything but say so.
	app.lab = false;
	press(K_HOME);
	static const uint32_t keys[] = {'+', '-', K_SPACE, 'L', 'U'};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		press(keys[i]);
		assert_non_null(strstr(app.message, "read-only"));
		assert_int_equal(app.mode, MODE_MAIN);
		assert_int_equal(app_take_effects(&app) & (EFFECT_COMMAND | EFFECT_PROMPT), 0);
	}
}

static void test_panes(void **state)
{
	(void)state;
	static const enum pane_id order[] = {PANE_WALK, PANE_LINKS, PANE_ROUTES, PANE_SOCKET};
	for (size_t i = 0; i < 4; i++) {
		press(K_TAB);
		assert_int_equal(app.focus, order[i]);
	}
	press(K_BACKTAB);
	assert_int_equal(app.focus, PANE_ROUTES);
	do_line("pane interfaces");
	assert_int_equal(app.focus, PANE_LINKS);
	// A pane that the size hides is shown by its key.
	app_resize(&app, 18, 60);
	assert_int_equal(app.layout.pane[PANE_ROUTES].h, 0);
	press(K_F3);
	assert_true(app.layout.pane[PANE_ROUTES].h > 0);
}

static void test_use(void **state)
{
	(void)state;
	press(K_F3);
	press('/');
	for (const char *c = "198.51"; *c; c++)
		press((unsigned char)*c);
	assert_int_equal(app.lists[PANE_ROUTES].count, 1);
	press(K_ENTER); // keeps the filter
	press(K_ENTER); // takes the route
	struct addr want = made_addr("198.51.100.1");
	assert_true(addr_equal(&app.attempt.addr, &want));
	assert_int_equal(app.now.walk.code, CODE_ADDR_ANYIP);
	press(K_ESCAPE);
	assert_int_equal(app.lists[PANE_ROUTES].filter[0], 0);
	// A link-local address comes with its scope.
	press(K_F2);
	press(K_END);
	press(K_ENTER);
	want = made_addr("fe80::2");
	assert_true(addr_equal(&app.attempt.addr, &want));
	assert_string_equal(app.attempt.scope_name, "v0");
	assert_int_equal(app.now.walk.predicted.err, 0);
}

static void test_filter_typing(void **state)
{
	(void)state;
	press(K_F2);
	press('/');
	press(0xe9);
	press('q'); // text here
	assert_string_equal(app.lists[PANE_LINKS].filter, "éq");
	press(K_BACKSPACE);
	press(127);
	assert_string_equal(app.lists[PANE_LINKS].filter, ""); // whole characters
	for (int i = 0; i < 200; i++)
		press('x');
	assert_int_equal(strlen(app.lists[PANE_LINKS].filter), LIST_FILTER - 1);
	press(K_CTRL('U'));
	assert_string_equal(app.lists[PANE_LINKS].filter, "");
	press(K_ESCAPE);
	assert_int_equal(app.mode, MODE_MAIN);
}

static void test_device(void **state)
{
	(void)state;
	press('d');
	assert_string_equal(attempt_setting(&app.attempt, OPT_DEVICE)->device, "lo");
	press('d');
	assert_string_equal(attempt_setting(&app.attempt, OPT_DEVICE)->device, "v0");
	press('d');
	assert_null(attempt_setting(&app.attempt, OPT_DEVICE));
	do_line("device v0");
	do_line("device none");
	assert_null(attempt_setting(&app.attempt, OPT_DEVICE));
}

static void test_unknown_key(void **state)
{
	(void)state;
	struct attempt before = app.attempt;
	press(K_F7);
	assert_non_null(strstr(app.message, "F7"));
	app_key(&app, &(struct key){.code = 'f', .alt = true}); // Alt-f is not f
	assert_true(attempt_equal(&before, &app.attempt));
	press('j');
	assert_int_equal(app.message[0], 0); // until the next key
}

// An observation stays while later readings of the host say the same, and goes when they do not.
static void test_evidence_and_new_hosts(void **state)
{
	(void)state;
	walk_observe(&app.now.walk, CALL_BIND, EADDRNOTAVAIL, NULL, 0, 0);
	walk_conclude(&app.now.walk);
	assert_int_equal(app.now.walk.agreement, AGREES);
	struct host *more = made_host("lo; link v0; addr 192.0.2.2/24 dev v0; addr 192.0.2.3/24 dev v0");
	app_keep_selection(&app);
	app_set_host(&app, more);
	assert_int_equal(app.now.walk.agreement, AGREES);
	struct host *other = made_host("lo; link v0; addr 192.168.123.123/24 dev v0");
	app_keep_selection(&app);
	app_set_host(&app, other);
	host_free(more);
	assert_int_equal(app.now.walk.agreement, NOT_TRIED);
	assert_int_equal(app.now.walk.predicted.err, 0);
	app_keep_selection(&app);
	app_set_host(&app, host);
	host_free(other);
}

static void test_before_the_host_is_read(void **state)
{
	(void)state;
	struct app fresh;
	struct addr a = made_addr("192.0.2.2");
	struct attempt first = attempt_new(&a);
	app_init(&fresh, &first, false);
	app_resize(&fresh, 24, 80);
	static const uint32_t keys[] = {'b',     'f', 'n', 'p', K_ENTER,  K_SPACE, '1',      K_ENTER, K_DOWN, '4',
					K_ENTER, 'D', '/', 'x', K_ESCAPE, '?',     K_ESCAPE, K_END,   'd'};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		app_key(&fresh, &(struct key){.code = keys[i]});
	assert_int_equal(app_take_effects(&fresh) & EFFECT_BIND, 0);
	app_set_host(&fresh, host);
	assert_int_equal(fresh.now.walk.predicted.err, 0);
	app_free(&fresh);
}

// The example of each command, typed: something is done, or asked for. (Those of the session are run by
// tests/live/test_session.c; what only keys have is in test_keys.c.)
static void test_examples_act(void **state)
{
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++) {
		const struct command *c = command_info((enum command_id)i);
		if ((c->needs & NEED_KEY) || (command_is_of_lessons((enum command_id)i) && (c->needs & NEED_SCREEN)))
			continue; // no lesson is open: test_lesson_view.c
		for (int e = 0; e < COMMAND_EXAMPLES && c->examples[e]; e++) {
			char text[256], *save = NULL;
			tear_down(NULL);
			set_up(NULL);
			struct host *lab =
				made_host("lo; link eth0; addr 192.0.2.2/24 dev eth0; addr fe80::2/64 dev eth0");
			app_set_host(&app, lab);
			host_free(host);
			host = lab;
			snprintf(text, sizeof text, "%s", c->examples[e]);
			for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
				if (!do_line(l) && !app_take_effects(&app) && i != CMD_KEY)
					fail_msg("%s does nothing", l);
			if (i == CMD_KEY)
				assert_non_null(keys_find(CONTEXT_MAIN, keys_code(e ? "F6" : "F5")));
			keys_reset();
		}
	}
}

int main(void)
{
#define APP_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		APP_TEST(test_start),
		APP_TEST(test_verdict_follows),
		APP_TEST(test_effects_are_only_asked_for),
		APP_TEST(test_sysctl),
		APP_TEST(test_bad_lines),
		APP_TEST(test_scope),
		APP_TEST(test_steps),
		APP_TEST(test_back_never_quits),
		APP_TEST(test_examples_act),
		APP_TEST(test_search_from_a_text),
		APP_TEST(test_changes_by_key),
		APP_TEST(test_panes),
		APP_TEST(test_use),
		APP_TEST(test_filter_typing),
		APP_TEST(test_device),
		APP_TEST(test_unknown_key),
		APP_TEST(test_evidence_and_new_hosts),
		APP_TEST(test_before_the_host_is_read),
	};
	return cmocka_run_group_tests_name("app", tests, NULL, NULL);
}
