// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "core/change/own_file.h"
#include "core/command/script.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_rules.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "tui/complain.h"
#include "tui/lesson_print.h"
#include "tui/line_error.h"
#include "tui/output.h"

enum { COMPLAINTS = 256 };

struct complaint {
	unsigned line;
	size_t column;
	char text[COMMAND_ERROR];
};

struct check {
	const char *path;
	char *own; // memory of the text
	const char *text;
	size_t len;
	char here[sizeof((struct utsname *)NULL)->release]; // "": not known
	struct lesson lesson;
	struct lesson_place place;
	struct complaint *found;
	unsigned n;
	// The play.
	char not_played[COMMAND_ERROR]; // why
	unsigned commands, questions;
	long milliseconds;
};

// Each place is named once: most lines are the same on every kernel.
static void add(struct check *c, unsigned line, size_t column, const char *text)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->found[i].line == line && c->found[i].column == column && strcmp(c->found[i].text, text) == 0)
			return;
	if (c->n == COMPLAINTS)
		return;
	struct complaint *x = &c->found[c->n++];
	*x = (struct complaint){.line = line, .column = column};
	snprintf(x->text, sizeof x->text, "%s", text);
}

static void add_of_text(void *data, unsigned line, size_t column, const char *text)
{
	add(data, line, column, text);
}

// A path, or one of the program's own. 0 or -errno, complained about.
static int read_text(struct check *c)
{
	char err[COMMAND_ERROR];
	ssize_t n = own_file_named(c->path, LESSON_LIMIT, &c->own, err, sizeof err);
	const struct listed_lesson *own = n == -ENOENT ? listed_lesson_find(c->path) : NULL;
	if (own) {
		c->path = own->file;
		c->text = own->text;
		c->len = strlen(own->text);
		return 0;
	}
	if (n < 0) {
		complain("%s", err);
		return (int)n;
	}
	c->text = c->own;
	c->len = (size_t)n;
	return 0;
}

// The line of the text as it is shown under an error.
static void copy_line(const struct check *c, unsigned number, char *out, size_t size)
{
	const char *at = c->text, *end = c->text + c->len;
	for (unsigned i = 1; i < number && at < end; i++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		at = stop ? stop + 1 : end;
	}
	const char *stop = memchr(at, '\n', (size_t)(end - at));
	size_t len = (size_t)((stop ? stop : end) - at);
	snprintf(out, size, "%.*s", (int)(len < size ? len : size - 1), at);
}

// 0; or -errno for a text that is not a lesson on this kernel, complained about.
static int read_on(struct check *c, const char *release)
{
	struct lesson_error error;
	char line[512];
	lesson_free(&c->lesson);
	int rc = lesson_read(&c->lesson, c->path, c->text, c->len, release, &error);
	if (rc == 0)
		return 0;
	if (rc == -ENOMEM || !error.line) {
		complain("%.200s: %s", c->path, rc == -ENOMEM ? strerror(ENOMEM) : error.text);
		return rc;
	}
	struct session_error shown = {.column = error.column, .has_column = error.has_column};
	snprintf(shown.text, sizeof shown.text, "%s", error.text);
	copy_line(c, error.line, line, sizeof line);
	shown.has_column &= shown.column <= strlen(line);
	line_error_print(c->path, error.line, line, &shown);
	return rc;
}

// Where an item's own words stand.
static void add_at(struct check *c, const struct lesson_item *i, const char *text)
{
	char line[SCRIPT_LINE + 1];
	copy_line(c, i->line, line, sizeof line);
	const char *at = strstr(line, i->text);
	add(c, i->line, at ? (size_t)(at - line) : 0, text);
}

// What nobody can answer right is no question.
static void judged(void *data, const struct prediction *p, bool answered)
{
	struct check *c = data;
	const struct lesson_item *i = &c->lesson.items[p->item];
	const struct walk *w = &c->place.session.now.walk;
	struct ask ask;
	char text[COMMAND_ERROR];
	bool possible = false;
	(void)answered;
	c->questions++;
	if (!lesson_read_ask(i, &ask))
		return; // was checked when it was read
	for (unsigned k = 0; k < ask.nchoices && ask.judge == ASK_KERNEL; k++)
		possible |= ask_outcome_is(w, ask.choice[k]);
	if (ask.judge == ASK_KERNEL && !possible) {
		snprintf(text, sizeof text, "none of these choices is what the kernel answers: %s (%s)",
			 errno_name(w->observed.err), code_info(w->code)->name);
		add_at(c, i, text);
	}
	if (ask.judge == ASK_STEP && !w->observed.err)
		add_at(c, i, "this bind succeeds, so no step ends it");
	else if (p->judgement == JUDGED_NEVER)
		add_at(c, i, "the kernel's answer does not tell who is right");
}

static void count(void *data, const struct lesson_item *i)
{
	struct check *c = data;
	c->commands += i->kind == ITEM_DO || i->kind == ITEM_SETUP || i->kind == ITEM_SOLUTION || i->kind == ITEM_CHECK;
}

