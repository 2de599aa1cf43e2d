// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies by number: what each kind of them asks for, and that one which is not drawn is never applied.
#include <errno.h>

#include "tests/unit/made_host.h"
#include "tui/app.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/remedy_apply.h"

static struct host *host;
static struct app app;
static int64_t now = 10000;

static void open_app(const char *script, const char *bind)
{
	host = made_host(script);
	struct attempt first = made_attempt(host, bind);
	app_init(&app, &first, true);
	app.caller = made_caller;
	app_resize(&app, 24, 80);
	app.now.question = made_question;
	app_set_host(&app, host);
	app_take_effects(&app);
	remedy_apply_key(&app, now);
	remedy_apply_drawn(&app, now);
}

static void close_app(void)
{
	app.now.question = (struct question){0};
	app_free(&app);
	host_free(host);
}

static void press(char number)
{
	app_key(&app, &(struct key){.code = (uint32_t)number});
}

// The number of the remedy that says this.
static char number_of(const char *change)
{
	for (unsigned i = 0; i < app.nremedies; i++)
		if (strstr(app.remedies[i].change, change))
			return (char)('1' + i);
	fail_msg("no remedy is \"%s\"", change);
	return 0;
}

static void expect_message(const char *part)
{
	if (!strstr(app.message, part))
		fail_msg("\"%s\" in \"%s\"", part, app.message);
}

static void expect_output(const char *part)
{
	bool found = false;
	for (size_t i = 0; i < app.output.n; i++)
		found |= strstr(app.output.rows[i].text, part) != NULL;
	if (!found)
		fail_msg("no line has \"%s\"", part);
}

static void expect_command(enum command_id id, const char *arg)
{
	assert_true(app_take_effects(&app) & EFFECT_COMMAND);
	assert_int_equal(app.command.id, id);
	assert_string_equal(app.command.arg, arg);
}

static void expect_nothing(void)
{
	assert_int_equal(app_take_effects(&app) & (EFFECT_COMMAND | EFFECT_SYSCTL | EFFECT_BIND), 0);
}

static const char plain[] = "lo; link v0; addr 192.0.2.2/24 dev v0";

static void test_option(void **state)
{
	(void)state;
	open_app(plain, "tcp4 192.168.123.123 0");
	press(number_of("IP_FREEBIND"));
	assert_true(attempt_on(&app.attempt, OPT_FREEBIND));
	assert_int_equal(app.now.walk.predicted.err, 0);
	expect_message("done: set IP_FREEBIND on the socket");
	press('1');
	expect_message("there is nothing to remedy");
	close_app();
}

static void test_lab(void **state)
{
	(void)state;
	open_app(plain, "tcp4 192.168.123.123 0");
	press(number_of("ip route add"));
	expect_command(CMD_ROUTE_ADD, "local 192.168.123.123 dev lo");
	assert_false(remedy_apply_next(&app, true, true));
	expect_message("done: ip route add local 192.168.123.123 dev lo; :undo reverts it");
	expect_nothing();
	close_app();
}

// A remedy of two commands: one after the other, and both are one for undo.
static void test_several(void **state)
{
	(void)state;
	static const char off[] = "lo noipv6; link v0 noipv6";
	open_app(off, "tcp6 2001:db8::77 0");
	press(number_of("disable_ipv6"));
	expect_command(CMD_SYSCTL, "-w net.ipv6.conf.v0.disable_ipv6=0");
	assert_false(remedy_apply_next(&app, true, true));
	expect_command(CMD_ADDRESS_ADD, "2001:db8::77/128 dev v0 nodad");
	assert_true(remedy_apply_next(&app, true, true));
	expect_message("one :undo reverts it");
	expect_nothing();
	assert_false(remedy_apply_next(&app, true, true)); // some other command
	// The second one fails, or is not wanted.
	press(number_of("disable_ipv6"));
	expect_command(CMD_SYSCTL, "-w net.ipv6.conf.v0.disable_ipv6=0");
	assert_false(remedy_apply_next(&app, true, true));
	expect_command(CMD_ADDRESS_ADD, "2001:db8::77/128 dev v0 nodad");
	app_say(&app, ROLE_FAIL, "no");
	assert_false(remedy_apply_next(&app, false, false));
	expect_message("no; 1 of the 2 commands of this remedy was run, and :undo reverts it");
	// The first one was so already: what is joined then would be somebody else's.
	press(number_of("disable_ipv6"));
	app_take_effects(&app);
	assert_false(remedy_apply_next(&app, true, false));
	assert_false(remedy_apply_next(&app, true, true));
	close_app();
}

