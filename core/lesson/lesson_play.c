// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_play.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/change/feature.h"
#include "core/command/command_parse.h"
#include "core/command/session_run.h"

enum { UNANSWERED = 64 };

struct player {
	struct session *session;
	const struct lesson_watcher *who;
	struct lesson_stop *stop;
	struct lesson_state state;
	unsigned told;               // items before it were shown
	int begun;                   // the step that was said to begin
	unsigned nobody[UNANSWERED]; // questions that nobody answered
	unsigned nnobody;
};

// What is about the screen alone goes well without one. *binds: was it a real bind of the session's own attempt?
static enum exit_status carry_out(struct session *s, const struct lesson_item *i, const struct session_out *out,
				  struct lesson_stop *stop, bool *binds)
{
	struct command_call call;
	stop->item = i;
	stop->error = (struct session_error){0};
	*binds = false;
	int ret = command_parse(i->text, &call, stop->error.text, sizeof stop->error.text, &stop->error.column);
	stop->error.has_column = ret < 0;
	if (ret < 0)
		return ret == -ENODATA ? EXIT_OK : EXIT_WRONG;
	if (command_info(call.id)->needs & NEED_SCREEN)
		return EXIT_OK;
	struct session_out numbered = *out;
	numbered.line = i->line;
	enum exit_status how = session_run(s, &call, &numbered, &stop->error);
	*binds = call.id == CMD_BIND && s->walked && s->now.walk.observed.present;
	return how;
}

static bool was_answered(const struct player *p, const struct prediction *q)
{
	for (unsigned i = 0; i < p->nnobody; i++)
		if (p->nobody[i] == q->item)
			return false;
	return true;
}

static void judge(struct player *p)
{
	struct lesson_state *s = &p->state;
	enum judgement before[LESSON_PREDICTIONS] = {JUDGED_LATER};
	for (unsigned i = 0; i < s->npredictions; i++)
		before[i] = s->predictions[i].judgement;
	lesson_judge(s, &p->session->now.walk);
	for (unsigned i = 0; i < s->npredictions && p->who->judged; i++)
		if (s->predictions[i].judgement != before[i])
			p->who->judged(p->who->data, &s->predictions[i], was_answered(p, &s->predictions[i]));
}

static enum exit_status carry(struct player *p, const struct lesson_item *i)
{
	bool binds;
	if (p->who->item)
		p->who->item(p->who->data, i);
	enum exit_status how = carry_out(p->session, i, &p->who->out, p->stop, &binds);
	if (binds)
		judge(p);
	return how;
}

// Shows what is said before an item. What is carried out is shown when it is.
static void tell(struct player *p, unsigned item)
{
	for (; p->told < item; p->told++) {
		const struct lesson_item *i = &p->state.lesson->items[p->told];
		if (p->who->item && (i->kind == ITEM_SAY || i->kind == ITEM_HINT || i->kind == ITEM_NOTE))
			p->who->item(p->who->data, i);
	}
}

static void answer(struct player *p, const struct lesson_item *i)
{
	struct ask ask = {0};
	int choice = -1;
	if (p->who->item)
		p->who->item(p->who->data, i);
	if (lesson_read_ask(i, &ask) && p->who->answer) // was checked when it was read
		choice = p->who->answer(p->who->data, i, &ask);
	bool answered = choice >= 0 && lesson_answer(&p->state, (unsigned)choice);
	if (!answered) {
		if (p->nnobody < UNANSWERED)
			p->nobody[p->nnobody++] = (unsigned)(i - p->state.lesson->items);
		lesson_answer(&p->state, 0); // any: it is only for the kernel to say the truth
	}
	const struct prediction *last = lesson_predicted(&p->state);
	if (last && ask.judge == ASK_AUTHOR && p->who->judged)
		p->who->judged(p->who->data, last, answered);
}

static enum exit_status solve(struct player *p)
{
	const struct lesson_step *step = &p->state.lesson->steps[p->state.step];
	enum exit_status how = EXIT_OK;
	for (unsigned i = step->first; i < step->first + step->n && how == EXIT_OK; i++)
		if (p->state.lesson->items[i].kind == ITEM_SOLUTION)
			how = carry(p, &p->state.lesson->items[i]);
	return how;
}

// Set-up before the first step belongs to no step yet.
static void begin(struct player *p)
{
	const struct lesson_state *s = &p->state;
	if (p->begun == (int)s->step || s->item < s->lesson->steps[s->step].first)
		return;
	p->begun = (int)s->step;
	if (p->who->step)
		p->who->step(p->who->data, s);
}

static enum exit_status play_on(struct player *p)
{
	struct lesson_state *s = &p->state;
	const struct lesson_item *now = lesson_now(s);
	const struct lesson_step *step = &s->lesson->steps[s->step];
	enum exit_status how = EXIT_OK;
	begin(p);
	tell(p, now ? (unsigned)(now - s->lesson->items) : step->first + step->n);
	if (!now) {
		lesson_go_on(s);
		return EXIT_OK;
	}
	switch (s->wait) {
	case LESSON_CARRY:
		how = carry(p, now);
		lesson_carried(s, how == EXIT_OK);
		break;
	case LESSON_ANSWER:
		answer(p, now);
		break;
	case LESSON_TASK:
		how = solve(p);
		lesson_go_on(s);
		break;
	default:
		lesson_go_on(s);
		break;
	}
	return how;
}

enum exit_status lesson_play(struct session *s, const struct lesson *l, unsigned from, unsigned until,
			     const struct lesson_watcher *who, struct lesson_stop *stop)
{
	struct player p = {.session = s, .who = who, .stop = stop, .begun = -1};
	enum exit_status how = EXIT_OK;
	*stop = (struct lesson_stop){0};
	lesson_start(&p.state, l, false);
	if (from > 0) {
		lesson_enter(&p.state, from);
		p.told = l->steps[p.state.step].first;
	}
	while (how == EXIT_OK && p.state.wait != LESSON_END && p.state.step < until &&
	       (!who->goes_on || who->goes_on(who->data)))
		how = play_on(&p);
	return how;
}

enum exit_status lesson_replay(struct session *s, const struct lesson *l, unsigned step, struct lesson_stop *stop)
{
	static const struct session_out nobody;
	const struct lesson_item *i;
	enum exit_status how = EXIT_OK;
	unsigned at = 0;
	bool binds;
	*stop = (struct lesson_stop){0};
	while (how == EXIT_OK && (i = lesson_before(l, step, &at)))
		how = carry_out(s, i, &nobody, stop, &binds);
	return how;
}

enum exit_status lesson_jump(struct lesson_place *p, const struct lesson *l, unsigned step, struct lesson_stop *stop)
{
	*stop = (struct lesson_stop){0};
	if (lesson_place_open(p, l->lab, stop->error.text, sizeof stop->error.text) < 0)
		return EXIT_MISSING;
	return lesson_replay(&p->session, l, step, stop);
}

bool lesson_is_possible(const struct lesson *l, char *why, size_t len)
{
	return !l->needs[0] || feature_try(l->needs, why, len) == 0;
}
