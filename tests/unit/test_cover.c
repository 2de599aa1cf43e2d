// SPDX-License-Identifier: GPL-3.0-or-later
// A covered walk tells nothing, wherever it could be read off the screen, at any size; it is uncovered step by step;
// and a prediction is judged by what is known, by whom it is known.
#include <errno.h>
#include <stdlib.h>

#include "core/model/walk_conclude.h"
#include "core/model/walk_text.h"
#include "tests/unit/made_app.h"
#include "tui/app.h"
#include "tui/app_cover.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/frame.h"
#include "tui/frame_title.h"
#include "tui/pane/panes.h"

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

static void press(uint32_t code)
{
	app_key(&app, &(struct key){.code = code});
}

static void do_line(const char *line)
{
	app_do_line(&app, line);
}

static void add_row(FILE *out, const struct row *r)
{
	fprintf(out, "%s\n", r->text);
}

// All that the screen shows, or without the details. The caller frees it.
static char *picture(bool details)
{
	char *text = NULL;
	size_t len = 0;
	struct row lines[VERDICT_LINES > HINT_LINES ? VERDICT_LINES : HINT_LINES], row;
	unsigned cols = (unsigned)app.cols;
	int cursor;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	app_fit(&app);
	frame_title(&app, cols, &row);
	add_row(out, &row);
	for (int p = 0; p < PANE_COUNT; p++) {
		const struct list *l = &app.lists[p];
		size_t pointed[STEP_INPUTS];
		if (app.layout.pane[p].h == 0 || (p == PANE_DETAIL && !details))
			continue;
		pane_title(&app, (enum pane_id)p, &row);
		add_row(out, &row);
		for (unsigned i = 0, n = pane_pointed(&app, (enum pane_id)p, pointed); i < n; i++)
			fprintf(out, "pointed at %zu\n", pointed[i]);
		for (size_t i = 0; i < l->count && p != PANE_KEYS; i++) { // which has nothing of the walk
			row_clear(&row);
			pane_ops((enum pane_id)p)->row(&app, list_item(l, i), pane_width(&app, (enum pane_id)p), &row);
			add_row(out, &row);
		}
	}
	frame_verdict(&app, cols, lines);
	for (int i = 0; i < app.layout.verdict.h; i++)
		add_row(out, &lines[i]);
	frame_hint(&app, cols, lines, &cursor);
	for (int i = 0; i < app.layout.hint.h; i++)
		add_row(out, &lines[i]);
	frame_keys(&app, cols, &row);
	add_row(out, &row);
	fclose(out);
	return text;
}

static void expect_no(const char *text, const char *part)
{
	if (part[0] && strstr(text, part))
		fail_msg("%dx%d tells \"%s\":\n%s", app.cols, app.rows, part, text);
}

// With so many steps uncovered.
static void expect_secret(unsigned shown)
{
	static const char *const words[] = {"EADDRNOTAVAIL", "EADDRINUSE", "EINVAL",    "EACCES",       "ADDRESS ",
					    "OK  ",          "PORT ",      "ARGUMENT ", "the same for", "predicted",
					    "Predicted",     "(live)",     "●",         "pointed at"};
	const struct walk *w = &app.now.walk;
	const struct facts f = inquiry_facts(&app.now);
	char answer[512], *text = picture(true), *without = picture(false);
	struct remedy fix[REMEDIES];
	unsigned n = remedies(&f, w, fix);
	assert_true(app_covers(&app));
	for (size_t i = 0; i < sizeof words / sizeof *words - (shown > 0); i++)
		expect_no(without, words[i]); // what a step is about may name them
	for (unsigned i = 0; i < n; i++)
		expect_no(text, fix[i].change);
	for (unsigned i = shown; i < w->nsteps; i++)
		if (w->steps[i].reached && !strstr(step_info(w->steps[i].step)->question,
						   walk_answer(&f, w, &w->steps[i], answer, sizeof answer)))
			expect_no(text, answer);
	assert_int_equal(app.lists[PANE_WALK].count, w->nsteps); // a fold would tell where it ends
	free(text);
	free(without);
}

