// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/stage_page_fill.h"

#include <stdio.h>
#include <string.h>

static const struct lesson_item *first_of(const struct lesson *l, unsigned step, enum item_kind kind)
{
	const struct lesson_step *s = &l->steps[step];
	for (unsigned i = s->first; i < s->first + s->n; i++)
		if (l->items[i].kind == kind)
			return &l->items[i];
	return NULL;
}

static const char *command_of(const struct lesson *l, unsigned step)
{
	const struct lesson_item *item = first_of(l, step, ITEM_DO);
	return item ? item->text : "";
}

// The notes of a step, or those before the first one, one below the other; before them, what went wrong.
static void fill_notes(const struct app *app, unsigned from, unsigned n, struct stage_page *out)
{
	const struct lesson *l = app->lesson.state->lesson;
	size_t used = 0;
	if (app->lesson.trouble[0])
		used = (size_t)snprintf(out->notes, sizeof out->notes, "NOT AS PLANNED: %s", app->lesson.trouble);
	for (unsigned i = from; i < from + n && used < sizeof out->notes; i++)
		if (l->items[i].kind == ITEM_NOTE)
			used += (size_t)snprintf(out->notes + used, sizeof out->notes - used, "%s%s", used ? "\n" : "",
						 l->items[i].text);
}

// The question, and what may be answered; for the speaker alone, also which choice is right where the author says it.
static void fill_question(const struct lesson_item *item, struct stage_page *out)
{
	struct ask ask;
	size_t used;
	if (!lesson_read_ask(item, &ask))
		return; // was checked when it was read
	used = (size_t)snprintf(out->command, sizeof out->command, "%s", ask.text);
	for (unsigned i = 0; i < ask.nchoices && used < sizeof out->command; i++)
		used += (size_t)snprintf(out->command + used, sizeof out->command - used, "%s%s%s%s", i ? ", " : " (",
					 ask.judge == ASK_AUTHOR && i == ask.right ? "+" : "", ask.choice[i],
					 i + 1 == ask.nchoices ? ")" : "");
}

static void fill_key(const struct lesson_state *s, struct stage_page *out)
{
	static const enum page_key of_wait[] = {
		[LESSON_CARRY] = PAGE_RUNS,  [LESSON_SHOW] = PAGE_SHOWS,  [LESSON_RUN] = PAGE_RUNS,
		[LESSON_ANSWER] = PAGE_ASKS, [LESSON_TASK] = PAGE_CHECKS, [LESSON_GO_ON] = PAGE_GOES_ON,
		[LESSON_END] = PAGE_GOES_ON,
	};
	const struct lesson_item *now = lesson_now(s);
	bool last = s->step + 1 == s->lesson->nsteps;
	out->key = s->wait == LESSON_GO_ON && last ? PAGE_ENDS : lesson_skips(s) ? PAGE_GOES_ON : of_wait[s->wait];
	if (s->wait == LESSON_ANSWER)
		fill_question(now, out);
	else if (now && s->wait != LESSON_CARRY && !lesson_skips(s))
		snprintf(out->command, sizeof out->command, "%.500s", now->text);
}

// What a speaker says and does in a step, in words: a command takes as long as some, and a question longer.
static unsigned weight(const struct lesson *l, unsigned step)
{
	enum { OF_COMMAND = 13, OF_QUESTION = 27 }; // at 160 words a minute, 5 and 10 seconds
	const struct lesson_step *s = &l->steps[step];
	unsigned words = 1;
	for (unsigned i = s->first; i < s->first + s->n; i++) {
		const struct lesson_item *item = &l->items[i];
		bool said = item->kind == ITEM_SAY || item->kind == ITEM_NOTE || item->kind == ITEM_ASK;
		for (const char *at = item->text; said && at; at = strchr(at + 1, ' '))
			words++;
		words += item->kind == ITEM_DO ? OF_COMMAND : item->kind == ITEM_ASK ? OF_QUESTION : 0;
	}
	return words;
}

// What comes up to the end of a step takes its share of the planned minutes.
static int64_t planned(const struct lesson *l, unsigned step)
{
	uint64_t before = 0, all = 0;
	for (unsigned i = 0; i < l->nsteps; i++) {
		uint64_t one = weight(l, i);
		all += one;
		before += i <= step ? one : 0;
	}
	return all ? (int64_t)((uint64_t)l->minutes * 60000 * before / all) : 0;
}

static void fill(const struct app *app, const struct lesson_state *s, bool title, struct stage_page *out)
{
	const struct lesson *l = s->lesson;
	memset(out, 0, sizeof *out);
	snprintf(out->talk, sizeof out->talk, "%s", l->title);
	out->steps = l->nsteps;
	out->minutes = l->minutes;
	out->replay = app_is_replay(app);
	out->elapsed_ms = -1;
	if (s->wait == LESSON_END) {
		snprintf(out->title, sizeof out->title, "%s", l->done);
		out->step = l->nsteps;
		out->planned_ms = planned(l, l->nsteps);
		out->key = PAGE_OVER;
		return;
	}
	unsigned next = title ? 0 : s->step + 1;
	if (title) {
		snprintf(out->title, sizeof out->title, "%s", l->title);
		fill_notes(app, 0, l->nsetup, out);
	} else {
		out->step = s->step + 1;
		snprintf(out->title, sizeof out->title, "%s", l->steps[s->step].title);
		fill_notes(app, l->steps[s->step].first, l->steps[s->step].n, out);
		fill_key(s, out);
		out->planned_ms = planned(l, s->step);
	}
	if (next < l->nsteps) {
		snprintf(out->next_title, sizeof out->next_title, "%s", l->steps[next].title);
		snprintf(out->next_command, sizeof out->next_command, "%s", command_of(l, next));
	}
}

void stage_page_fill(const struct app *app, struct stage_page *out)
{
	fill(app, app->lesson.state, app->stage.title, out);
}

void stage_page_fill_step(const struct app *app, unsigned step, struct stage_page *out)
{
	static struct lesson_state s; // some ten kilobytes
	s = *app->lesson.state;
	lesson_enter(&s, step);
	while (s.wait == LESSON_CARRY && lesson_now(&s)->kind == ITEM_SETUP)
		lesson_carried(&s, true);
	if (s.wait == LESSON_SHOW)
		lesson_go_on(&s);
	fill(app, &s, false, out);
}
