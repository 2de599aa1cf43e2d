// SPDX-License-Identifier: GPL-3.0-or-later
// What a stage tells its notes: as JSON and back, whatever the bytes are, and as the lines of a screen of any size.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lesson/stage_page.h"
#include "core/text/visible.h"
#include "tui/notes_rows.h"

static struct stage_page usual(void)
{
	return (struct stage_page){
		.talk = "Bind",
		.step = 3,
		.steps = 12,
		.minutes = 10,
		.planned_ms = 220000,
		.elapsed_ms = 252000,
		.title = "One route, a whole prefix",
		.notes = "Ask who has used this trick before.\nLoad balancers are the usual answer.",
		.key = PAGE_RUNS,
		.command = "ip route add local 192.168.123.0/24 dev lo",
		.next_title = "The same for IPv6",
		.next_command = "bind 2001:db8:123::1",
	};
}

static struct stage_page there_and_back(const struct stage_page *p)
{
	struct stage_page back;
	char *text = stage_page_print(p);
	assert_non_null(text);
	assert_true(strlen(text) <= PAGE_BYTES);
	assert_null(strpbrk(text, "\n\033\x9b"));
	if (!stage_page_parse(text, strlen(text), &back))
		fail_msg("not taken: %s", text);
	free(text);
	return back;
}

static void test_back(void **state)
{
	(void)state;
	struct stage_page p = usual();
	for (int key = 0; key < PAGE_KEYS; key++) {
		p.key = (enum page_key)key;
		p.replay = key % 2;
		p.elapsed_ms = key ? 1000 * key : -1;
		struct stage_page back = there_and_back(&p);
		assert_memory_equal(&back, &p, sizeof p);
	}
}

// Texts as long as they may be, of the bytes that JSON makes longest.
static void test_long(void **state)
{
	(void)state;
	static const char *const bytes[] = {"\001", "\xff", "\"", "\xe2\x80\xae", "\xf0\x9f\x98\x80"};
	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
		struct stage_page p = usual();
		for (size_t n = strlen(bytes[i]), at = 0; at + n < sizeof p.notes; at += n)
			memcpy(p.notes + at, bytes[i], n + 1);
		snprintf(p.talk, sizeof p.talk, "%.150s", p.notes);
		snprintf(p.title, sizeof p.title, "%.150s", p.notes);
		snprintf(p.next_title, sizeof p.next_title, "%.150s", p.notes);
		snprintf(p.command, sizeof p.command, "%.500s", p.notes);
		snprintf(p.next_command, sizeof p.next_command, "%.500s", p.notes);
		struct stage_page back = there_and_back(&p);
		assert_true(strlen(back.notes) > sizeof back.notes - 8);
	}
}

static void test_strange(void **state)
{
	(void)state;
	static const char good[] =
		"{\"step\":1,\"steps\":2,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":-1,\"key\":\"on\"}";
	static const char *const bad[] = {
		"",
		"{",
		"[]",
		"{}",
		"null",
		"\033[2J",
		"{\"step\":1}",
		"{\"step\":-1,\"steps\":2,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":-1,\"key\":\"on\"}",
		"{\"step\":1,\"steps\":99999999999,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":-1,\"key\":\"on\"}",
		"{\"step\":\"1\",\"steps\":2,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":-1,\"key\":\"on\"}",
		"{\"step\":1,\"steps\":2,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":9223372036854775807,\"key\":\"on\"}",
		"{\"step\":1,\"steps\":2,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":-1,\"key\":\"off\"}",
		"{\"step\":1,\"steps\":2,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":-1,\"key\":7}",
	};
	struct stage_page p;
	assert_true(stage_page_parse(good, strlen(good), &p));
	assert_string_equal(p.title, "");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (stage_page_parse(bad[i], strlen(bad[i]), &p))
			fail_msg("taken: %s", bad[i]);
	char *huge = malloc(PAGE_BYTES + 2);
	assert_non_null(huge);
	memset(huge, ' ', PAGE_BYTES + 1);
	memcpy(huge, good, strlen(good));
	assert_true(stage_page_parse(huge, PAGE_BYTES, &p));
	assert_false(stage_page_parse(huge, PAGE_BYTES + 1, &p));
	free(huge);
}