static void test_secret(void **state)
{
	(void)state;
	static const char *const attempts[] = {
		"192.168.123.123", "198.51.100.7", "192.0.2.2:80", "2001:db8::2", "2001:db8:9::1",
		"fe80::2",         "ff02::1",      "::",           "0.0.0.0",     "255.255.255.255"};
	static const int sizes[][2] = {{10, 40}, {18, 60}, {24, 80}, {36, 120}, {60, 200}};
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
		for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
			char line[64];
			do_line("cover off");
			snprintf(line, sizeof line, "address %s", attempts[i]);
			do_line(line);
			app_resize(&app, sizes[s][0], sizes[s][1]);
			press('c');
			expect_secret(0);
			assert_int_equal(app_step_index(&app), 0); // the cursor tells nothing, either
			press('A');
			expect_secret(0);
			press(K_ESCAPE);
			expect_secret(0);
			press('x'); // nor do the details
			expect_secret(0);
			press('b');
			press('1'); // nor is there a remedy, nor none
			expect_no(app.message, "refused");
			press(K_DOWN);
			press('p');
			press('D');
			expect_secret(0);
			for (unsigned n = 1; n < app.now.walk.nsteps; n++) {
				press('n');
				if (!app_covers(&app))
					break;
				assert_int_equal(app_step_index(&app), n - 1);
				expect_secret(n);
			}
			press('n');
			assert_false(app_covers(&app));
			app_resize(&app, 24, 80);
		}
}

// The first n goes to the first step; then to the next, to the result, and no further.
static void test_story(void **state)
{
	(void)state;
	const struct walk *w = &app.now.walk;
	assert_int_equal(app_step_index(&app), w->decisive);
	press('n');
	assert_int_equal(app_step_index(&app), 0);
	press('n');
	assert_int_equal(app_step_index(&app), 1);
	press('f'); // another walk begins anew
	assert_int_equal(app_step_index(&app), w->decisive);
	press('n');
	assert_int_equal(app_step_index(&app), 0);
	press('D');
	press('n'); // from a step that somebody chose
	assert_int_equal(app_step_index(&app), w->decisive + 1);
}

static void test_uncover(void **state)
{
	(void)state;
	const struct walk *w = &app.now.walk;
	press('c');
	for (unsigned i = 0; i <= w->decisive; i++)
		press('n');
	assert_true(app_covers(&app)); // the step that ended it is seen, and not yet what came of it
	assert_int_equal(app_step_index(&app), w->decisive);
	press('n');
	assert_false(app_covers(&app));
	assert_int_equal(app_step_index(&app), w->nsteps - 1);
	assert_true(app.nremedies > 0);
	press('c'); // covered again, from the start
	assert_true(app_covers(&app));
	press('n');
	press('c');
	assert_false(app_covers(&app));
	assert_false(app.cover.on);
}

// Another question is covered again; the same one stays as far uncovered as it was.
static void test_stays(void **state)
{
	(void)state;
	press('c');
	press('n');
	press('n');
	app_decide_again(&app);
	assert_int_equal(app.cover.shown, 2);
	press('f');
	assert_true(app_covers(&app));
	assert_int_equal(app.cover.shown, 0);
	press('n');
	host->sysctl[SYSCTL_V4_NONLOCAL] = 1;
	app_decide_again(&app);
	assert_int_equal(app.cover.shown, 0);
	press('A');
	host->sysctl[SYSCTL_V4_NONLOCAL] = 0;
	app_decide_again(&app); // while a prediction is awaited: it is one of what is there then
	assert_true(app.cover.asking);
	expect_secret(0);
	press('y'); // IP_FREEBIND
	assert_int_equal(app.cover.right, 1);
}

static unsigned bind_effects(void)
{
	return app_take_effects(&app) & EFFECT_BIND;
}

// No key that is meant for the question binds, nor one that is pressed twice.
static void test_never_binds(void **state)
{
	(void)state;
	static const uint32_t keys[] = {K_ENTER, K_SPACE, 'b', 'y', 'n', 'x', 'c', 'A', K_ESCAPE, '1', 'Y', K_F1};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		press('A');
		bind_effects();
		press(keys[i]);
		assert_false(bind_effects());
		do_line("view explore");
		do_line("cover off");
	}
	for (size_t i = 0; i < 3; i++) {
		press('A');
		press((uint32_t) "ynx"[i]);
		assert_true(app.cover.told);
		press(i == 0 ? 'b' : i == 1 ? K_ENTER : K_SPACE);
		assert_false(bind_effects());
		do_line("cover off");
	}
	press('A');
	press('y');
	press(K_ENTER);
	press('b'); // now it is meant
	assert_true(bind_effects());
	do_line("ask What happens next?");
	assert_true(app.cover.asking);
	assert_string_equal(app.cover.question, "What happens next?");
	press(K_ENTER);
	assert_false(bind_effects());
	assert_true(app.cover.asking);
}

