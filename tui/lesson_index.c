// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_index.h"

#include <stdio.h>
#include <string.h>

#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_open.h"
#include "core/lesson/lesson_rules.h"
#include "core/lesson/progress_file.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "tui/complain.h"
#include "tui/lesson_print.h"
#include "tui/output.h"

static const char *const kinds[] = {
	[LESSON_CORE] = "lesson", [LESSON_CHALLENGE] = "challenge", [LESSON_STAGE] = "talk"};
static const char *const headings[] = {
	[LESSON_CORE] = "Lessons", [LESSON_CHALLENGE] = "Challenges", [LESSON_STAGE] = "Talks (bindwalk stage NAME)"};

// "done", "3 of 9 steps", "" for a lesson that was never begun. Returns buf.
static char *state_of(const struct progress_lesson *p, unsigned nsteps, char *buf, size_t len)
{
	unsigned steps = p ? progress_steps(p, nsteps) : 0;
	buf[0] = '\0';
	if (p && p->done)
		snprintf(buf, len, "done");
	else if (steps)
		snprintf(buf, len, "%u of %u steps", steps, nsteps);
	size_t used = strlen(buf);
	if (p && p->answers)
		snprintf(buf + used, len - used, "%s%u of %u right", used ? ", " : "", p->right, p->answers);
	return buf;
}

static void print_one(const struct listed_lesson *at, const struct lesson *l, const struct progress_lesson *p,
		      struct report_style style)
{
	enum { NAME = 24, TITLE = 4 + NAME + 9 }; // columns
	char state[96], number[16] = "";
	struct row r;
	struct lesson_size size = lesson_size(l, at->file);
	if (at->number)
		snprintf(number, sizeof number, "%u", at->number);
	row_clear(&r);
	r.hanging = TITLE;
	row_add(&r, ROLE_DIM, "%3s ", number);
	row_add(&r, ROLE_VALUE, "%-*s ", NAME, at->name);
	row_add(&r, ROLE_DIM, "%2u min  ", l->minutes ? l->minutes : lesson_minutes(&size));
	row_add(&r, ROLE_PLAIN, "%s", l->title);
	if (state_of(p, l->nsteps, state, sizeof state)[0])
		row_add(&r, p->done ? ROLE_OK : ROLE_WARN, " · %s", state);
	report_print(&r, style, stdout);
}

static json_t *to_json(const struct listed_lesson *at, const struct lesson *l, const struct progress_lesson *p)
{
	json_t *o = json_object();
	struct lesson_size size = lesson_size(l, at->file);
	json_object_set_new(o, "name", json_text(at->name));
	json_object_set_new(o, "number", at->number ? json_integer(at->number) : json_null());
	json_object_set_new(o, "kind", json_text(kinds[at->kind]));
	json_object_set_new(o, "title", json_text(l->title));
	json_object_set_new(o, "goal", l->goal[0] ? json_text(l->goal) : json_null());
	json_object_set_new(o, "minutes", json_integer(l->minutes ? l->minutes : lesson_minutes(&size)));
	json_object_set_new(o, "steps", json_integer(l->nsteps));
	json_object_set_new(o, "needs", l->needs[0] ? json_text(l->needs) : json_null());
	json_t *state = json_object();
	json_object_set_new(state, "begun", json_boolean(p != NULL));
	json_object_set_new(state, "done", json_integer(p ? p->done : 0));
	json_object_set_new(state, "steps", json_integer(p ? progress_steps(p, l->nsteps) : 0));
	json_object_set_new(state, "answers", json_integer(p ? p->answers : 0));
	json_object_set_new(state, "right", json_integer(p ? p->right : 0));
	json_object_set_new(state, "hints", json_integer(p ? p->hints : 0));
	json_object_set_new(state, "last", p ? json_text(p->last) : json_null());
	json_object_set_new(o, "progress", state);
	return o;
}

enum exit_status lesson_index_print(bool json, struct report_style style)
{
	static struct lesson l;
	struct progress all;
	struct lesson_error error;
	char err[PROGRESS_ERROR];
	const struct listed_lesson *at;
	enum exit_status how = EXIT_OK;
	if (progress_load(&all, err, sizeof err) < 0)
		complain("%s", err);
	json_memory_watch();
	json_t *lessons = json ? json_array() : NULL;
	for (size_t n = 0; (at = listed_lesson(n)); n++) {
		const struct progress_lesson *p = progress_lesson(&all, at->name);
		bool first = n == 0 || listed_lesson(n - 1)->kind != at->kind;
		if (first && n && !json)
			output_line("%s", "");
		if (first && !json)
			output_line("%s", headings[at->kind]);
		if (lesson_open(&l, at->name, &error) < 0) {
			complain("%s", error.text);
			how = EXIT_WRONG;
		} else if (json) {
			json_array_append_new(lessons, to_json(at, &l, p));
		} else {
			print_one(at, &l, p, style);
		}
		lesson_free(&l);
	}
	if (json) {
		json_t *root = json_object();
		json_object_set_new(root, "lessons", lessons);
		lesson_print_json(root);
	}
	progress_free(&all);
	return output_finish() == EXIT_OK ? how : EXIT_MISSING;
}
