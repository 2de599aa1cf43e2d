// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "core/command/script.h"
#include "core/model/kernel.h"

// A lesson while it is read.
struct reader {
	struct lesson *lesson;
	struct script script;
	struct kernel kernel;
	size_t used; // of the lesson's memory
	struct lesson_error *error;
};

__attribute__((format(printf, 3, 4))) static int wrong_at(struct reader *r, size_t column, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(r->error->text, sizeof r->error->text, fmt, args);
	va_end(args);
	r->error->line = r->script.line;
	r->error->column = column;
	r->error->has_column = true;
	return -EINVAL;
}

// The memory has room for each line once, and no text is longer than its line.
static const char *keep(struct reader *r, const char *text)
{
	char *copy = r->lesson->own + r->used;
	size_t len = strlen(text) + 1;
	memcpy(copy, text, len);
	r->used += len;
	return copy;
}

static int add_item(struct reader *r, enum item_kind kind, const char *text)
{
	struct lesson *l = r->lesson;
	if (l->nitems == LESSON_ITEMS)
		return wrong_at(r, 0, "a lesson has at most %d lines", LESSON_ITEMS);
	if (!l->nsteps && kind != ITEM_SETUP && kind != ITEM_NOTE && kind != ITEM_SAY)
		return wrong_at(r, 0, "this belongs to a step; begin one with: step \"TITLE\"");
	l->items[l->nitems++] = (struct lesson_item){kind, r->script.line, keep(r, text)};
	if (l->nsteps)
		l->steps[l->nsteps - 1].n++;
	else
		l->nsetup++;
	return 0;
}

static int begin_step(struct reader *r, const char *title)
{
	struct lesson *l = r->lesson;
	if (l->nsteps == LESSON_STEPS)
		return wrong_at(r, 0, "a lesson has at most %d steps", LESSON_STEPS);
	l->steps[l->nsteps++] =
		(struct lesson_step){.title = keep(r, title), .line = r->script.line, .first = l->nitems};
	return 0;
}

// What is said once, at the beginning or the end.
static int set_once(struct reader *r, const char **where, const struct command_call *call, const char *unset)
{
	if (strcmp(*where, unset) != 0)
		return wrong_at(r, 0, "%s is given twice", command_info(call->id)->name);
	*where = keep(r, command_value(call, 0));
	return 0;
}

static int take_line(struct reader *r, const char *line, size_t offset);

// A lesson goes back by a fresh lab, ends with its last line, and leaves nothing on the learner's disk.
static bool is_unfit(enum command_id id)
{
	return id == CMD_QUIT || id == CMD_UNDO || id == CMD_RESET || id == CMD_WRITE;
}

// A line that is carried out later must be one that can be: its words are checked now, where the file can be named.
static int check_command(struct reader *r, const struct command_call *call, unsigned n, struct command_call *inner)
{
	char why[COMMAND_ERROR];
	size_t column = 0;
	int ret = command_parse(command_value(call, n), inner, why, sizeof why, &column);
	if (ret == -ENODATA)
		return wrong_at(r, call->column[n], "expected a command");
	if (ret < 0)
		return wrong_at(r, call->column[n] + column, "%s", why);
	if (command_is_of_lessons(inner->id) || is_unfit(inner->id))
		return wrong_at(r, call->column[n], "%s cannot stand behind %s", command_info(inner->id)->name,
				command_info(call->id)->name);
	return 0;
}

static int take_ask(struct reader *r, const struct command_call *call)
{
	static struct ask ask; // checked only
	char why[COMMAND_ERROR];
	size_t at;
	if (!command_value(call, 0))
		return wrong_at(r, call->end, "ask needs a question in a lesson");
	if (ask_parse(command_value(call, 0), &ask, why, sizeof why, &at) < 0)
		return wrong_at(r, call->column[0] + at, "%s", why);
	if (ask.judge == ASK_NOBODY)
		return wrong_at(r, call->column[0], "a question needs choices, as in [binds refused] or [step]");
	return add_item(r, ITEM_ASK, command_value(call, 0));
}

