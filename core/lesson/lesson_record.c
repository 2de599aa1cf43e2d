// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_record.h"

#include <stdio.h>

static void record_titles(struct recording *r, const struct lesson *l, unsigned item)
{
	for (unsigned i = 0; i < l->nsteps; i++)
		if (l->steps[i].first == item)
			recording_add_text(r, FRAME_STEP, l->steps[i].line, l->steps[i].title);
}

static void record_ask(struct recording *r, const struct lesson_state *s, unsigned item)
{
	struct ask ask;
	const struct lesson_item *i = &s->lesson->items[item];
	if (!lesson_read_ask(i, &ask))
		return;
	recording_add_ask(r, i->line, ask.text, i->text);
	for (unsigned p = 0; p < s->npredictions; p++)
		if (s->predictions[p].item == item)
			recording_answer(r, s->predictions[p].said);
}

void lesson_record(struct recording *r, const struct lesson_state *s, unsigned from, unsigned until)
{
	const struct lesson *l = s->lesson;
	if (from == 0 && until > 0) {
		snprintf(r->title, sizeof r->title, "%s", l->title);
		if (l->goal[0])
			recording_add_text(r, FRAME_SAY, 0, l->goal);
	}
	for (unsigned i = from; i < until && i < l->nitems; i++) {
		const struct lesson_item *item = &l->items[i];
		record_titles(r, l, i);
		if (item->kind == ITEM_ASK)
			record_ask(r, s, i);
		else if (item->kind == ITEM_SAY || item->kind == ITEM_NOTE)
			recording_add_text(r, item->kind == ITEM_SAY ? FRAME_SAY : FRAME_NOTE, item->line, item->text);
	}
	if (from < until && until == l->nitems && l->done[0])
		recording_add_text(r, FRAME_DONE, 0, l->done);
}
