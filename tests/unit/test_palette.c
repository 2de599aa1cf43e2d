// SPDX-License-Identifier: GPL-3.0-or-later
// The palette: each command is found by four letters or fewer, and Enter runs exactly that one.
#include <ctype.h>
#include <errno.h>

#include "tests/unit/made_host.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/palette_run.h"
#include "tui/pane/panes.h"

enum { LETTERS = 4 };

// An explorer with a host of its own.
struct one {
	struct app app;
	struct host *host;
};

static struct one now;

static void start(struct one *o, int rows, int cols, bool lab)
{
	struct addr a = made_addr("192.168.123.123");
	struct attempt first = attempt_new(&a);
	o->host = made_host("lo; link v0; addr 192.0.2.2/24 dev v0; addr 2001:db8::2/64 dev v0");
	for (int i = 0; i < SYSCTL_COUNT; i++)
		o->host->sysctl_known[i] = true;
	app_init(&o->app, &first, lab);
	o->app.caller = made_caller;
	app_resize(&o->app, rows, cols);
	app_set_host(&o->app, o->host);
	app_take_effects(&o->app);
}

static void end(struct one *o)
{
	app_free(&o->app);
	host_free(o->host);
}

static void press(struct one *o, uint32_t code)
{
	app_key(&o->app, &(struct key){.code = code});
}

static void type(struct one *o, const char *text)
{
	for (; *text; text++)
		press(o, (unsigned char)*text);
}

// The place of the n-th entry among what was found, SIZE_MAX for none.
static size_t place(const struct palette *p, size_t n)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->found[i] == n)
			return i;
	return SIZE_MAX;
}

// The beginnings of a text's words that put the entry among the first `seen`. The longest are tried first.
static bool by_words(const char *text, size_t n, size_t seen, char found[static LETTERS + 1])
{
	static struct palette p;
	for (const char *at = text; *at; at++) {
		if (!isalnum((unsigned char)*at) || (at > text && isalnum((unsigned char)at[-1])))
			continue;
		for (size_t len = LETTERS; len > 0; len--) {
			memset(found, 0, LETTERS + 1);
			for (size_t i = 0; i < len && isalnum((unsigned char)at[i]); i++)
				found[i] = (char)tolower((unsigned char)at[i]);
			palette_search(&p, found);
			if (place(&p, n) < seen)
				return true;
		}
	}
	return false;
}

// Letters from the beginnings of its first two or three words.
static bool by_initials(const char *line, size_t n, size_t seen, char found[static LETTERS + 1])
{
	static const unsigned parts[][3] = {{2, 2, 0}, {1, 3, 0}, {2, 1, 1}, {1, 1, 2}, {1, 2, 1}};
	static struct palette p;
	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
		const char *at = line;
		size_t used = 0;
		memset(found, 0, LETTERS + 1);
		for (int w = 0; w < 3 && *at; w++) {
			for (unsigned i = 0; i < parts[k][w] && isalnum((unsigned char)at[i]); i++)
				found[used++] = (char)tolower((unsigned char)at[i]);
			while (isalnum((unsigned char)*at))
				at++;
			while (*at && !isalnum((unsigned char)*at))
				at++;
		}
		palette_search(&p, found);
		if (place(&p, n) < seen)
			return true;
	}
	return false;
}

static void find(const struct palette_entry *e, size_t n, size_t seen, char found[static LETTERS + 1])
{
	char line[PALETTE_LINE], meaning[PALETTE_MEANING];
	palette_line(e, line);
	palette_meaning(e, meaning, sizeof meaning);
	if (by_words(line, n, seen, found) || by_words(palette_synonyms(e), n, seen, found) ||
	    by_words(meaning, n, seen, found) || by_initials(line, n, seen, found))
		return;
	fail_msg("nothing of %d letters finds \"%s\"", LETTERS, line);
}

// Types, selects and presses Enter, as far as the command that is run then.
static void run(const struct palette_entry *e, size_t n, const char *letters)
{
	char line[PALETTE_LINE];
	struct command_call call = {.id = CMD_COUNT};
	unsigned changed = 0;
	palette_line(e, line);
	press(&now, '?');
	type(&now, letters);
	for (size_t i = place(&now.app.palette, n); i > 0; i--)
		press(&now, K_DOWN);
	bool runs = palette_choose(&now.app, &call, &changed);
	if (palette_why_not(true, false, e)) {
		assert_false(runs);
		assert_int_equal(now.app.view, VIEW_PALETTE); // stays, and says why
		assert_non_null(strstr(now.app.message, palette_why_not(true, false, e)));
		press(&now, K_ESCAPE);
	} else if (palette_asks(e)) {
		strcat(line, " ");
		assert_false(runs);
		assert_int_equal(now.app.mode, MODE_PROMPT);
		assert_int_equal(now.app.ask.kind, PROMPT_COMMAND);
		assert_string_equal(now.app.ask.text, line);
		app_end_prompt(&now.app);
	} else {
		assert_true(runs);
		assert_int_equal(call.id, e->id);
		assert_string_equal(call.arg, e->arg);
	}
	assert_int_equal(now.app.view, VIEW_EXPLORE);
}