static long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void play(struct check *c)
{
	const struct lesson_watcher watcher = {.item = count, .judged = judged, .data = c};
	struct lesson_stop stop;
	char why[COMMAND_ERROR], text[COMMAND_ERROR + 64];
	if (!lesson_is_possible(&c->lesson, c->not_played, sizeof c->not_played))
		return;
	if (lesson_place_open(&c->place, c->lesson.lab, why, sizeof why) < 0) {
		snprintf(c->not_played, sizeof c->not_played, "no lab: %.480s", why);
		return;
	}
	long began = now_ms();
	enum exit_status how = lesson_play(&c->place.session, &c->lesson, 0, c->lesson.nsteps, &watcher, &stop);
	c->milliseconds = now_ms() - began;
	if (how != EXIT_OK && stop.item) {
		snprintf(text, sizeof text, "%s stops here on this kernel: %s",
			 stop.item->kind == ITEM_CHECK ? "the check" : "the command", stop.error.text);
		add_at(c, stop.item, text);
	}
	lesson_place_close(&c->place);
}

static void print_text(const struct check *c, const struct lesson_size *size, struct report_style style)
{
	char text[COMMAND_ERROR + 128];
	struct row r;
	for (unsigned i = 0; i < c->n; i++) {
		const struct complaint *x = &c->found[i];
		output_line("%s:%u:%zu: %s", c->path, x->line, x->column + 1, x->text);
	}
	row_clear(&r);
	row_add(&r, ROLE_TITLE, "%s", c->lesson.title);
	row_add(&r, ROLE_PLAIN, ": %s of %u step%s, %u word%s, %u question%s, %u:%02u by reading speed; ",
		lesson_sort_name(size->sort), c->lesson.nsteps, c->lesson.nsteps == 1 ? "" : "s", size->words,
		size->words == 1 ? "" : "s", size->questions, size->questions == 1 ? "" : "s", size->seconds / 60,
		size->seconds % 60);
	row_add(&r, c->n ? ROLE_FAIL : ROLE_OK, "%u complaint%s", c->n, c->n == 1 ? "" : "s");
	report_print(&r, style, stdout);
	if (c->not_played[0])
		snprintf(text, sizeof text, "Not played: %s", c->not_played);
	else
		snprintf(text, sizeof text,
			 "Played in a lab on Linux %s: %u command%s, %u question%s answered, in %ld.%03ld s.", c->here,
			 c->commands, c->commands == 1 ? "" : "s", c->questions, c->questions == 1 ? "" : "s",
			 c->milliseconds / 1000, c->milliseconds % 1000);
	row_clear(&r);
	row_add(&r, c->not_played[0] ? ROLE_WARN : ROLE_PLAIN, "%s", text);
	report_print(&r, style, stdout);
}

static void print_json(const struct check *c, const struct lesson_size *size)
{
	json_memory_watch();
	json_t *root = json_object(), *list = json_array(), *played = json_object();
	for (unsigned i = 0; i < c->n; i++) {
		const struct complaint *x = &c->found[i];
		json_t *o = json_object();
		json_object_set_new(o, "line", json_integer(x->line));
		json_object_set_new(o, "column", json_integer((json_int_t)x->column + 1));
		json_object_set_new(o, "text", json_text(x->text));
		json_array_append_new(list, o);
	}
	json_object_set_new(root, "file", json_text(c->path));
	json_object_set_new(root, "kind", json_text(lesson_sort_name(size->sort)));
	json_object_set_new(root, "title", json_text(c->lesson.title));
	json_object_set_new(root, "steps", json_integer(c->lesson.nsteps));
	json_object_set_new(root, "words", json_integer(size->words));
	json_object_set_new(root, "questions", json_integer(size->questions));
	json_object_set_new(root, "seconds", json_integer(size->seconds));
	json_object_set_new(root, "minutes", c->lesson.minutes ? json_integer(c->lesson.minutes) : json_null());
	json_object_set_new(root, "complaints", list);
	json_object_set_new(played, "kernel", json_text(c->here));
	json_object_set_new(played, "commands", json_integer(c->commands));
	json_object_set_new(played, "answers", json_integer(c->questions));
	json_object_set_new(played, "milliseconds", json_integer(c->milliseconds));
	json_object_set_new(root, "played", c->not_played[0] ? json_null() : json_incref(played));
	json_object_set_new(root, "not_played", c->not_played[0] ? json_text(c->not_played) : json_null());
	json_decref(played);
	lesson_print_json(root);
}

static int by_place(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;
	return x->line != y->line ? (x->line < y->line ? -1 : 1) : (x->column > y->column) - (x->column < y->column);
}

static enum exit_status run(struct check *c, bool json, struct report_style style)
{
	// The oldest kernel and the newest that `since` and `before` can be about, and this one, which it is played on.
	struct utsname u;
	if (uname(&u) == 0)
		snprintf(c->here, sizeof c->here, "%s", u.release);
	const char *const releases[] = {"5.10", NULL, c->here[0] ? c->here : NULL};
	for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
		if (read_on(c, releases[i]) < 0)
			return EXIT_WRONG;
		lesson_rules_check(&c->lesson, c->path, c->text, c->len, add_of_text, c);
	}
	struct lesson_size size = lesson_size(&c->lesson, c->path);
	play(c);
	qsort(c->found, c->n, sizeof *c->found, by_place);
	if (json)
		print_json(c, &size);
	else
		print_text(c, &size, style);
	if (output_finish() != EXIT_OK)
		return EXIT_MISSING;
	return c->n ? EXIT_REFUSED : EXIT_OK;
}

enum exit_status lesson_check_file(const char *path, bool json, struct report_style style)
{
	static struct check c;
	c.path = path;
	c.found = calloc(COMPLAINTS, sizeof *c.found);
	enum exit_status how = EXIT_WRONG;
	if (!c.found)
		complain("%s", strerror(ENOMEM));
	else if (read_text(&c) == 0)
		how = run(&c, json, style);
	lesson_free(&c.lesson);
	free(c.found);
	free(c.own);
	return how;
}
