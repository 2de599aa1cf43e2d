// SPDX-License-Identifier: GPL-3.0-or-later
// The command line's table: complete, and in step with the tables that it speaks of.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "core/model/attempt.h"
#include "core/command/cli.h"

static void test_rows(void **state)
{
	(void)state;
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		const struct cli_option *o = cli_option((enum cli_option_id)i);
		assert_non_null(o->name);
		assert_true(o->of_commands != 0 && o->of_commands < 1U << CLI_COUNT);
		assert_int_equal(o->kind == CLI_FLAG, o->value == NULL);
		assert_int_equal(o->kind == CLI_WORDS, o->words != NULL);
		assert_true(o->words || strlen(o->help) > 5);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(o->name, cli_option((enum cli_option_id)j)->name);
	}
	for (int c = 0; c < CLI_COUNT; c++) {
		assert_non_null(cli_command_info((enum cli_command)c)->synopsis[0]);
		assert_true(strlen(cli_command_info((enum cli_command)c)->about) > 20);
		assert_true(cli_has((enum cli_command)c, CLI_OPT_HELP));
		assert_int_equal(cli_find(cli_command_info((enum cli_command)c)->name), c);
	}
	assert_int_equal(cli_find("exp"), CLI_EXPLORER);
}

static void test_getopt(void **state)
{
	(void)state;
	for (int c = 0; c < CLI_COUNT; c++) {
		struct option rows[CLI_OPT_COUNT + 1];
		size_t n = 0;
		cli_getopt((enum cli_command)c, rows);
		for (; rows[n].name; n++) {
			int id = rows[n].val - CLI_KEY;
			assert_true(cli_has((enum cli_command)c, (enum cli_option_id)id));
			assert_string_equal(rows[n].name, cli_option((enum cli_option_id)id)->name);
			assert_int_equal(rows[n].has_arg != no_argument,
					 cli_option((enum cli_option_id)id)->value != NULL);
			assert_null(rows[n].flag);
		}
		for (int i = 0; i < CLI_OPT_COUNT; i++)
			n -= cli_has((enum cli_command)c, (enum cli_option_id)i);
		assert_int_equal(n, 0);
	}
}

// What --type and --proto say that they accept is what the kind table knows.
static void test_kinds(void **state)
{
	(void)state;
	for (int k = 0; k < KIND_COUNT; k++) {
		assert_true(cli_accepts(CLI_OPT_PROTO, kind_info((enum kind)k)->name));
		assert_true(cli_accepts(CLI_OPT_TYPE, kind_info((enum kind)k)->type));
	}
	char words[128];
	strcpy(words, cli_option(CLI_OPT_PROTO)->words);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
		assert_true(kind_find(w) >= 0);
}

static void test_words(void **state)
{
	(void)state;
	char buf[64];
	assert_true(cli_accepts(CLI_OPT_COLOR, "auto"));
	assert_true(cli_accepts(CLI_OPT_COLOR, "never"));
	assert_false(cli_accepts(CLI_OPT_COLOR, ""));
	assert_false(cli_accepts(CLI_OPT_COLOR, "aut"));
	assert_false(cli_accepts(CLI_OPT_COLOR, "auto "));
	assert_false(cli_accepts(CLI_OPT_COLOR, "auto always"));
	assert_string_equal(cli_words(CLI_OPT_MOUSE, buf, sizeof buf), "on (default), off");
	assert_string_equal(cli_words(CLI_OPT_MOUSE, buf, 4), "on ");
}

// Every option of a subcommand is in its --help, and no line is too long for a terminal.
static void test_usage(void **state)
{
	(void)state;
	for (int c = 0; c < CLI_COUNT; c++) {
		char *text = NULL, name[64];
		size_t len = 0;
		FILE *f = open_memstream(&text, &len);
		assert_non_null(f);
		cli_usage((enum cli_command)c, f);
		assert_int_equal(fclose(f), 0);
		for (int i = 0; i < CLI_OPT_COUNT; i++) {
			snprintf(name, sizeof name, "  --%s ", cli_option((enum cli_option_id)i)->name);
			assert_int_equal(strstr(text, name) != NULL,
					 cli_has((enum cli_command)c, (enum cli_option_id)i));
		}
		for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
			assert_true(strcspn(p, "\n") <= 100);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),  cmocka_unit_test(test_getopt), cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_words), cmocka_unit_test(test_usage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
