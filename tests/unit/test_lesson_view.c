// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson on the screen: what each key does to it, what is covered and when, and that every lesson of the program can
// be read at every size. The ground below it is made up: each bind ends as the model says.
#include <errno.h>
#include <stdlib.h>

#include "core/command/command_parse.h"
#include "core/lesson/lesson_list.h"
#include "core/model/walk_conclude.h"
#include "core/text/width.h"
#include "tests/unit/made_app.h"
#include "tui/app_run.h"
#include "tui/frame.h"
#include "tui/lesson_ask.h"
#include "tui/lesson_player.h"
#include "tui/lesson_text.h"
#include "tui/pane/panes.h"

static struct host *host;
static struct app app;
static struct lesson_player player;
static unsigned renewed, lines;
static bool check_fails, no_place;
static const char *failing; // only checks with this word

static int renew(void *data, const char *recipe, char *err, size_t errlen)
{
	struct addr a = made_addr("192.168.123.123");
	struct attempt first = attempt_new(&a);
	(void)data;
	(void)recipe;
	if (no_place) {
		snprintf(err, errlen, "no more namespaces");
		return -ENOSPC;
	}
	renewed++;
	app_set_attempt(&app, &first);
	app_take_effects(&app);
	return 0;
}

// What changes the host changes nothing here.
static bool line(void *data, const struct lesson_item *item, char *said, size_t len)
{
	struct command_call call;
	unsigned changed = 0;
	char err[COMMAND_ERROR];
	(void)data;
	lines++;
	snprintf(said, len, "%s", check_fails ? "not yet" : "as it says");
	if (item->kind == ITEM_CHECK)
		return !check_fails || (failing && !strstr(item->text, failing));
	said[0] = '\0';
	if (command_parse(item->text, &call, err, sizeof err, NULL) < 0)
		return false;
	if (!(command_info(call.id)->needs & NEED_LAB))
		app_take_line(&app, PROMPT_COMMAND, item->text, err, sizeof err, &changed);
	app_take_effects(&app);
	if (call.id == CMD_BIND) {
		struct walk *w = &app.now.walk;
		walk_observe(w, CALL_BIND, w->predicted.err, NULL, 0, 0);
		walk_conclude(w);
		app_walk_made(&app);
	}
	return true;
}

static int set_up(void **state)
{
	(void)state;
	host = made_app_open(&app);
	renewed = lines = 0;
	check_fails = no_place = false;
	failing = NULL;
	player = (struct lesson_player){.app = &app, .ground = {.renew = renew, .line = line}, .view = VIEW_LESSON};
	player.unwritten = true; // no file is written
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lesson_player_close(&player);
	made_app_close(&app, host);
	return 0;
}

static void carry_out(void)
{
	for (unsigned e; (e = app_take_effects(&app)) != 0;)
		if (e & EFFECT_LESSON)
			lesson_player_do(&player);
	app_fit(&app);
}

static void press(uint32_t code)
{
	app_key(&app, &(struct key){.code = code});
	carry_out();
}

static void do_line(const char *text)
{
	app_do_line(&app, text);
	carry_out();
}

static void play(const char *text)
{
	static struct lesson l;
	struct lesson_error error;
	if (lesson_read(&l, "made.lesson", text, strlen(text), NULL, &error) < 0)
		fail_msg("line %u: %s", error.line, error.text);
	lesson_player_take(&player, &l);
	carry_out();
}

// The pane's whole text, a line each.
static const char *text_of_lesson(void)
{
	static char text[1 << 15];
	static struct row row[200];
	size_t n = lesson_lines(&app, pane_width(&app, PANE_LESSON), 0, 0, NULL), used = 0;
	assert_in_range(n, 0, 200);
	for (size_t i = 0; i < n; i++)
		row_clear(&row[i]);
	lesson_lines(&app, pane_width(&app, PANE_LESSON), 0, n, row);
	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		assert_false(row[i].truncated);
		used += (size_t)snprintf(text + used, sizeof text - used, "%s\n", row[i].text);
	}
	return text;
}

static bool tells(const char *part)
{
	return strstr(text_of_lesson(), part) != NULL;
}

static void expect(const char *part)
{
	if (!tells(part))
		fail_msg("no \"%s\" in:\n%s", part, text_of_lesson());
}

