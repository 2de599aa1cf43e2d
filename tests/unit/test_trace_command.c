// SPDX-License-Identifier: GPL-3.0-or-later
// `:trace` without a kernel: its words, what it asks for and refuses, what the view of binds shows of it at each size,
// and which walks are kept.
#include <errno.h>

#include "core/command/command_complete.h"
#include "core/command/command_parse.h"
#include "core/command/command_words.h"
#include "core/text/width.h"
#include "core/trace/kept_walks.h"
#include "tests/unit/made_app.h"
#include "tui/app_run.h"
#include "tui/bind_item.h"
#include "tui/bind_open.h"
#include "tui/pane/panes.h"
#include "tui/trace_command.h"
#include "tui/trace_text.h"

static struct app app;
static struct host *host;
static struct bind_log watched, traced;
static struct traced_lines lines;

static int open_app(void **state)
{
	(void)state;
	watched = traced = (struct bind_log){0};
	lines.ever = 0;
	host = made_app_open(&app);
	app.watched.binds.log = &watched;
	app.watched.binds.state = WATCH_ON;
	app.traced.log = &traced;
	app.traced.lines = &lines;
	return 0;
}

static int close_app(void **state)
{
	(void)state;
	made_app_close(&app, host);
	bind_log_free(&watched);
	bind_log_free(&traced);
	return 0;
}

static void add(struct bind_log *log, const char *line, enum call call, int err)
{
	struct bind_event e = {.source = SOURCE_PTRACE,
			       .call = call,
			       .pid = 10,
			       .program = "nginx",
			       .netns = 1,
			       .netns_ours = true,
			       .addr_known = true,
			       .socket_known = true,
			       .attempt = made_attempt(host, line),
			       .err = err};
	bind_log_add(log, &e);
	app_binds_added(&app);
}

static void say(bool note, const char *text)
{
	struct traced_line *l = &lines.at[lines.ever++ % TRACED_LINES];
	l->note = note;
	snprintf(l->text, sizeof l->text, "%s", text);
	trace_changed(&app);
}

static void becomes(enum feed_state state, int status)
{
	app.traced.status.state = state;
	app.traced.status.process = 4711;
	app.traced.status.status_known = state == FEED_ENDED;
	app.traced.status.status = status;
	snprintf(app.traced.status.program, sizeof app.traced.status.program, "nginx");
	trace_changed(&app);
}

static bool shows(enum pane_id pane, const char *text)
{
	struct row r;
	pane_title(&app, pane, &r);
	bool found = strstr(r.text, text) != NULL;
	for (size_t i = 0; i < app.lists[pane].count && !found; i++) {
		row_clear(&r);
		pane_ops(pane)->row(&app, list_item(&app.lists[pane], i), pane_width(&app, pane), &r);
		found = strstr(r.text, text) != NULL;
	}
	return found;
}