static void test_all_are_found_and_run(void **state)
{
	(void)state;
	struct palette_entry e = {0};
	bool seen[CMD_COUNT] = {false};
	char letters[LETTERS + 1];
	start(&now, 18, 60, true);
	press(&now, '?');
	size_t rows = now.app.lists[PANE_PALETTE].height;
	press(&now, K_ESCAPE);
	assert_true(rows >= 8);
	size_t n = 0;
	for (; palette_next(&e); n++) {
		find(&e, n, rows, letters);
		run(&e, n, letters);
		seen[e.id] = true;
	}
	end(&now);
	assert_true(n < PALETTE_MOST);
	for (int i = 0; i < CMD_COUNT; i++)
		assert_int_equal(seen[i], !(command_info((enum command_id)i)->needs & ONLY_FILE));
}

static void found_first(const char *letters, const char *line)
{
	static struct palette p;
	struct palette_entry e;
	char have[PALETTE_LINE] = "";
	palette_search(&p, letters);
	if (p.n && palette_at(p.found[0], &e))
		palette_line(&e, have);
	assert_string_equal(have, line);
}

static void test_best_first(void **state)
{
	(void)state;
	found_first("free", "toggle freebind");
	found_first("f", "toggle freebind"); // its key
	found_first("FREE", "toggle freebind");
	found_first("road", "route add");
	found_first("exit", "quit");
	found_first("save", "write");
	found_first("und", "undo");
	found_first("add rou", "route add");
	found_first("dark", "theme dark");
	found_first("anyi", "help anyip");
	found_first("dad", "help dad");
	found_first("ss", "view sockets");
	found_first("lsof", "view sockets");
	found_first("kill", "view sockets");
	found_first("log", "view events");
	found_first("hist", "view events");
	found_first("vip", "address");
	found_first("cure", "remedy");
	found_first("bg", "suspend");
	found_first("rst", "reset");
	found_first("fb", "toggle freebind"); // letters of a word
	found_first("rup", "toggle reuseport");
	found_first("nh", "nexthop add");
	found_first("cmp", "view compare");
	found_first("run", "bind"); // not what only its own key runs
	found_first("no such thing", "");
}

static void enter(const char *letters)
{
	press(&now, '?');
	type(&now, letters);
	press(&now, K_ENTER);
}

// Enter does what the key or the typed line does, in the pane that had the focus.
static void test_runs_in_the_pane(void **state)
{
	(void)state;
	start(&now, 24, 80, true);
	enter("free");
	assert_true(attempt_on(&now.app.attempt, OPT_FREEBIND));
	enter("bind");
	assert_true(app_take_effects(&now.app) & EFFECT_BIND);
	enter("port");
	assert_int_equal(now.app.ask.kind, PROMPT_PORT);
	app_end_prompt(&now.app);
	app_take_line(&now.app, PROMPT_COMMAND, "pane interfaces", now.app.message, sizeof now.app.message,
		      &(unsigned){0});
	enter("last");
	assert_int_equal(now.app.lists[PANE_LINKS].selected, now.app.lists[PANE_LINKS].count - 1);
	enter("use");
	assert_int_equal(now.app.attempt.family, AF_INET6);
	enter("pane wa");
	assert_int_equal(now.app.focus, PANE_WALK);
	enter("help");
	assert_int_equal(now.app.view, VIEW_HELP);
	end(&now);
}

static void test_shows_what_cannot_run(void **state)
{
	(void)state;
	struct row r;
	start(&now, 18, 60, false);
	press(&now, '?');
	type(&now, "reset");
	row_clear(&r);
	pane_ops(PANE_PALETTE)->row(&now.app, 0, 56, &r);
	assert_non_null(strstr(r.text, "reset"));
	assert_non_null(strstr(r.text, "in a lab only"));
	press(&now, K_ENTER);
	assert_int_equal(now.app.view, VIEW_PALETTE);
	press(&now, K_CTRL('U'));
	type(&now, "addr add");
	press(&now, K_ENTER);
	assert_string_equal(now.app.message, "address add: read-only: needs --edit, or a lab");
	assert_int_equal(now.app.effects, 0);
	now.app.editable = true;
	press(&now, K_ENTER);
	assert_string_equal(now.app.ask.text, "address add ");
	end(&now);
}

// Escape changes nothing, whatever it was opened over; what is typed or pasted is text.
static void test_typed_is_literal(void **state)
{
	(void)state;
	start(&now, 24, 80, true);
	press(&now, 'x'); // details
	press(&now, '?');
	type(&now, "q:k?3T");
	assert_string_equal(now.app.palette.text, "q:k?3T");
	now.app.palette.pasting = true;
	type(&now, "f\n\r\t\033");
	press(&now, K_ENTER);
	now.app.palette.pasting = false;
	assert_string_equal(now.app.palette.text, "q:k?3Tf");
	assert_int_equal(now.app.view, VIEW_PALETTE);
	assert_int_equal(now.app.effects, 0);
	press(&now, K_ESCAPE);
	assert_int_equal(now.app.view, VIEW_EXPLORE);
	assert_int_equal(now.app.focus, PANE_DETAIL);
	assert_true(now.app.detail);
	press(&now, K_F1);
	press(&now, '?');
	press(&now, K_ESCAPE);
	assert_int_equal(now.app.view, VIEW_HELP);
	press(&now, K_ESCAPE);
	assert_int_equal(now.app.view, VIEW_EXPLORE);
	end(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_found_and_run), cmocka_unit_test(test_best_first),
		cmocka_unit_test(test_runs_in_the_pane),      cmocka_unit_test(test_shows_what_cannot_run),
		cmocka_unit_test(test_typed_is_literal),
	};
	return cmocka_run_group_tests_name("palette", tests, NULL, NULL);
}
