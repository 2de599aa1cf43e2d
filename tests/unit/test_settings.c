// SPDX-License-Identifier: GPL-3.0-or-later
// The config: it sets and never acts, its errors have a place, keys can be given other commands, and what
// --print-config prints is what holds without a config.
#include <errno.h>

#include "tests/unit/made_host.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/settings.h"
#include "tui/settings_read.h"

static struct app app;
static struct host *host;

static int open_app(void **state)
{
	struct addr a;
	(void)state;
	host = made_host("lo; link eth0; addr 192.0.2.2/24 dev eth0");
	addr_parse("192.0.2.2", &a);
	struct attempt first = attempt_new(&a);
	app_init(&app, &first, true);
	app.caller = made_caller;
	app_set_host(&app, host);
	app_resize(&app, 24, 80);
	keys_reset();
	return 0;
}

static int close_app(void **state)
{
	(void)state;
	app_free(&app);
	host_free(host);
	keys_reset();
	return 0;
}

static unsigned config_bytes(const char *text, size_t len)
{
	struct script script;
	script_begin(&script, "config", text, len);
	return settings_run(&app, &script);
}

static unsigned config(const char *text)
{
	return config_bytes(text, strlen(text));
}

static void test_sets(void **state)
{
	(void)state;
	assert_int_equal(
		config("# mine\ntheme light\nmouse off\nset freebind 1\n\nproto udp\nport 53\nunprivileged on\n"), 0);
	assert_int_equal(app.theme, theme_find("light"));
	assert_false(app.mouse);
	assert_true(attempt_on(&app.attempt, OPT_FREEBIND));
	assert_int_equal(app.attempt.kind, KIND_UDP);
	assert_int_equal(app.attempt.port, 53);
	assert_true(app.unprivileged);
	assert_string_equal(app.message, "");
}

static void test_errors_have_a_place(void **state)
{
	(void)state;
	assert_int_equal(config("theme light\n  theme drak\nset freebind 1\nnonsense\n"), 2);
	assert_non_null(strstr(app.message, "config:2:9: "));
	assert_non_null(strstr(app.message, "did you mean dark?"));
	assert_true(attempt_on(&app.attempt, OPT_FREEBIND)); // the rest counts
	static const char hidden[] = "port 53\ntheme mono\0rubbish\nport 54\n";
	assert_int_equal(config_bytes(hidden, sizeof hidden - 1), 1);
	assert_non_null(strstr(app.message, "config:2:11: NUL byte in line"));
	assert_int_equal(app.theme, theme_find("light"));
	assert_int_equal(app.attempt.port, 54);
}

static void test_never_acts(void **state)
{
	(void)state;
	app_take_effects(&app);
	const char *const acts[] = {"bind",
				    "bind 127.0.0.1",
				    "route add local 10.0.0.0/8 dev lo",
				    "undo",
				    "reset",
				    "quit",
				    "sysctl net.ipv4.ip_nonlocal_bind 1",
				    "write x force",
				    "suspend",
				    "compare live",
				    "address",
				    "port",
				    "device"};
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
		assert_int_equal(config(acts[i]), 1);
		assert_int_equal(app_take_effects(&app) &
					 (EFFECT_BIND | EFFECT_COMMAND | EFFECT_PROMPT | EFFECT_QUIT | EFFECT_SYSCTL),
				 0);
	}
}

static void expect(enum key_context context, uint32_t key, enum command_id id, const char *arg)
{
	const struct binding *b = keys_find(context, key);
	assert_non_null(b);
	assert_int_equal(b->command, id);
	assert_string_equal(b->arg, arg);
}

static void test_keys(void **state)
{
	char err[COMMAND_ERROR];
	(void)state;
	assert_int_equal(
		config("key F5 bind\nkey x toggle transparent\nkey Ctrl-A step first\nkey Space show routes table local\n"
		       "key F6 quit-yes\nkey F5 bind 127.0.0.1 80 # the last one counts\n"),
		0);
	expect(CONTEXT_WALK, K_F5, CMD_BIND, "127.0.0.1 80");
	expect(CONTEXT_SOCKET, 'x', CMD_TOGGLE, "transparent");
	expect(CONTEXT_LINKS, K_CTRL('A'), CMD_STEP_FIRST, "");
	expect(CONTEXT_SOCKET, K_SPACE, CMD_SHOW, "routes table local");
	expect(CONTEXT_LINKS, K_F6, CMD_QUIT_YES, "");
	// Where text is typed or a question is open, keys stay what they are.
	assert_null(keys_find(CONTEXT_FILTER, 'x'));
	expect(CONTEXT_CONFIRM, 'y', CMD_QUIT_YES, "");
	// The old meaning is not offered any more.
	const struct binding *b = keys_for(CONTEXT_MAIN, CMD_DETAIL, "");
	assert_true(b == NULL || b->key != 'x');
	app_key(&app, &(struct key){.code = 'x'});
	assert_true(attempt_on(&app.attempt, OPT_TRANSPARENT));
	assert_int_equal(keys_bind("Ctlr-A", "bind", err, sizeof err), -EINVAL);
	assert_non_null(strstr(err, "did you mean Ctrl-A"));
	assert_int_equal(keys_bind("F5", "bnid", err, sizeof err), -EINVAL);
	assert_non_null(strstr(err, "did you mean bind"));
	int n = 0;
	for (uint32_t c = 'A'; c <= 'z'; c++) {
		char name[2] = {(char)c, '\0'};
		n += keys_bind(name, "bind", err, sizeof err) == 0;
	}
	assert_true(n > 50);
	keys_reset();
	expect(CONTEXT_WALK, 'x', CMD_DETAIL, "");
}

static void test_key_names(void **state)
{
	(void)state;
	for (uint32_t code = 1; code < K_END_OF_KEYS; code = code == 0x17f ? K_NONE + 1 : code + 1) {
		char name[KEY_NAME];
		if (code == K_PASTE_BEGIN || code == K_PASTE_END || code == K_UNKNOWN || (code >= 127 && code < 0xa0))
			continue;
		if (keys_code(keys_name(code, name)) != code)
			fail_msg("%s is %u, not %u", name, keys_code(name), code);
	}
	assert_int_equal(keys_code("nothing"), K_NONE);
	assert_int_equal(keys_code(""), K_NONE);
}

// The printed config is valid: without its comment signs it changes nothing.
static void test_print(void **state)
{
	char *text = NULL, *save = NULL;
	size_t len = 0;
	unsigned lines = 0;
	(void)state;
	FILE *out = open_memstream(&text, &len);
	settings_print(out);
	fclose(out);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		assert_int_equal(line[0], '#');
		if (line[1] == ' ')
			continue;
		lines++;
		if (config(line + 1) != 0)
			fail_msg("%s: %s", line + 1, app.message);
	}
	assert_true(lines > 40);
	free(text);
	for (size_t i = 0; keys_at(i); i++) {
		const struct binding *b = keys_at(i);
		if (b->context == CONTEXT_MAIN || b->context == CONTEXT_ANY)
			expect(CONTEXT_MAIN, b->key, b->command, b->arg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sets, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_errors_have_a_place, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_never_acts, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_keys, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_key_names, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_print, open_app, close_app),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
