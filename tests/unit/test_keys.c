// SPDX-License-Identifier: GPL-3.0-or-later
// The key table: no conflicts, each key means a command, each command has its key, and house rules of movement.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdbool.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "tui/keys.h"

static void test_no_conflicts(void **state)
{
	(void)state;
	for (size_t i = 0; keys_at(i); i++) {
		const struct binding *b = keys_at(i);
		assert_true(b->command < CMD_COUNT);
		assert_non_null(b->arg);
		assert_ptr_equal(keys_find(b->context, b->key), b); // in its own context nothing is before it
		for (size_t j = i + 1; keys_at(j); j++)
			assert_false(keys_at(j)->context == b->context && keys_at(j)->key == b->key);
		if (b->label)
			assert_true(strlen(b->label) <= 12);
		// A key gives its command all that it needs.
		struct command_call call;
		char err[COMMAND_ERROR];
		if (b->context != CONTEXT_PROMPT && command_make(b->command, b->arg, &call, err, sizeof err) < 0)
			fail_msg("%s %s: %s", command_info(b->command)->name, b->arg, err);
	}
}

static bool has_key(enum command_id id)
{
	for (size_t i = 0; keys_at(i); i++)
		if (keys_at(i)->command == id && keys_at(i)->context != CONTEXT_PROMPT)
			return true;
	return false;
}

// By a key or by its name: nothing is out of reach.
static void test_every_command_is_reachable(void **state)
{
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++)
		assert_true(has_key((enum command_id)i) || !(command_info((enum command_id)i)->needs & NEED_KEY));
}

static void expect(enum key_context context, uint32_t key, enum command_id id)
{
	const struct binding *b = keys_find(context, key);
	assert_non_null(b);
	assert_int_equal(b->command, id);
}

static bool moves(const struct binding *b)
{
	return command_info(b->command)->group == GROUP_MOVE || b->command == CMD_STEP_NEXT ||
	       b->command == CMD_STEP_PREV || b->command == CMD_STEP_FIRST || b->command == CMD_STEP_DECIDING;
}

// No key means two movements, wherever it stands in the table.
static void test_one_movement_for_each_key(void **state)
{
	(void)state;
	for (size_t i = 0; keys_at(i); i++)
		for (size_t j = i + 1; keys_at(j); j++) {
			const struct binding *a = keys_at(i), *b = keys_at(j);
			if (a->key != b->key || !moves(a) || !moves(b) || a->context == CONTEXT_PROMPT ||
			    b->context == CONTEXT_PROMPT)
				continue;
			char name[KEY_NAME];
			if (a->command != b->command || strcmp(a->arg, b->arg) != 0)
				fail_msg("%s is %s and %s", keys_name(a->key, name), command_info(a->command)->name,
					 command_info(b->command)->name);
		}
}

// The usual keys move in each pane, and what a pane has of its own never hides them.
static void test_movement_is_the_same(void **state)
{
	(void)state;
	static const enum key_context panes[] = {CONTEXT_LINKS, CONTEXT_ROUTES, CONTEXT_SOCKET, CONTEXT_WALK,
						 CONTEXT_DETAIL};
	for (size_t i = 0; i < sizeof panes / sizeof panes[0]; i++) {
		expect(panes[i], K_UP, CMD_UP);
		expect(panes[i], 'k', CMD_UP);
		expect(panes[i], K_DOWN, CMD_DOWN);
		expect(panes[i], 'j', CMD_DOWN);
		expect(panes[i], K_PAGE_DOWN, CMD_PAGE_DOWN);
		expect(panes[i], K_HOME, CMD_FIRST);
		expect(panes[i], 'G', CMD_LAST);
		expect(panes[i], K_TAB, CMD_PANE_NEXT);
		expect(panes[i], K_BACKTAB, CMD_PANE_PREV);
		expect(panes[i], 'n', CMD_STEP_NEXT);
		expect(panes[i], 'p', CMD_STEP_PREV);
		expect(panes[i], 'b', CMD_BIND);
		expect(panes[i], '?', CMD_PALETTE);
		expect(panes[i], K_F1, CMD_HELP);
		expect(panes[i], K_CTRL('C'), CMD_INTERRUPT);
		expect(panes[i], K_CTRL('Z'), CMD_SUSPEND);
		expect(panes[i], K_CTRL('L'), CMD_REDRAW);
		assert_int_not_equal(keys_find(panes[i], K_ESCAPE)->command, CMD_QUIT);
	}
}

