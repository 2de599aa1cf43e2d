// SPDX-License-Identifier: GPL-3.0-or-later
// The script cursor: lines with their numbers, lines that are not text, going back and jumping, in texts and streams.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/command/script_read.h"

static struct script script;

static void begin(const char *text)
{
	script_begin(&script, "it", text, strlen(text));
}

static void next_is(unsigned number, const char *line)
{
	assert_true(script_next(&script));
	assert_int_equal(script.line, number);
	assert_string_equal(script.now, line);
	assert_null(script.wrong);
}

static void wrong_is(unsigned number, size_t column, const char *part)
{
	assert_true(script_next(&script));
	assert_int_equal(script.line, number);
	assert_int_equal(script.column, column);
	assert_non_null(script.wrong);
	assert_non_null(strstr(script.wrong, part));
}

static void ends(void)
{
	assert_false(script_next(&script));
	assert_false(script_next(&script));
}

static void test_lines(void **state)
{
	(void)state;
	begin("one\n\n two\r\nlast");
	next_is(1, "one");
	next_is(2, "");
	next_is(3, " two");
	next_is(4, "last");
	ends();
	begin("");
	ends();
	begin("\n");
	next_is(1, "");
	ends();
}

static void test_lines_that_are_no_text(void **state)
{
	(void)state;
	static const char nul[] = "first\nbind 127.0.0.1\0rubbish\nthird\n";
	script_begin(&script, "it", nul, sizeof nul - 1);
	next_is(1, "first");
	wrong_is(2, 14, "NUL byte");
	assert_string_equal(script.now, "bind 127.0.0.1");
	next_is(3, "third");
	ends();
	begin("bind 127.0.0.1\rexpect ok\nlast\r");
	wrong_is(1, 14, "carriage return");
	next_is(2, "last");
	static char text[2 * SCRIPT_LINE + 8];
	memset(text, 'x', sizeof text - 1);
	text[SCRIPT_LINE] = '\n';         // as long as it may be
	text[2 * SCRIPT_LINE + 2] = '\n'; // one longer
	begin(text);
	assert_true(script_next(&script));
	assert_null(script.wrong);
	assert_int_equal(strlen(script.now), SCRIPT_LINE);
	wrong_is(2, SCRIPT_LINE, "too long");
	assert_int_equal(strlen(script.now), SCRIPT_LINE);
	next_is(3, "xxxx");
}

static char seen[64];
static const char *refused;

static int note(void *data, const struct script *at)
{
	snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%u%.9s ", at->line, at->now);
	assert_ptr_equal(data, seen);
	return refused && strcmp(at->now, refused) == 0 ? -EINVAL : 0;
}

static int jump(unsigned n)
{
	seen[0] = '\0';
	return script_jump(&script, n, note, seen);
}

static void test_rewind_and_jump(void **state)
{
	(void)state;
	begin("a\nb\nc\nd\n");
	next_is(1, "a");
	next_is(2, "b");
	assert_true(script_rewind(&script));
	assert_int_equal(script.line, 0);
	next_is(1, "a");
	assert_int_equal(jump(4), 0);
	assert_string_equal(seen, "1a 2b 3c ");
	next_is(4, "d");
	assert_int_equal(jump(2), 0); // backwards: from the beginning as well
	assert_string_equal(seen, "1a ");
	next_is(2, "b");
	assert_int_equal(jump(1), 0);
	assert_string_equal(seen, "");
	next_is(1, "a");
	assert_int_equal(jump(9), 0); // there are four
	assert_string_equal(seen, "1a 2b 3c 4d ");
	ends();
	refused = "b";
	assert_int_equal(jump(4), -EINVAL);
	assert_string_equal(seen, "1a 2b ");
	next_is(3, "c");
	refused = NULL;
}

static FILE *open_text(const char *text, size_t len)
{
	FILE *in = tmpfile();
	assert_non_null(in);
	assert_int_equal(fwrite(text, 1, len, in), len);
	rewind(in);
	return in;
}

// Lines in memory outlive their file.
static void test_read(void **state)
{
	(void)state;
	enum { LINES = 20000 };
	char *text = calloc(LINES, 4), line[8];
	assert_non_null(text);
	for (int i = 0; i < LINES; i++)
		memcpy(text + 4 * i, "abc\n", 4);
	FILE *in = open_text(text, (size_t)4 * LINES);
	assert_int_equal(script_read(&script, "it", in), 0);
	fclose(in);
	for (int twice = 0; twice < 2; twice++) {
		snprintf(line, sizeof line, "abc");
		for (unsigned i = 1; i <= LINES; i++)
			next_is(i, line);
		ends();
		assert_true(script_rewind(&script));
	}
	script_free(&script);
	ends();
	free(text);
	in = fopen("/dev/zero", "r");
	assert_non_null(in);
	assert_int_equal(script_read(&script, "it", in), -EFBIG);
	fclose(in);
	ends();
	in = fopen("/", "r");
	assert_non_null(in);
	assert_int_equal(script_read(&script, "it", in), -EISDIR);
	fclose(in);
}

// A stream gives a line before it has the next one, and goes only forwards.
static void test_follow(void **state)
{
	int ends_of[2];
	(void)state;
	assert_int_equal(pipe(ends_of), 0);
	FILE *in = fdopen(ends_of[0], "r"), *out = fdopen(ends_of[1], "w");
	assert_non_null(in);
	assert_non_null(out);
	setvbuf(out, NULL, _IONBF, 0);
	assert_int_equal(script_follow(&script, "it", in), 0);
	fputs("one\n", out);
	next_is(1, "one");
	fputs("two\r\nthree\n", out);
	next_is(2, "two");
	assert_false(script_rewind(&script));
	assert_int_equal(jump(1), -ESPIPE);
	next_is(3, "three");
	fwrite("f\0ur\nlast", 1, 9, out);
	fclose(out);
	wrong_is(4, 1, "NUL byte");
	next_is(5, "last");
	ends();
	assert_int_equal(script.err, 0);
	script_free(&script);
	fclose(in);
	in = fopen("/dev/zero", "r"); // a line without an end
	assert_int_equal(script_follow(&script, "it", in), 0);
	wrong_is(1, 0, "NUL byte");
	script_free(&script);
	fclose(in);
	in = fopen("/", "r");
	assert_int_equal(script_follow(&script, "it", in), 0);
	ends();
	assert_int_equal(script.err, -EISDIR);
	script_free(&script);
	fclose(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),           cmocka_unit_test(test_lines_that_are_no_text),
		cmocka_unit_test(test_rewind_and_jump), cmocka_unit_test(test_read),
		cmocka_unit_test(test_follow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