static void expect_words(const char *line, size_t n, const char *const *words)
{
	struct command_words w;
	char err[COMMAND_ERROR];
	assert_int_equal(command_words(line, &w, err, sizeof err), 0);
	assert_int_equal(w.n, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(w.word[i], words[i]);
	assert_null(w.word[n]);
}

static void test_words(void **state)
{
	(void)state;
	struct command_words w;
	char err[COMMAND_ERROR], line[COMMAND_ARG];
	expect_words("", 0, NULL);
	expect_words("  # nothing", 0, NULL);
	expect_words("nginx -c /etc/x -g 'daemon off;'", 5,
		     (const char *const[]){"nginx", "-c", "/etc/x", "-g", "daemon off;"});
	expect_words("a\"b c\"'d\"e' '' f#g # h", 3, (const char *const[]){"ab cd\"e", "", "f#g"});
	assert_int_equal(command_words("nginx 'daemon off;", &w, err, sizeof err), -EINVAL);
	assert_non_null(strstr(err, "quote"));
	memset(line, 'x', sizeof line - 1); // as many and as long ones as a line can have
	line[sizeof line - 1] = '\0';
	for (size_t i = 1; i < sizeof line - 1; i += 2)
		line[i] = ' ';
	assert_int_equal(command_words(line, &w, err, sizeof err), 0);
	assert_int_equal(w.n, COMMAND_WORDS);
}

// The rest of the line keeps its quotes; what is wrong with it is said where it is.
static void test_parsed(void **state)
{
	(void)state;
	struct command_call call;
	char err[COMMAND_ERROR];
	size_t column;
	assert_int_equal(command_parse("trace 'my prog' -g 'a b' # c", &call, err, sizeof err, &column), 0);
	assert_string_equal(command_value(&call, 0), "'my prog' -g 'a b'");
	assert_int_equal(command_parse("trace \"my prog\"", &call, err, sizeof err, &column), 0);
	assert_string_equal(command_value(&call, 0), "\"my prog\"");
	assert_int_equal(command_parse("trace", &call, err, sizeof err, &column), 0);
	assert_null(command_value(&call, 0));
	assert_int_equal(command_parse("trace nginx -g 'x", &call, err, sizeof err, &column), -EINVAL);
	assert_int_equal(column, strlen("trace nginx -g "));
	assert_int_equal(command_parse("trace a", &call, err, sizeof err, &column), 0);
	assert_true(command_is_live(&call));
}

static bool keep(const char *word, void *data)
{
	(void)word;
	(void)data;
	return true;
}

static void test_completed(void **state)
{
	(void)state;
	static const char *const files[] = {"trace ngi", "trace nginx -c /et", "trace -- ngi"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		bool file = false;
		struct completion to = {keep, NULL, &file};
		command_complete(files[i], strlen(files[i]), host, &to);
		assert_true(file);
	}
}

static void refused(const char *line, const char *why)
{
	app_do_line(&app, line);
	assert_non_null(strstr(app.message, why));
	assert_int_equal(app_take_effects(&app) & EFFECT_TRACE, 0);
}

static void begun(const char *line, pid_t pid, const char *command)
{
	app_do_line(&app, line);
	assert_int_equal(app_take_effects(&app) & EFFECT_TRACE, EFFECT_TRACE);
	assert_int_equal(app.traced.order.pid, pid);
	assert_string_equal(app.traced.order.command, command);
	assert_false(app.traced.order.stop);
	assert_int_equal(app.view, VIEW_BINDS);
	assert_true(app.traced.shown);
}

static void test_asked(void **state)
{
	(void)state;
	refused("trace -x", "\"-x\"");
	refused("trace -p", "-p needs");
	refused("trace -p 0", "-p needs");
	refused("trace -p 1 2", "-p needs");
	refused("trace --pid 99999999999", "--pid needs");
	refused("trace ''", "expected a command");
	refused("trace --", "expected a command");
	refused("trace stop", "no program is traced");
	assert_int_equal(app.view, VIEW_EXPLORE);
	refused("trace", ":trace COMMAND");
	assert_true(app.traced.shown);
	begun("trace nginx -g 'daemon off;'", 0, "nginx -g 'daemon off;'");
	begun("trace -- -odd  x", 0, "-odd  x");
	begun("trace -p 4711", 4711, "");
	begun("trace stop it", 0, "stop it");
	becomes(FEED_RUNS, 0);
	refused("trace id", "nginx[4711] is still traced");
	app_do_line(&app, "trace stop");
	assert_int_equal(app_take_effects(&app) & EFFECT_TRACE, EFFECT_TRACE);
	assert_true(app.traced.order.stop);
	app.traced.order.stop = false;
	becomes(FEED_ENDED, SIGKILL);
	begun("trace id", 0, "id");
	struct lesson_state lesson = {0};
	app.lesson.state = &lesson;
	refused("trace id", "lesson");
	app.lesson.state = NULL;
	host->recorded = true;
	refused("trace id", command_recorded);
}

// Each of both logs has its own rows, and its own choice of them.
static void test_shown(void **state)
{
	(void)state;
	struct list *l = &app.lists[PANE_BINDS];
	app_view(&app, VIEW_BINDS);
	add(&watched, "tcp4 203.0.113.9 80", CALL_BIND, EADDRNOTAVAIL);
	assert_int_equal(l->count, 1);
	app_do_line(&app, "trace");
	assert_true(shows(PANE_BINDS, ":trace COMMAND"));
	assert_int_equal(bind_items(&app), 0);
	becomes(FEED_RUNS, 0);
	assert_true(shows(PANE_BINDS, "has bound no socket yet"));
	add(&traced, "tcp4 192.0.2.2 80", CALL_BIND, 0);
	add(&traced, "tcp4 192.0.2.2 81", CALL_BIND, EADDRINUSE);
	add(&traced, "tcp4 192.0.2.2 82", CALL_CONNECT, ECONNREFUSED);
	add(&traced, "tcp4 192.0.2.2 83", CALL_SETSOCKOPT, EPERM);
	assert_int_equal(l->count, 3);
	assert_true(shows(PANE_BINDS, "connect()"));
	assert_true(shows(PANE_BINDS, "setsockopt()"));
	app_key(&app, &(struct key){.code = K_SPACE});
	assert_int_equal(l->count, 4);
	assert_false(app.watched.binds.all);
	list_select(l, 2);
	bind_open(&app, list_item(l, 2)); // has no walk, and needs no reading for that
	assert_true(app.opened.open && !app.opened.walk && strstr(app.opened.why, "connect()"));
	app.opened.of = (struct bind_event){.err = EACCES};
	assert_false(bind_item_has_remedies(&app));
	app.opened.walk = &app.now;
	assert_true(bind_item_has_remedies(&app));
	app.opened.of.lowered = true;
	assert_false(bind_item_has_remedies(&app));
	app.opened.walk = NULL;
	app_do_line(&app, "watch on");
	assert_false(app.opened.open);
	assert_int_equal(l->count, 1);
	app_do_line(&app, "trace");
	assert_int_equal(l->count, 4);
}

static void test_told(void **state)
{
	(void)state;
	app_do_line(&app, "trace");
	snprintf(app.traced.command, sizeof app.traced.command, "nginx -t");
	becomes(FEED_BEGINS, 0);
	becomes(FEED_RUNS, 0);
	assert_true(shows(PANE_PROGRAM, "nginx -t"));
	assert_true(shows(PANE_BINDS, "runs"));
	say(false, "\033[31mbad\001 bytes\377");
	assert_true(shows(PANE_PROGRAM, "\\x1b[31mbad\\x01 bytes\\xff"));
	char note[TAIL_TEXT];
	for (int n = 0; n < TRACE_NOTES; n++) {
		trace_text_note((enum trace_note)n, 5, "x", note, sizeof note);
		assert_int_equal(strncmp(note, "x[5]", 4), 0);
		say(true, note);
	}
	becomes(FEED_STOPS, 0);
	assert_true(shows(PANE_BINDS, "ended"));
	app.traced.status.attached = true;
	trace_changed(&app);
	assert_true(shows(PANE_BINDS, "let go") && !shows(PANE_BINDS, "ended"));
	app.traced.status.attached = false;
	becomes(FEED_ENDED, 1 << 8);
	assert_true(shows(PANE_BINDS, "ended with 1"));
	assert_true(shows(PANE_PROGRAM, "ended with 1"));
	becomes(FEED_ENDED, SIGSEGV);
	assert_true(shows(PANE_PROGRAM, "SIGSEGV"));
	becomes(FEED_ENDED, SIGRTMIN + 1);
	assert_true(shows(PANE_PROGRAM, "killed by"));
	snprintf(app.traced.status.why, sizeof app.traced.status.why, "not \033 found");
	trace_changed(&app);
	assert_true(shows(PANE_PROGRAM, "not \\x1b found"));
	assert_true(shows(PANE_BINDS, "not traced"));
}

// The end is on the screen, unless somebody reads what comes before it.
static void test_followed(void **state)
{
	(void)state;
	struct list *l = &app.lists[PANE_PROGRAM];
	app_do_line(&app, "trace");
	becomes(FEED_RUNS, 0);
	for (int i = 0; i < 3 * TRACED_LINES; i++)
		say(false, "one of many lines that are rather long, so that a narrow screen breaks them in two");
	assert_true(l->selected + 1 == l->count && l->count > TRACED_LINES);
	list_select(l, 5);
	say(false, "one more");
	assert_int_equal(l->selected, 5);
}

static void test_sizes(void **state)
{
	(void)state;
	static const int sizes[][2] = {{10, 40}, {14, 50}, {18, 60}, {24, 80}, {36, 120}, {60, 200}};
	app_do_line(&app, "trace");
	becomes(FEED_RUNS, 0);
	for (int i = 0; i < 30; i++) {
		say(false, "nginx: [emerg] bind() to 203.0.113.9:80 failed (99: Cannot assign requested address)");
		add(&traced, "tcp4 203.0.113.9 80", CALL_BIND, EADDRNOTAVAIL);
	}
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		app_resize(&app, sizes[i][0], sizes[i][1]);
		assert_true(app.layout.pane[PANE_BINDS].h > 0);
		assert_int_equal(app.layout.pane[PANE_PROGRAM].h > 0, sizes[i][0] >= 18);
		for (int p = PANE_BINDS; p <= PANE_PROGRAM; p++)
			for (size_t n = 0; app.layout.pane[p].h && n < app.lists[p].count; n++) {
				struct row r;
				row_clear(&r);
				pane_ops((enum pane_id)p)
					->row(&app, list_item(&app.lists[p], n), pane_width(&app, (enum pane_id)p), &r);
				assert_true(r.used > 0);
				assert_true(width_text(r.text, r.used) <= pane_width(&app, (enum pane_id)p));
			}
	}
}