// `since` and `before`: is the line for this kernel?
static int take_version(struct reader *r, const struct command_call *call, size_t offset)
{
	struct kernel k;
	kernel_parse(command_value(call, 0), &k); // checked with the line
	bool before = kernel_compare(&r->kernel, k.major, k.minor) < 0;
	struct command_call inner;
	char why[COMMAND_ERROR], line[COMMAND_TEXT];
	size_t column = 0, at = call->column[1];
	snprintf(line, sizeof line, "%s", command_value(call, 1));
	int ret = command_parse(line, &inner, why, sizeof why, &column);
	if (ret < 0)
		return wrong_at(r, offset + at + column, "%s", ret == -ENODATA ? "expected a command" : why);
	if (inner.id == CMD_SINCE || inner.id == CMD_BEFORE || inner.id == CMD_STEP)
		return wrong_at(r, offset + at, "%s cannot stand behind %s", command_info(inner.id)->name,
				command_info(call->id)->name);
	return before == (call->id == CMD_BEFORE) ? take_line(r, line, offset + at) : 0;
}

static int take_text(struct reader *r, enum item_kind kind, const struct command_call *call)
{
	if (!command_value(call, 0))
		return wrong_at(r, call->end, "%s needs a text in a lesson", command_info(call->id)->name);
	return add_item(r, kind, command_value(call, 0));
}

static int take_command(struct reader *r, enum item_kind kind, const struct command_call *call)
{
	struct command_call inner;
	if (!command_value(call, 0))
		return wrong_at(r, call->end, "%s needs a command in a lesson", command_info(call->id)->name);
	int ret = check_command(r, call, 0, &inner);
	return ret ? ret : add_item(r, kind, command_value(call, 0));
}

static int take_hint(struct reader *r, const struct command_call *call)
{
	const struct lesson *l = r->lesson;
	if (l->nsteps && lesson_hint(l, l->nsteps - 1, LESSON_HINTS - 1))
		return wrong_at(r, 0, "a step has at most %d hints", LESSON_HINTS);
	return take_text(r, ITEM_HINT, call);
}

static int take_call(struct reader *r, const struct command_call *call, const char *line, size_t offset)
{
	struct lesson *l = r->lesson;
	switch (call->id) {
	case CMD_LESSON:
		if (!command_value(call, 0))
			return wrong_at(r, call->end, "lesson needs a title");
		return set_once(r, &l->title, call, "");
	case CMD_GOAL:
		return set_once(r, &l->goal, call, "");
	case CMD_DONE:
		return set_once(r, &l->done, call, "");
	case CMD_READ:
		return set_once(r, &l->read, call, "");
	case CMD_NEEDS:
		return set_once(r, &l->needs, call, "");
	case CMD_LAB:
		if (l->nitems)
			return wrong_at(r, 0, "lab must stand before the first command");
		return set_once(r, &l->lab, call, "host");
	case CMD_TIME:
		l->minutes = (unsigned)strtoul(command_value(call, 0), NULL, 10); // checked with the line
		return 0;
	case CMD_STEP:
		if (strspn(command_value(call, 0), "0123456789") == strlen(command_value(call, 0)))
			break; // the walk's
		return begin_step(r, command_value(call, 0));
	case CMD_SAY:
		return take_text(r, ITEM_SAY, call);
	case CMD_NOTE:
		return take_text(r, ITEM_NOTE, call);
	case CMD_HINT:
		return take_hint(r, call);
	case CMD_ASK:
		return take_ask(r, call);
	case CMD_DO:
		return take_command(r, ITEM_DO, call);
	case CMD_SOLUTION:
		return take_command(r, ITEM_SOLUTION, call);
	case CMD_CHECK:
		return add_item(r, ITEM_CHECK, line);
	case CMD_SINCE:
	case CMD_BEFORE:
		return take_version(r, call, offset);
	default:
		break;
	}
	if (is_unfit(call->id))
		return wrong_at(r, offset, "%s cannot stand in a lesson", command_info(call->id)->name);
	if (command_is_of_lessons(call->id))
		return wrong_at(r, offset, "%s is for keys, not for a lesson's file", command_info(call->id)->name);
	return add_item(r, ITEM_SETUP, line);
}

