// SPDX-License-Identifier: GPL-3.0-or-later
// The command line's table, and lines that are parsed by it.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "core/command/cli.h"

static void test_rows(void **state)
{
	(void)state;
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		const struct cli_option *o = cli_option((enum cli_option_id)i);
		assert_non_null(o->name);
		assert_true(o->of_commands != 0 && o->of_commands < 1U << CLI_COUNT);
		assert_int_equal(o->kind == ARG_NONE, o->value == NULL);
		assert_true(cli_word((enum cli_option_id)i, 0) || strlen(o->help) > 5);
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

static struct cli_line line;
static char taken[128];

// Writes down what comes, and refuses --set wrong.
static bool note(void *data, enum cli_option_id id, const char *value)
{
	assert_ptr_equal(data, taken);
	snprintf(taken + strlen(taken), sizeof taken - strlen(taken), "%s=%s ", cli_option(id)->name, value);
	return strcmp(value, "wrong") != 0;
}

// A line as its words.
static bool parse(enum cli_command c, const char *text)
{
	static char words[512];
	static char *argv[32];
	int argc = 0;
	snprintf(words, sizeof words, "bindwalk %s", text);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
		argv[argc++] = strcmp(w, "EMPTY") == 0 ? w + 5 : w;
	argv[argc] = NULL;
	taken[0] = '\0';
	return cli_parse(c, argc, argv, note, taken, &line);
}

static void accepts(enum cli_command c, const char *text, const char *options, const char *operands)
{
	char found[128] = "";
	if (!parse(c, text))
		fail_msg("%s: %s", text, line.wrong);
	for (int i = 0; i < line.count; i++)
		snprintf(found + strlen(found), sizeof found - strlen(found), "%s ", line.operands[i]);
	assert_string_equal(taken, options);
	assert_string_equal(found, operands);
}

// The error names what was wrong, and what is expected or where to read about it.
static void refuses(enum cli_command c, const char *text, const char *wrong, const char *instead)
{
	assert_false(parse(c, text));
	if (!strstr(line.wrong, wrong) || !strstr(line.wrong, instead) || !*wrong != !*line.wrong)
		fail_msg("%s: %s", text, line.wrong);
}

static void test_parse(void **state)
{
	(void)state;
	accepts(CLI_EXPLAIN, "", "", "");
	accepts(CLI_EXPLAIN, "::1 --port 80 --json 90 --proto=udp", "port=80 json= proto=udp ", "::1 90 ");
	assert_string_equal(line.value[CLI_OPT_PORT], "80");
	assert_string_equal(line.value[CLI_OPT_JSON], "");
	assert_string_equal(line.value[CLI_OPT_PROTO], "udp");
	assert_null(line.value[CLI_OPT_TYPE]);
	assert_false(line.ended);
	// The last one counts, but each was there.
	accepts(CLI_EXPLAIN, "--set a --device b --set c=d", "set=a device=b set=c=d ", "");
	assert_string_equal(line.value[CLI_OPT_SET], "c=d");
	accepts(CLI_EXPLAIN, "--port --json --set= --scope EMPTY", "port=--json set= scope= ", "");
	// A name may be cut short where it stays one of a kind.
	accepts(CLI_EXPLAIN, "--pred --un --col never", "predict= unprivileged= color=never ", "");
	accepts(CLI_HELP, "- -- --search -x", "", "- --search -x ");
	assert_true(line.ended);
	assert_int_equal(line.before, 1);
	accepts(CLI_WATCH, "-o f --output g -- ls -o", "output=f output=g ", "ls -o ");
	assert_int_equal(line.before, 0);
	// Another program gets the rest of these.
	accepts(CLI_LAB, "--mouse off -- ls --color", "mouse=off ", "ls --color ");
	assert_true(line.ended);
	assert_null(line.operands[line.count]); // to be executed
	accepts(CLI_EXPLORER, "--ascii explain --json", "ascii= ", "explain --json ");
	assert_false(line.ended);
	// After an address it is our own.
	accepts(CLI_EXPLORER, "10.0.0.5 --edit 80 --ascii", "edit= ascii= ", "10.0.0.5 80 ");
	accepts(CLI_EXPLORER, "--version --nonsense", "version= ", "");
	accepts(CLI_RUN, "--help --nonsense", "help= ", "");
}

static void test_parse_refuses(void **state)
{
	(void)state;
	refuses(CLI_EXPLAIN, "--nosuch", "'--nosuch'", "bindwalk explain --help");
	refuses(CLI_EXPLAIN, "--p 80", "'--p'", "bindwalk explain --help");
	refuses(CLI_EXPLAIN, "--=80", "'--=80'", "bindwalk explain --help");
	refuses(CLI_EXPLAIN, "-xy", "'-xy'", "bindwalk explain --help");
	refuses(CLI_EXPLAIN, "-o x", "'-o'", "bindwalk explain --help");
	refuses(CLI_WATCH, "-of", "'-of'", "bindwalk watch --help");
	refuses(CLI_WATCH, "-o", "'-o'", "bindwalk watch --help");
	refuses(CLI_EXPLORER, "--predict", "'--predict'", "bindwalk --help");
	refuses(CLI_RUN, "--json=yes -", "'--json=yes'", "bindwalk run --help");
	refuses(CLI_EXPLAIN, "::1 --port", "'--port'", "bindwalk explain --help");
	refuses(CLI_HELP, "--color red", "--color 'red'", "auto, always, never");
	refuses(CLI_LAB, "--mouse=", "--mouse ''", "on, off");
	refuses(CLI_LAB, "--with x", "--with 'x'", "host, empty, anyip, router, copy");
	refuses(CLI_EXPLAIN, "--type tcp", "--type 'tcp'", "stream, dgram, raw, ping");
	refuses(CLI_EXPLAIN, "--family unspec", "--family 'unspec'", "inet, inet6");
	refuses(CLI_EXPLAIN, "--sa-family 65536", "--sa-family '65536'",
		"inet, inet6, unspec or a number from 0 to 65535");
	accepts(CLI_EXPLAIN, "--sa-family 77 --family inet6 --again", "sa-family=77 family=inet6 again= ", "");
	refuses(CLI_EXPLAIN, "--set wrong --nosuch", "", ""); // by its taker, which reports it
}

static void test_words(void **state)
{
	(void)state;
	char buf[64];
	assert_string_equal(cli_words(CLI_OPT_MOUSE, buf, sizeof buf), "on (default), off");
	assert_string_equal(cli_words(CLI_OPT_MOUSE, buf, 4), "on ");
	assert_string_equal(cli_words(CLI_OPT_SET, buf, sizeof buf), "");
	assert_string_equal(cli_words(CLI_OPT_JSON, buf, sizeof buf), "");
	assert_string_equal(cli_words(CLI_OPT_TYPE, buf, sizeof buf), "stream (default), dgram, raw, ping");
	// The address decides what is the default of these.
	assert_string_equal(cli_words(CLI_OPT_FAMILY, buf, sizeof buf), "inet, inet6");
	assert_string_equal(cli_words(CLI_OPT_SA_FAMILY, buf, sizeof buf), "inet, inet6, unspec");
	assert_null(cli_default(CLI_OPT_FAMILY));
}

// An option may do something else for another command.
static void test_option_help(void **state)
{
	(void)state;
	assert_string_not_equal(cli_option_help(CLI_WATCH, CLI_OPT_ALL), cli_option_help(CLI_SOCKETS, CLI_OPT_ALL));
	assert_string_equal(cli_option_help(CLI_SOCKETS, CLI_OPT_ALL), cli_option(CLI_OPT_ALL)->help);
	for (int i = 0; i < CLI_OPT_COUNT; i++)
		if (cli_letter((enum cli_option_id)i))
			assert_int_equal(cli_letter((enum cli_option_id)i), cli_option((enum cli_option_id)i)->name[0]);
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
		cli_usage((enum cli_command)c, 80, f);
		assert_int_equal(fclose(f), 0);
		for (int i = 0; i < CLI_OPT_COUNT; i++) {
			const struct cli_option *o = cli_option((enum cli_option_id)i);
			snprintf(name, sizeof name, "  --%s%s", o->name, o->optional ? "[=" : " ");
			assert_int_equal(strstr(text, name) != NULL,
					 cli_has((enum cli_command)c, (enum cli_option_id)i));
		}
		for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
			assert_true(strcspn(p, "\n") <= 100);
		free(text);
	}
}