static const char *hint(void)
{
	static struct row row[HINT_LINES];
	int cursor;
	frame_hint(&app, 200, row, &cursor);
	return row[0].text;
}

#define TWO_STEPS                                                                                                      \
	"lesson \"Made\"\ngoal \"See it.\"\n"                                                                          \
	"step \"First\"\nsay \"Look at this.\"\ndo bind 192.0.2.2\ncheck ok\nsay \"It bound.\"\n"                      \
	"step \"Second\"\nask \"Will it bind?\" [binds refused]\ndo bind 203.0.113.9\nsay \"So it is.\"\n"             \
	"done \"That was it.\"\nread anyip bind\n"

// One key goes on, and says what comes; the texts come in their order.
static void test_goes_on(void **state)
{
	(void)state;
	play(TWO_STEPS);
	assert_int_equal(app.view, VIEW_LESSON);
	assert_int_equal(app.focus, PANE_LESSON);
	expect("Goal: See it.");
	expect("▸ bind 192.0.2.2");
	assert_false(tells("It bound."));
	assert_int_equal(lines, 0);
	assert_non_null(strstr(hint(), "Enter runs the command"));
	press(K_SPACE);
	assert_int_equal(lines, 2); // the command, and what checks it
	expect("$ bind 192.0.2.2");
	expect("bound, ADDR_LOCAL");
	expect("It bound.");
	assert_non_null(strstr(hint(), "Enter goes on to step 2"));
	press('n');
	assert_int_equal(player.state.step, 1);
	assert_false(tells("Look at this."));
	press('n');
	expect("You said: refused");
	press(K_ENTER);
	expect("RIGHT: the kernel says EADDRNOTAVAIL.");
	assert_non_null(strstr(hint(), "Enter ends the lesson"));
	press(K_ENTER);
	expect("You are through: Made.");
	expect("That was it.");
	expect("Predictions: 1 of 1 right.");
	expect("Read next: help anyip, help bind");
	unsigned before = lines;
	press(K_ENTER); // there is no next one
	assert_int_equal(lines, before);
	expect("You are through");
}

// Only an answer answers.
static void test_answers(void **state)
{
	(void)state;
	static const uint32_t none[] = {K_ENTER, K_SPACE, 'f', 'b', 'x', '3', 'A', 'c', K_INSERT};
	play(TWO_STEPS);
	press(K_ENTER);
	press(K_ENTER);
	unsigned before = lines;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		press(none[i]);
		assert_int_equal(player.state.wait, LESSON_ANSWER);
		assert_int_equal(lines, before);
		assert_true(app_covers(&app));
	}
	assert_false(app.cover.asking);
	do_line("answer binds");
	expect("You said: binds");
	press('y'); // pressed twice
	assert_int_equal(player.state.wait, LESSON_RUN);
	press(K_ENTER);
	expect("NOT QUITE: you said it binds; the kernel says EADDRNOTAVAIL.");
	assert_int_equal(app_step_index(&app), app.now.walk.decisive);
	assert_false(app_covers(&app));
}

// Choices that are not yes and no have digits, and their author or the kernel judges.
static void test_choices(void **state)
{
	(void)state;
	play("lesson \"Made\"\nstep \"One\"\nask \"Which one?\" [route +device sysctl]\n"
	     "step \"Two\"\nask \"And now?\" [ok EACCES EADDRNOTAVAIL]\ndo bind 203.0.113.9\n"
	     "step \"Three\"\nask \"Really?\" [+yes no]\n");
	expect("1 route · 2 device · 3 sysctl");
	press('4');
	assert_non_null(strstr(app.message, "the question has 3 answers"));
	press('y');
	assert_non_null(strstr(app.message, "that is not an answer: 1 route"));
	press('3');
	expect("NOT QUITE: you said sysctl; the answer is device.");
	press(K_ENTER);
	press('3');
	press(K_ENTER);
	expect("RIGHT: the kernel says EADDRNOTAVAIL.");
	press(K_ENTER);
	expect("y yes · n no");
	press('n');
	expect("NOT QUITE: you said no; the answer is yes.");
	assert_int_equal(player.state.npredictions, 3);
}