// Arrays in arrays, as deep as they fit.
static void test_deep(void **state)
{
	(void)state;
	static char deep[PAGE_BYTES];
	struct stage_page p;
	memset(deep, '[', sizeof deep);
	assert_false(stage_page_parse(deep, sizeof deep, &p));
}

enum { MOST = 70 };
static struct row rows[MOST];

static bool shows(unsigned lines, const char *text)
{
	for (unsigned i = 0; i < lines; i++)
		if (strstr(rows[i].text, text))
			return true;
	return false;
}

static struct notes_screen screen_of(const struct stage_page *p)
{
	return (struct notes_screen){.page = *p,
				     .has_page = true,
				     .connected = true,
				     .elapsed_ms = p->elapsed_ms,
				     .folder = "/run/user/7/bindwalk"};
}

static void draw(struct notes_screen *n, unsigned lines, unsigned cols)
{
	notes_rows_screen(n, lines, cols, rows);
	for (unsigned i = 0; i < lines; i++)
		assert_true(visible_span(rows[i].text, rows[i].used) == rows[i].used);
}

static void must_show(unsigned lines, unsigned cols, const char *text)
{
	if (!shows(lines, text))
		fail_msg("at %ux%u '%s' is not shown", cols, lines, text);
}

static void test_screen(void **state)
{
	(void)state;
	static const unsigned sizes[][2] = {{10, 40}, {18, 60}, {36, 120}, {60, 200}};
	const struct stage_page p = usual();
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct notes_screen n = screen_of(&p);
		unsigned lines = sizes[i][0], cols = sizes[i][1];
		draw(&n, lines, cols);
		must_show(lines, cols, "Step 3 of 12");
		must_show(lines, cols, "04:12 of 10:00");
		must_show(lines, cols, "00:32 behind");
		must_show(lines, cols, "One route");
		must_show(lines, cols, "The next key runs: ip");
		must_show(lines, cols, "Ask who has used");
		must_show(lines, cols, "Load balancers");
		must_show(lines, cols, "Next: The same for IPv6");
		must_show(lines, cols, "bind 2001:db8:123::1");
		n.connected = false;
		draw(&n, lines, cols);
		must_show(lines, cols, "no stage");
		n.has_page = false;
		draw(&n, lines, cols);
		must_show(lines, cols, "Waiting for a stage.");
		must_show(lines, cols, "bindwalk stage FILE");
		must_show(lines, cols, "/run/user/7/bindwalk");
	}
}

// All of long notes can be reached, the end says how much there is, and bytes from outside are visible.
static void test_scroll(void **state)
{
	(void)state;
	struct stage_page p = usual();
	struct notes_screen n;
	p.notes[0] = '\0';
	for (int i = 0; i < 40; i++)
		snprintf(p.notes + strlen(p.notes), sizeof p.notes - strlen(p.notes), "%sline %d \033[31m",
			 i ? "\n" : "", i);
	n = screen_of(&p);
	draw(&n, 18, 60);
	must_show(18, 60, "line 0 \\x1b[31m");
	must_show(18, 60, "70 more");
	assert_false(shows(18, "line 39"));
	n.scroll = 1000;
	draw(&n, 18, 60);
	must_show(18, 60, "line 39");
	must_show(18, 60, "above");
	assert_int_equal(n.scroll, 70);
}

static void test_text(void **state)
{
	(void)state;
	const struct stage_page p = usual();
	const struct notes_screen n = screen_of(&p);
	static const char *const lines[] = {
		"3/12 One route, a whole prefix", "  The next key runs: ip route add local 192.168.123.0/24 dev lo",
		"  Ask who has used this trick before.", "  Load balancers are the usual answer.",
		"  Next: The same for IPv6: bind 2001:db8:123::1"};
	struct row row;
	size_t i = 0;
	for (; notes_rows_text(&n, i, &row); i++)
		assert_string_equal(row.text, lines[i]);
	assert_int_equal(i, sizeof lines / sizeof *lines);
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back), cmocka_unit_test(test_long),   cmocka_unit_test(test_strange),
		cmocka_unit_test(test_deep), cmocka_unit_test(test_screen), cmocka_unit_test(test_scroll),
		cmocka_unit_test(test_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
