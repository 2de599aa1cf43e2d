// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "core/lesson/lesson_event.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "tui/complain.h"
#include "tui/line_error.h"
#include "tui/output.h"

static const char *const kinds[] = {
	[ITEM_SETUP] = "setup", [ITEM_SAY] = "say",           [ITEM_DO] = "do",       [ITEM_ASK] = "ask",
	[ITEM_HINT] = "hint",   [ITEM_SOLUTION] = "solution", [ITEM_CHECK] = "check", [ITEM_NOTE] = "note",
};

static void print(struct report_style style, enum role role, unsigned hanging, const char *mark, const char *text)
{
	struct row r;
	row_clear(&r);
	r.hanging = (uint8_t)hanging;
	if (*mark)
		row_add(&r, ROLE_KEY, "%s", mark);
	row_add(&r, role, "%s", text);
	report_print(&r, style, stdout);
}

void lesson_print_json(json_t *object)
{
	char *text = json_text_print(object, JSON_COMPACT);
	if (text && !json_memory_lost())
		output_json(text);
	else
		complain("cannot print the lesson as JSON: %s", strerror(ENOMEM));
	free(text);
	json_decref(object);
}

json_t *lesson_json_item(const char *kind, const struct lesson_item *i)
{
	json_t *object = json_object();
	json_object_set_new(object, "kind", json_text(kind));
	json_object_set_new(object, "line", json_integer(i->line));
	json_object_set_new(object, "text", json_text(i->text));
	return object;
}

void lesson_json_choices(json_t *object, const struct ask *ask)
{
	json_t *choices = json_array();
	for (unsigned i = 0; i < ask->nchoices && ask->judge != ASK_STEP; i++)
		json_array_append_new(choices, json_text(ask->choice[i]));
	json_object_set_new(object, "text", json_text(ask->text));
	json_object_set_new(object, "asks", json_text(ask->judge == ASK_STEP ? "step" : "choice"));
	json_object_set_new(object, "choices", choices);
}

void lesson_json_judged(json_t *object, const struct prediction *p, bool answered)
{
	const char *result = p->judgement == JUDGED_RIGHT   ? "right"
			     : p->judgement == JUDGED_WRONG ? "wrong"
							    : "unknown";
	json_object_set_new(object, "said", answered ? json_text(p->said) : json_null());
	json_object_set_new(object, "was", p->judgement == JUDGED_NEVER ? json_null() : json_text(p->truth));
	json_object_set_new(object, "judged", answered ? json_text(result) : json_null());
}