static void test_quit_from_the_main_screen_only(void **state)
{
	(void)state;
	expect(CONTEXT_WALK, 'q', CMD_QUIT);
	expect(CONTEXT_DETAIL, 'q', CMD_BACK);
	expect(CONTEXT_HELP, 'q', CMD_BACK);
	assert_null(keys_find(CONTEXT_FILTER, 'q')); // text
	assert_null(keys_find(CONTEXT_ANY, 'q'));
	expect(CONTEXT_CONFIRM, 'y', CMD_QUIT_YES);
	expect(CONTEXT_CONFIRM, K_ESCAPE, CMD_QUIT_NO);
	assert_null(keys_find(CONTEXT_CONFIRM, 'b'));
}

static void test_lookups(void **state)
{
	(void)state;
	const struct binding *b = keys_for(CONTEXT_SOCKET, CMD_TOGGLE, "freebind");
	assert_non_null(b);
	assert_int_equal(b->key, 'f');
	assert_null(keys_for(CONTEXT_SOCKET, CMD_TOGGLE, "mark"));
	// Overridden by the context's own: not reachable there.
	const struct binding *quit = keys_for(CONTEXT_MAIN, CMD_QUIT, "");
	assert_true(keys_reachable(CONTEXT_WALK, quit));
	assert_false(keys_reachable(CONTEXT_DETAIL, quit));
}

// What the bottom line says of a key stays true when the user gives keys other commands.
static void test_own_keys(void **state)
{
	(void)state;
	char err[256];
	const struct binding *step = keys_for(CONTEXT_MAIN, CMD_STEP_NEXT, ""),
			     *use = keys_find(CONTEXT_LINKS, K_ENTER);
	assert_ptr_equal(keys_instead(CONTEXT_SOCKET, step), step);
	assert_ptr_equal(keys_instead(CONTEXT_LINKS, use), use);
	assert_null(keys_instead(CONTEXT_WALK, use));
	assert_int_equal(keys_bind("n", "step next", err, sizeof err), 0); // as it is
	assert_int_equal(keys_instead(CONTEXT_SOCKET, step)->key, 'n');
	assert_int_equal(keys_bind("n", "quit", err, sizeof err), 0);
	assert_null(keys_instead(CONTEXT_SOCKET, step));
	assert_int_equal(keys_bind("F5", "step next", err, sizeof err), 0);
	assert_int_equal(keys_instead(CONTEXT_SOCKET, step)->key, K_F5);
	assert_null(keys_instead(CONTEXT_FILTER, step));
	keys_reset();
	assert_ptr_equal(keys_instead(CONTEXT_SOCKET, step), step);
}

static void test_names(void **state)
{
	(void)state;
	char a[KEY_NAME], b[KEY_NAME];
	assert_string_equal(keys_name('n', a), "n");
	assert_string_equal(keys_name(K_CTRL('L'), a), "Ctrl-L");
	assert_string_equal(keys_name(K_F12, a), "F12");
	assert_string_equal(keys_name(K_BACKTAB, a), "Shift-Tab");
	assert_string_equal(keys_name(0xe9, a), "é");
	for (size_t i = 0; keys_at(i); i++) // no two bound keys look the same
		for (size_t j = 0; keys_at(j); j++)
			if (keys_at(i)->key != keys_at(j)->key)
				assert_string_not_equal(keys_name(keys_at(i)->key, a), keys_name(keys_at(j)->key, b));
	for (int c = 0; c < CONTEXT_COUNT; c++)
		assert_non_null(keys_context_name((enum key_context)c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_conflicts),
		cmocka_unit_test(test_every_command_is_reachable),
		cmocka_unit_test(test_one_movement_for_each_key),
		cmocka_unit_test(test_movement_is_the_same),
		cmocka_unit_test(test_quit_from_the_main_screen_only),
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_own_keys),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