// `offset` is where in the file's line this one begins.
static int take_line(struct reader *r, const char *line, size_t offset)
{
	struct command_call call;
	char why[COMMAND_ERROR];
	size_t column = 0;
	int ret = command_parse(line, &call, why, sizeof why, &column);
	if (ret == -ENODATA)
		return 0;
	if (ret < 0)
		return wrong_at(r, offset + column, "%s", why);
	// Columns of values count in this line.
	for (unsigned i = 0; i < COMMAND_PARAMS; i++)
		call.column[i] = (uint16_t)(call.column[i] + offset);
	call.end = (uint16_t)(call.end + offset);
	while (*line == ' ' || *line == '\t')
		line++;
	if (!r->lesson->title[0] && call.id != CMD_LESSON)
		return wrong_at(r, offset, "a lesson begins with: lesson \"TITLE\"");
	return take_call(r, &call, line, offset);
}

static int check_steps(struct reader *r)
{
	struct lesson *l = r->lesson;
	for (unsigned i = 0; i < l->nsteps; i++) {
		struct lesson_step *s = &l->steps[i];
		bool does = false, checks = false;
		for (unsigned n = s->first; n < s->first + s->n; n++) {
			does |= l->items[n].kind == ITEM_DO;
			checks |= l->items[n].kind == ITEM_CHECK;
		}
		s->is_task = checks && !does;
	}
	r->script.line = 0;
	if (!l->title[0])
		return wrong_at(r, 0, "the file is empty; a lesson begins with: lesson \"TITLE\"");
	return l->nsteps ? 0 : wrong_at(r, 0, "the lesson has no step; begin one with: step \"TITLE\"");
}

int lesson_read(struct lesson *out, const char *name, const char *text, size_t len, const char *release,
		struct lesson_error *error)
{
	struct reader r = {.lesson = out, .error = error};
	int ret = 0;
	*error = (struct lesson_error){0};
	*out = (struct lesson){
		.name = name, .title = "", .goal = "", .done = "", .read = "", .lab = "host", .needs = ""};
	if (len > LESSON_LIMIT)
		return wrong_at(&r, 0, "the file is too large for a lesson (more than %d kB)", LESSON_LIMIT >> 10);
	if (kernel_parse(release ? release : KERNEL_CHECKED, &r.kernel) < 0)
		kernel_parse(KERNEL_CHECKED, &r.kernel);
	out->own = malloc(2 * len + 2); // each line, and one byte more for its end
	if (!out->own)
		return -ENOMEM;
	script_begin(&r.script, name, text, len);
	while (ret == 0 && script_next(&r.script))
		ret = r.script.wrong ? wrong_at(&r, r.script.column, "%s", r.script.wrong)
				     : take_line(&r, r.script.now, 0);
	ret = ret ? ret : check_steps(&r);
	error->has_column &= error->line > 0;
	return ret;
}

void lesson_free(struct lesson *l)
{
	free(l->own);
	*l = (struct lesson){0};
}

const struct lesson_item *lesson_before(const struct lesson *l, unsigned step, unsigned *at)
{
	unsigned end = step < l->nsteps ? l->steps[step].first : l->nitems;
	while (*at < end) {
		const struct lesson_item *i = &l->items[*at];
		bool task = *at >= l->nsetup && l->steps[lesson_step_of(l, *at)].is_task;
		(*at)++;
		if (i->kind == ITEM_SETUP || i->kind == ITEM_DO || (i->kind == ITEM_SOLUTION && task))
			return i;
	}
	return NULL;
}

unsigned lesson_step_of(const struct lesson *l, unsigned item)
{
	unsigned step = 0;
	while (step + 1 < l->nsteps && l->steps[step + 1].first <= item)
		step++;
	return step;
}

bool lesson_read_ask(const struct lesson_item *item, struct ask *out)
{
	char why[COMMAND_ERROR];
	size_t at;
	return item && item->kind == ITEM_ASK && ask_parse(item->text, out, why, sizeof why, &at) == 0;
}

const char *lesson_hint(const struct lesson *l, unsigned step, unsigned n)
{
	const struct lesson_step *s = &l->steps[step];
	for (unsigned i = s->first; i < s->first + s->n; i++)
		if (l->items[i].kind == ITEM_HINT && n-- == 0)
			return l->items[i].text;
	return NULL;
}