// The step is chosen in the walk, by its number or by moving there.
static void test_asks_for_a_step(void **state)
{
	(void)state;
	play("lesson \"Made\"\nstep \"One\"\nask \"Where does it end?\" [step]\ndo bind 203.0.113.9\n");
	assert_int_equal(app.focus, PANE_WALK);
	assert_true(app_covers(&app));
	press('1');
	press('1');
	assert_int_equal(app_step_index(&app), 10);
	press('5');
	press(K_DOWN);
	assert_int_equal(app_step_index(&app), 5);
	press('x');
	expect("You said: step 6");
	assert_int_equal(app.focus, PANE_LESSON);
	press(K_ENTER);
	expect("NOT QUITE: you said step 6; it ends at step 7.");
	press(K_BACKSPACE);
	press('7');
	press('x');
	press(K_ENTER);
	expect("RIGHT: it ends at step 7.");
}

// A prediction of the model tells as much as a bind does: it is covered before the question, and until the bind.
static void test_cover(void **state)
{
	(void)state;
	play("lesson \"Made\"\nstep \"One\"\nsay \"First look.\"\ndo address 203.0.113.9\n"
	     "step \"Two\"\nask \"Will it bind?\" [binds refused]\ndo set freebind\nbind\nsay \"It does.\"\n"
	     "step \"Three\"\nsay \"No question.\"\ndo unset freebind\ndo bind\n");
	assert_true(app_covers(&app)); // nobody has bound it
	press(K_ENTER);
	assert_true(app_covers(&app));
	press(K_ENTER);
	press('n');
	assert_true(app_covers(&app));
	press(K_ENTER);
	expect("bind tcp4 203.0.113.9:0: bound");
	expect("NOT QUITE: you said it is refused; the kernel says it binds.");
	assert_false(app_covers(&app));
	press(K_ENTER);
	press(K_ENTER);
	assert_false(app_covers(&app)); // none is asked any more
}

// A step of the walk that a lesson goes to stays selected, whatever was covered before.
static void test_step_at(void **state)
{
	(void)state;
	play("lesson \"Made\"\nstep \"One\"\nask \"Will it bind?\" [binds refused]\ndo bind 203.0.113.9\nstep 3\n"
	     "step \"Two\"\nstep 5\nsay \"Look.\"\nstep \"Three\"\nask \"And this?\" [binds refused]\ndo bind\n");
	press('n');
	press(K_ENTER);
	assert_int_equal(app_step_index(&app), 2);
	press(K_ENTER);
	assert_int_equal(app_step_index(&app), 4);
	do_line("lesson goto 2");
	assert_int_equal(app_step_index(&app), 4);
}

// The lab is renewed, and all before the step carried out; what was predicted and not yet judged stays so.
static void test_jumps(void **state)
{
	(void)state;
	play(TWO_STEPS);
	press(']');
	assert_int_equal(player.state.step, 1);
	assert_int_equal(renewed, 1);
	assert_int_equal(lines, 1);
	press('y');
	press(']');
	assert_non_null(strstr(app.message, "this is the last step of 2"));
	press('[');
	assert_int_equal(player.state.step, 0);
	assert_int_equal(player.state.predictions[0].judgement, JUDGED_NEVER);
	press('[');
	assert_non_null(strstr(app.message, "this is the first step of 2"));
	do_line("lesson goto 3");
	assert_non_null(strstr(app.message, "the lesson has 2 steps"));
	press(K_ENTER);
	press(K_BACKSPACE); // to the beginning of the step
	expect("▸ bind 192.0.2.2");
	do_line("lesson goto 2");
	press('p'); // from there to the one before
	assert_int_equal(player.state.step, 0);
}

// Where no fresh place can be had, all stays as it is, and what is covered stays so.
static void test_no_place(void **state)
{
	(void)state;
	play("lesson \"Two\"\nstep \"One\"\nsay One.\nstep \"Two\"\n"
	     "ask \"Will it?\" [binds refused]\ndo bind\n");
	press(K_ENTER);
	do_line("lesson goto 2");
	assert_int_equal(player.state.step, 1);
	assert_true(app_covers(&app));
	no_place = true;
	do_line("lesson goto 1");
	assert_string_equal(app.message, "no more namespaces");
	assert_int_equal(player.state.step, 1);
	assert_true(app_covers(&app));
	player.other = player.ground;
	player.ground.data = &app; // to tell them apart
	do_line("lesson recording on");
	assert_ptr_equal(player.ground.data, &app);
	assert_null(player.other.data);
	assert_true(app_covers(&app));
	no_place = false;
	do_line("lesson goto 1");
	assert_int_equal(player.state.step, 0);
}