static struct event_walk *walk_of_nothing(void)
{
	struct event_walk *w;
	struct bind_event unknown = {.pid = 1}; // is done at once
	assert_int_equal(event_walk_begin(&unknown, &w), 0);
	return w;
}

static void test_kept(void **state)
{
	(void)state;
	static struct kept_walks k;
	struct event_walk *first = walk_of_nothing();
	kept_walks_add(&k, 0, true, first);
	assert_ptr_equal(kept_walks_find(&k, 0), first);
	assert_null(kept_walks_find(&k, 1));
	for (uint64_t n = 1; n < 200; n++)
		kept_walks_add(&k, n, false, walk_of_nothing());
	kept_walks_add(&k, 200, false, NULL);
	assert_ptr_equal(kept_walks_find(&k, 0), first); // those that succeed do not drive it out
	assert_null(kept_walks_find(&k, 200 - KEPT_WALKS - 1));
	assert_non_null(kept_walks_find(&k, 200 - KEPT_WALKS));
	assert_non_null(kept_walks_find(&k, 199));
	assert_null(kept_walks_find(&k, 200));
	kept_walks_free(&k);
	assert_null(kept_walks_find(&k, 199));
	assert_int_equal(k.bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_parsed),
		cmocka_unit_test_setup_teardown(test_completed, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_asked, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_shown, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_told, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_followed, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_sizes, open_app, close_app),
		cmocka_unit_test(test_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