static void expect_said(const char *part)
{
	if (!strstr(app.message, part))
		fail_msg("'%s' is not in '%s'", part, app.message);
}

static void guess(const char *keys)
{
	press('A');
	for (; *keys; keys++)
		press((uint32_t)*keys);
}

static void test_score(void **state)
{
	(void)state;
	char number[4];
	guess("y");
	expect_said("You said it binds; the model says EADDRNOTAVAIL (predicted). 0 of 1 right.");
	guess("n");
	expect_said("RIGHT. You said it is refused; the model says EADDRNOTAVAIL (predicted). 1 of 2 right.");
	snprintf(number, sizeof number, "%ux", app.now.walk.decisive + 1);
	guess(number);
	expect_said(
		"You said step 7 (acceptable) ends it; the model says EADDRNOTAVAIL there (predicted). 2 of 3 right.");
	guess("3x");
	expect_said("NOT QUITE. You said step 3 (family) ends it; the model says EADDRNOTAVAIL at step 7 (acceptable)");
	guess("11x"); // the result is none
	expect_said("choose the step that ends it");
	press(K_ESCAPE);
	press('f'); // kept over attempts
	guess("y");
	expect_said("RIGHT. You said it binds; the model says it binds (predicted). 3 of 5 right.");
	guess("4x");
	expect_said("NOT QUITE.");
}

// Whose word it is.
static void judged(const struct walk *w, enum guess what, unsigned step, const char *wanted)
{
	struct cover c = {0};
	char text[COVER_VERDICT];
	cover_judge(&c, w, what, step, text, sizeof text);
	assert_string_equal(text, wanted);
}

static void test_evidence(void **state)
{
	(void)state;
	struct walk w = app.now.walk;
	walk_observe(&w, CALL_BIND, EADDRNOTAVAIL, NULL, 0, 0);
	walk_conclude(&w);
	judged(&w, GUESS_REFUSED, 0, "RIGHT. You said it is refused; the kernel says EADDRNOTAVAIL. 1 of 1 right.");
	judged(&w, GUESS_STEP, w.decisive,
	       "RIGHT. You said step 7 (acceptable) ends it; the kernel says EADDRNOTAVAIL, and the model says the same "
	       "step. 1 of 1 right.");
	w = app.now.walk;
	walk_observe(&w, CALL_BIND, EPERM, NULL, 0, 0);
	walk_conclude(&w);
	judged(&w, GUESS_BINDS, 0,
	       "NOT QUITE. You said it binds; the kernel says EPERM, where the model said EADDRNOTAVAIL. 0 of 1 right.");
	judged(&w, GUESS_STEP, 2,
	       "NOBODY KNOWS. You said step 3 (family) ends it; the kernel says EPERM, where the model said "
	       "EADDRNOTAVAIL. Not counted.");
	w = app.now.walk;
	w.predicted.certain = false;
	judged(&w, GUESS_BINDS, 0,
	       "NOBODY KNOWS. You said it binds; the model cannot tell; bind to find out. Not counted.");
}

// An explicit command shows what is beneath, and says that the cover is off; what only goes elsewhere does not.
static void test_gives_way(void **state)
{
	(void)state;
	static const char *const telling[] = {"show walk", "show events", "compare", "expect ok", "listen"};
	static const char *const other[] = {"show routes", "show interfaces", "write x.json", "help bind",
					    "detail",      "step 4",          "view matrix",  "view compare",
					    "view events", "view explore"};
	for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
		press('c');
		do_line(telling[i]);
		assert_false(app.cover.on);
		expect_said("the cover is off");
	}
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		press('c');
		do_line(other[i]);
		expect_secret(0);
		do_line("filter-drop");
		do_line("view explore");
		do_line("cover off");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_secret, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_story, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_uncover, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_never_binds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_score, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_evidence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_gives_way, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