#define TASK                                                                                                           \
	"lesson \"Made\"\ngoal \"Make it bind.\"\nstep \"Find a way\"\nsay \"It is refused.\"\n"                       \
	"hint \"Look at it.\"\nhint \"Look closely.\"\nhint \"set freebind\"\nsolution set freebind\nsolution bind\n"  \
	"check ok\nsay \"It binds.\"\ndone \"Done.\"\n"

static void test_task(void **state)
{
	(void)state;
	play(TASK);
	check_fails = true;
	expect("Goal: Make it bind.");
	assert_int_equal(frame_verdict_lines(&app, 80), 2); // no remedy
	press('T');
	assert_non_null(strstr(app.message, "the solution opens after"));
	press(K_ENTER);
	expect("not yet");
	assert_false(tells("It binds."));
	for (unsigned i = 1; i <= LESSON_HINTS; i++) {
		char text[16];
		snprintf(text, sizeof text, "Hint %u: ", i);
		assert_false(tells(text));
		press('t');
		expect(text);
	}
	assert_false(tells("A way to the goal"));
	press('T');
	expect("A way to the goal:\n  $ set freebind\n  $ bind\n");
	press('f'); // what the explorer can do, the learner can
	assert_true(attempt_on(&app.attempt, OPT_FREEBIND));
	check_fails = false;
	press(K_ENTER);
	assert_false(tells("not yet"));
	expect("Solved. ok: as it says");
	expect("It binds.");
	press(K_ENTER);
	expect("You are through");
}

// What a second check needs must not break what the first one needs.
static void test_checks_hold_together(void **state)
{
	(void)state;
	play("lesson \"Made\"\nstep \"One\"\nsay \"Both.\"\ncheck bind 127.0.0.1 ok\ncheck bind ::1 ok\nsay \"Done.\"\n");
	check_fails = true;
	failing = "::1";
	press(K_ENTER);
	expect("not yet");
	failing = "127";
	press(K_ENTER);
	expect("not yet");
	assert_false(tells("Done."));
	check_fails = false;
	lines = 0;
	press(K_ENTER);
	assert_int_equal(lines, 2);
	expect("Solved. bind ::1 ok");
	expect("Done.");
}

static void test_leaves(void **state)
{
	(void)state;
	play(TWO_STEPS);
	press(K_ESCAPE);
	assert_int_equal(app.view, VIEW_EXPLORE);
	assert_non_null(strstr(hint(), "L returns to the lesson"));
	press(K_ENTER); // means what it always means there
	assert_int_equal(app.view, VIEW_EXPLORE);
	press('M');
	press('L');
	assert_int_equal(app.view, VIEW_LESSON);
	assert_int_equal(app.focus, PANE_LESSON);
	press(K_TAB);
	assert_int_equal(app.view, VIEW_LESSON);
	assert_int_not_equal(app.focus, PANE_LESSON);
	press('L');
	assert_int_equal(app.focus, PANE_LESSON);
	press(K_F1);
	press('L');
	assert_int_equal(app.view, VIEW_HELP);
	press(K_ESCAPE);
	assert_int_equal(app.view, VIEW_LESSON);
	do_line("view matrix");
	assert_non_null(strstr(hint(), "L or Enter returns to the lesson"));
	struct row keys;
	frame_keys(&app, 200, &keys);
	assert_null(strstr(keys.text, "Enter")); // it has another meaning here now
	press(K_ESCAPE);                         // a view that is only passed by
	assert_int_equal(app.view, VIEW_LESSON);
	do_line("compare with 192.0.2.2"); // stands beside the lesson
	assert_int_equal(app.view, VIEW_LESSON);
	assert_true(app.layout.pane[PANE_OTHER].h > 0);
	assert_int_equal(app.layout.pane[PANE_WALK].h, 0);
	press(K_ENTER);
	press(K_ENTER);
	assert_int_equal(app.layout.pane[PANE_OTHER].h, 0);
}

