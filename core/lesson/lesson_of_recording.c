// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_of_recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ABOUT = 256, REST = 128 };

static void add_step(struct lesson *l, const char *title, unsigned line)
{
	if (l->nsteps == LESSON_STEPS)
		return; // the last one goes on
	l->steps[l->nsteps++] = (struct lesson_step){.title = title, .line = line, .first = l->nitems};
}

static bool add_item(struct lesson *l, enum item_kind kind, const char *text, unsigned line)
{
	if (l->nitems == LESSON_ITEMS)
		return false;
	l->items[l->nitems++] = (struct lesson_item){.kind = kind, .text = text ? text : "", .line = line};
	l->steps[l->nsteps - 1].n++;
	return true;
}

// A question with choices can be asked again; another one is only read.
static bool add_ask(struct lesson *l, const struct frame *f, unsigned line)
{
	struct ask ask;
	char why[COMMAND_ERROR];
	size_t at;
	bool asks = f->command && ask_parse(f->command, &ask, why, sizeof why, &at) == 0 &&
		    ask.nchoices + (ask.judge == ASK_STEP) > 0;
	return asks ? add_item(l, ITEM_ASK, f->command, line) : add_item(l, ITEM_SAY, f->text, line);
}

// The line that makes the bind; what it sets before is part of the attempt.
static const char *last_line(const char *text)
{
	const char *end = text ? strrchr(text, '\n') : NULL;
	return end ? end + 1 : text;
}

// Nothing but words has come, and no title: they belong to the first step that has one.
static bool is_opening(const struct lesson *l)
{
	for (unsigned i = 0; i < l->nitems; i++)
		if (l->items[i].kind != ITEM_SAY && l->items[i].kind != ITEM_NOTE)
			return false;
	return l->nsteps == 1 && l->steps[0].line == 0;
}

static bool add_frame(struct lesson *l, const struct frame *f, unsigned line, bool titled)
{
	switch (f->kind) {
	case FRAME_STEP:
		if (is_opening(l))
			l->steps[0] = (struct lesson_step){.title = f->text, .line = line, .n = l->steps[0].n};
		else
			add_step(l, f->text, line);
		return true;
	case FRAME_ASK:
		return add_ask(l, f, line);
	case FRAME_NOTE:
		return add_item(l, ITEM_NOTE, f->text, line);
	case FRAME_CHANGE:
		return add_item(l, ITEM_DO, f->command, line);
	case FRAME_BIND: {
		bool added = add_item(l, ITEM_DO, last_line(f->command), line);
		if (!titled) // without steps of its own, each bind ends one
			add_step(l, "What came next", line + 1);
		return added;
	}
	default:
		return add_item(l, ITEM_SAY, f->text, line);
	}
}

static bool is_titled(const struct recording *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->frames[i].kind == FRAME_STEP)
			return true;
	return false;
}

int lesson_of_recording(struct lesson *out, const struct recording *r)
{
	size_t i = 0;
	bool titled = is_titled(r);
	*out = (struct lesson){
		.title = r->title, .name = "", .goal = "", .done = "", .read = "", .lab = "", .needs = ""};
	if (!(out->own = calloc(1, ABOUT + REST)))
		return -ENOMEM;
	char *about = out->own, *rest = out->own + ABOUT;
	int n = snprintf(about, ABOUT, "Recorded on Linux %.64s%s%.32s: %zu frame%s.", r->kernel,
			 r->lab[0] ? ", lab " : "", r->lab, r->n, r->n == 1 ? "" : "s");
	if (r->left_out && n > 0)
		snprintf(about + n, ABOUT - (size_t)n, " %zu earlier ones were left out.", r->left_out);
	add_step(out, "Recording", 0);
	add_item(out, ITEM_SAY, about, 0);
	while (i < r->n && add_frame(out, &r->frames[i], (unsigned)i + 1, titled))
		i++;
	if (out->steps[out->nsteps - 1].n == 0)
		out->nsteps--;
	if (i < r->n)
		snprintf(rest, REST,
			 "%zu more frames are not shown here; bindwalk replay prints them without a terminal.",
			 r->n - i);
	out->done = rest;
	return 0;
}