void lesson_print_question(struct report_style style, const struct ask *ask)
{
	char text[ASK_TEXT + ASK_CHOICES * (ASK_WORD + 2) + 64];
	size_t used = (size_t)snprintf(text, sizeof text, "%s", ask->text);
	if (ask->judge == ASK_STEP)
		used += (size_t)snprintf(text + used, sizeof text - used, " (the number of a step)");
	for (unsigned i = 0; i < ask->nchoices && ask->judge != ASK_STEP; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", i ? ", " : " (", ask->choice[i],
					 i + 1 == ask->nchoices ? ")" : "");
	print(style, ROLE_TITLE, 2, "? ", text);
}

void lesson_print_judged(struct report_style style, const struct prediction *p, bool answered)
{
	char text[128 + 2 * ASK_WORD];
	bool right = p->judgement == JUDGED_RIGHT, known = p->judgement != JUDGED_NEVER;
	if (!known)
		snprintf(text, sizeof text, "The kernel's answer does not tell who is right.");
	else if (answered)
		snprintf(text, sizeof text, "%s You said %s; the answer is %s.", right ? "Right." : "Wrong.", p->said,
			 p->truth);
	else
		snprintf(text, sizeof text, "The answer is %s.", p->truth);
	print(style, !answered || !known ? ROLE_PLAIN : right ? ROLE_OK : ROLE_FAIL, 2, "= ", text);
}

static void print_step(void *data, const struct lesson_state *state)
{
	struct lesson_printer *p = data;
	unsigned step = state->step;
	const struct lesson_step *s = &p->lesson->steps[step];
	char text[COMMAND_ARG + 48];
	p->step = step;
	if (p->json) {
		json_memory_watch();
		json_t *object = json_object();
		json_object_set_new(object, "kind", json_text("step"));
		json_object_set_new(object, "line", json_integer(s->line));
		json_object_set_new(object, "step", json_integer(step + 1));
		json_object_set_new(object, "title", json_text(s->title));
		json_object_set_new(object, "task", json_boolean(s->is_task));
		lesson_print_json(object);
		return;
	}
	snprintf(text, sizeof text, "Step %u of %u: %s", step + 1, p->lesson->nsteps, s->title);
	output_line("%s", "");
	print(p->style, ROLE_TITLE, 0, "", text);
}

// A change is answered with the command of iproute2 that it equals: the line itself, where it is one.
static bool repeats(const struct lesson_item *i)
{
	struct command_call call;
	char why[COMMAND_ERROR];
	return strncmp(i->text, "ip ", 3) == 0 && command_parse(i->text, &call, why, sizeof why, NULL) == 0 &&
	       command_changes(call.id);
}

static void print_item(void *data, const struct lesson_item *i)
{
	struct lesson_printer *p = data;
	struct ask ask;
	bool asks = lesson_read_ask(i, &ask);
	p->quiet = i->kind == ITEM_SETUP || repeats(i);
	p->commands += i->kind == ITEM_DO || i->kind == ITEM_SETUP || i->kind == ITEM_SOLUTION;
	if (p->json) {
		json_memory_watch();
		json_t *object = lesson_json_item(kinds[i->kind], i);
		if (asks)
			lesson_json_choices(object, &ask);
		lesson_print_json(object);
		return;
	}
	switch (i->kind) {
	case ITEM_SAY:
		print(p->style, ROLE_PLAIN, 0, "", i->text);
		break;
	case ITEM_DO:
	case ITEM_SOLUTION:
		print(p->style, ROLE_VALUE, 2, "$ ", i->text);
		break;
	case ITEM_ASK:
		if (asks)
			lesson_print_question(p->style, &ask);
		break;
	default: // set-up is silent, a check says what it found; hints and notes are for others
		break;
	}
}

static void print_judged(void *data, const struct prediction *q, bool answered)
{
	struct lesson_printer *p = data;
	p->judged++;
	if (!p->json) {
		lesson_print_judged(p->style, q, answered);
		return;
	}
	json_memory_watch();
	json_t *object = json_object();
	json_object_set_new(object, "kind", json_text("answer"));
	json_object_set_new(object, "line", json_integer(p->lesson->items[q->item].line));
	lesson_json_judged(object, q, answered);
	lesson_print_json(object);
}

static bool goes_on(void *data)
{
	(void)data;
	return !ferror(stdout);
}

static void print_row(void *data, const struct row *row)
{
	const struct lesson_printer *p = data;
	if (p->quiet)
		return;
	if (row->text[0] == '\0' || strcmp(row->text, " ") == 0)
		output_line("%s", "");
	else
		report_print(row, p->style, stdout);
}

static void print_object(void *data, const char *object)
{
	(void)data;
	output_json(object);
}

struct lesson_watcher lesson_watcher(struct lesson_printer *p)
{
	return (struct lesson_watcher){
		.step = print_step,
		.item = print_item,
		.judged = print_judged,
		.goes_on = goes_on,
		.out = {.row = p->json ? NULL : print_row,
			.json = p->json ? print_object : NULL,
			.data = p,
			.width = p->style.width,
			.ascii = p->style.ascii},
		.data = p,
	};
}

void lesson_print_head(const struct lesson_printer *p)
{
	const struct lesson *l = p->lesson;
	char name[PROGRESS_NAME];
	if (!p->json) {
		print(p->style, ROLE_TITLE, 0, "", l->title);
		if (l->goal[0])
			print(p->style, ROLE_PLAIN, 0, "", l->goal);
		return;
	}
	json_memory_watch();
	json_t *object = json_object();
	json_object_set_new(object, "kind", json_text("lesson"));
	json_object_set_new(object, "name", json_text(lesson_short_name(l->name, name)));
	json_object_set_new(object, "title", json_text(l->title));
	json_object_set_new(object, "goal", l->goal[0] ? json_text(l->goal) : json_null());
	json_object_set_new(object, "minutes", l->minutes ? json_integer(l->minutes) : json_null());
	json_object_set_new(object, "lab", json_text(l->lab));
	json_object_set_new(object, "steps", json_integer(l->nsteps));
	lesson_print_json(object);
}

void lesson_print_end(const struct lesson_printer *p)
{
	const struct lesson *l = p->lesson;
	char text[COMMAND_ARG + 32];
	if (p->json) {
		json_memory_watch();
		json_t *object = json_object();
		json_object_set_new(object, "kind", json_text("done"));
		json_object_set_new(object, "text", l->done[0] ? json_text(l->done) : json_null());
		json_object_set_new(object, "read", l->read[0] ? json_text(l->read) : json_null());
		lesson_print_json(object);
		return;
	}
	if (l->done[0] || l->read[0])
		output_line("%s", "");
	if (l->done[0])
		print(p->style, ROLE_TITLE, 0, "", l->done);
	snprintf(text, sizeof text, "Read next: bindwalk help %s", l->read);
	if (l->read[0])
		print(p->style, ROLE_DIM, 0, "", text);
}

void lesson_print_stop(const struct lesson *l, const struct lesson_stop *stop)
{
	// Columns count in the command, which is not the whole line of the file.
	struct session_error error = stop->error;
	if (!stop->item) {
		complain("%s", error.text);
		return;
	}
	error.has_column = false;
	line_error_print(l->name, stop->item->line, stop->item->text, &error);
}