static void test_none_is_open(void **state)
{
	(void)state;
	static const char *const commands[] = {"lesson",          "lesson next", "lesson back", "lesson goto 1",
					       "lesson answer 1", "hint",        "solution"};
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		do_line(commands[i]);
		assert_non_null(strstr(app.message, "no lesson is open"));
		assert_int_equal(app.view, VIEW_EXPLORE);
	}
	do_line("lesson nothing");
	assert_non_null(strstr(app.message, "'nothing' is neither a lesson nor a file"));
	app.lab = false;
	do_line("lesson anyip");
	assert_non_null(strstr(app.message, "they need a lab"));
	assert_int_equal(renewed, 0);
}

static void expect_inside(const struct rect *r)
{
	assert_in_range(r->y, 1, app.rows);
	assert_in_range(r->y + r->h, 1, app.rows - 1);
	assert_in_range(r->x + r->w, 1, app.cols);
}

// What is new can be read: from its first line on, or the hint tells how to get there.
static void expect_readable(void)
{
	const struct list *l = &app.lists[PANE_LESSON];
	static struct row row[PANE_PAGE];
	unsigned width = pane_width(&app, PANE_LESSON);
	size_t n = l->height < PANE_PAGE ? l->height : PANE_PAGE;
	bool rest = l->top + l->height < l->count, asks = app_awaits_answer(&app);
	text_of_lesson();
	for (int p = 0; p < PANE_COUNT; p++)
		if (app.layout.pane[p].h)
			expect_inside(&app.layout.pane[p]);
	if (!app.layout.pane[PANE_LESSON].h)
		return; // the walk has all of the screen
	for (size_t i = 0; i < n; i++)
		row_clear(&row[i]);
	lesson_lines(&app, width, l->top, n, row);
	for (size_t i = 0; i < n; i++)
		assert_in_range(width_text(row[i].text, row[i].used), 0, width);
	assert_true(l->count > 0);
	if (rest && !asks && app.focus == PANE_LESSON && app.layout.hint.h)
		assert_non_null(strstr(hint(), "Enter shows the rest"));
	if (app.rows >= LAYOUT_SINGLE_ROWS)
		assert_true(app.layout.pane[PANE_WALK].h + app.layout.pane[PANE_DETAIL].h +
				    app.layout.pane[PANE_OTHER].h >
			    0);
}

// Plays a lesson by the keys that its hints name, whatever they lead to.
static void read_all(const char *name)
{
	enum { MOST = 1000 };
	int i = 0;
	char text[64];
	snprintf(text, sizeof text, "lesson %s", name);
	do_line(text);
	assert_true(app.lesson.state);
	for (; i < MOST && player.state.wait != LESSON_END; i++) {
		struct ask ask;
		expect_readable();
		if (player.state.wait == LESSON_TASK)
			press('t');
		if (!lesson_question(&app, &ask))
			press(app.view == VIEW_LESSON && app.focus == PANE_LESSON ? K_ENTER : 'L');
		else if (ask.judge == ASK_STEP)
			press('x');
		else
			press('1');
	}
	expect_readable();
	assert_in_range(i, 1, MOST - 1);
}

// Not on a kernel, or in a program, that lacks what it is about.
static bool can_read(const struct listed_lesson *listed)
{
	static struct lesson l;
	struct lesson_error error;
	int rc = lesson_read(&l, listed->name, listed->text, strlen(listed->text), NULL, &error);
	lesson_free(&l);
	return rc == 0;
}

// Every lesson that the program brings.
static void test_readable(void **state)
{
	(void)state;
	static const int sizes[][2] = {{10, 40}, {18, 60}, {24, 80}, {36, 120}, {60, 200}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		app_resize(&app, sizes[i][0], sizes[i][1]);
		for (size_t n = 0; listed_lesson(n); n++)
			if (listed_lesson(n)->kind == LESSON_CORE && can_read(listed_lesson(n)))
				read_all(listed_lesson(n)->name);
	}
}

int main(void)
{
#define LESSON_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		LESSON_TEST(test_goes_on),  LESSON_TEST(test_answers),
		LESSON_TEST(test_choices),  LESSON_TEST(test_asks_for_a_step),
		LESSON_TEST(test_cover),    LESSON_TEST(test_step_at),
		LESSON_TEST(test_jumps),    LESSON_TEST(test_no_place),
		LESSON_TEST(test_task),     LESSON_TEST(test_checks_hold_together),
		LESSON_TEST(test_leaves),   LESSON_TEST(test_none_is_open),
		LESSON_TEST(test_readable),
	};
	return cmocka_run_group_tests_name("lesson_view", tests, NULL, NULL);
}