// Nothing is done, and the exact command can be copied.
static void test_read_only(void **state)
{
	(void)state;
	open_app(plain, "tcp4 192.168.123.123 0");
	app.lab = false;
	press(number_of("ip route add"));
	expect_output("read-only");
	expect_output("ip route add local 192.168.123.123 dev lo");
	expect_nothing();
	press(number_of("IP_FREEBIND")); // the attempt is nobody else's
	assert_true(attempt_on(&app.attempt, OPT_FREEBIND));
	close_app();
	open_app("lo; nocaps", "tcp4 127.0.0.1 80");
	press(number_of("setcap"));
	expect_output("setcap cap_net_bind_service+ep PROGRAM");
	expect_nothing();
	close_app();
}

// Between the look and the key the host has changed: the number stands for another remedy, or for none.
static void test_not_drawn(void **state)
{
	(void)state;
	open_app("lo; link v0; addr 10.0.0.1/24 dev v0", "tcp4 192.168.123.123 0");
	char number = number_of("ip addr add");
	struct host *old = host;
	host = made_host("lo; link v0; addr 192.168.123.1/24 dev v0");
	app_keep_selection(&app);
	app_set_host(&app, host);
	host_free(old);
	app_take_effects(&app);
	press(number);
	expect_message("remedies have changed just now");
	expect_message("ip addr add 192.168.123.123/32 dev v0");
	expect_nothing();
	// It is drawn, and nobody can have read it yet.
	remedy_apply_drawn(&app, now);
	remedy_apply_drawn(&app, now + 5);
	remedy_apply_key(&app, now + 20);
	press(number);
	expect_message("remedies have changed just now");
	expect_nothing();
	remedy_apply_drawn(&app, now + 30);
	remedy_apply_key(&app, now + 2000);
	press(number);
	expect_command(CMD_ADDRESS_ADD, "192.168.123.123/32 dev v0");
	close_app();
}

static void test_numbers(void **state)
{
	(void)state;
	char err[MESSAGE_TEXT], line[40];
	unsigned changed = 0;
	open_app(plain, "tcp4 192.168.123.123 0");
	static const char *const wrong[] = {"0", "99", "4294967295"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		snprintf(line, sizeof line, "remedy %s", wrong[i]);
		assert_int_equal(app_take_line(&app, PROMPT_COMMAND, line, err, sizeof err, &changed), -EINVAL);
		assert_non_null(strstr(err, "the remedies are 1 to "));
	}
	assert_int_equal(app_take_line(&app, PROMPT_COMMAND, "remedy 1", err, sizeof err, &changed), 0);
	assert_true(attempt_on(&app.attempt, OPT_FREEBIND));
	close_app();
}

static void test_wait(void **state)
{
	(void)state;
	open_app("lo; ports tcp; sock tcp4 127.0.0.1 8080 timewait peer=127.0.0.1 peerport=9", "tcp4 127.0.0.1 8080");
	struct attempt before = app.attempt;
	press(number_of("wait"));
	expect_message("this screen follows");
	assert_true(attempt_equal(&before, &app.attempt));
	expect_nothing();
	close_app();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_option),    cmocka_unit_test(test_lab),       cmocka_unit_test(test_several),
		cmocka_unit_test(test_read_only), cmocka_unit_test(test_not_drawn), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