// What a status means for a bind is not said of a command that has no verdict, or that lists its own.
static void test_usage_statuses(void **state)
{
	(void)state;
	static const struct {
		enum cli_command command;
		const char *has;
	} cases[] = {
		{CLI_EXPLAIN, "Exit status: 0 the bind succeeds, 1 it is refused, 2"},
		{CLI_REPLAY, "Exit status: 0 success, 2 the request is wrong, 4 something required is missing."},
		{CLI_NOTES, "Exit status: 0 success, 2"},
		{CLI_WATCH, "Exit status: 0 success, 2"},
		{CLI_STAGE, "Exit status: 0 success, 2"},
		{CLI_LESSON, "Exit status: 1 if a check does not hold"},
		{CLI_REHEARSE, "Exit status: 0 if all is well"},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		char *text = NULL;
		size_t len = 0;
		FILE *f = open_memstream(&text, &len);
		assert_non_null(f);
		cli_usage(cases[n].command, 1000, f);
		assert_int_equal(fclose(f), 0);
		for (char *p = text; *p; p++) // lines break where the width has it
			*p = *p == '\n' ? ' ' : *p;
		char *first = strstr(text, "Exit status:");
		assert_non_null(strstr(text, cases[n].has));
		assert_null(strstr(first + 1, "Exit status:"));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),           cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refuses),  cmocka_unit_test(test_words),
		cmocka_unit_test(test_option_help),    cmocka_unit_test(test_usage),
		cmocka_unit_test(test_usage_statuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
