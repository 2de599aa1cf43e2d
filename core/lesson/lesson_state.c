// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_state.h"

#include <stdio.h>
#include <string.h>

static const struct lesson_step *step_of(const struct lesson_state *s)
{
	return &s->lesson->steps[s->step];
}

// Goes on to the next item of the step that is waited at. Set-up before the first step is played as a part of it.
static void settle(struct lesson_state *s)
{
	unsigned end = step_of(s)->first + step_of(s)->n;
	for (; s->item < end; s->item++) {
		switch (s->lesson->items[s->item].kind) {
		case ITEM_SETUP:
			s->wait = LESSON_CARRY;
			return;
		case ITEM_DO:
			s->wait = s->paced ? LESSON_SHOW : LESSON_RUN;
			return;
		case ITEM_ASK:
			s->wait = LESSON_ANSWER;
			return;
		case ITEM_CHECK:
			s->wait = step_of(s)->is_task && !s->solved ? LESSON_TASK : LESSON_CARRY;
			return;
		default:
			break;
		}
	}
	s->wait = LESSON_GO_ON;
}

void lesson_start(struct lesson_state *s, const struct lesson *l, bool paced)
{
	*s = (struct lesson_state){.lesson = l, .paced = paced};
	settle(s);
}

void lesson_enter(struct lesson_state *s, unsigned step)
{
	s->step = step;
	s->item = s->lesson->steps[step].first;
	s->failed = s->solution = s->solved = s->solution_due = false;
	s->hints = 0;
	settle(s);
}

const struct lesson_item *lesson_now(const struct lesson_state *s)
{
	return s->wait == LESSON_GO_ON || s->wait == LESSON_END ? NULL : &s->lesson->items[s->item];
}

bool lesson_shows(const struct lesson_state *s, unsigned item)
{
	const struct lesson_step *step = step_of(s);
	bool here = item >= step->first && item < step->first + step->n;
	return here && (item < s->item || (item == s->item && s->wait != LESSON_SHOW) || s->wait == LESSON_END);
}

static void next_step(struct lesson_state *s)
{
	if (s->step + 1 < s->lesson->nsteps)
		lesson_enter(s, s->step + 1);
	else
		s->wait = LESSON_END;
}

bool lesson_skips(const struct lesson_state *s)
{
	return s->paced && s->wait == LESSON_RUN && s->failed;
}

bool lesson_go_on(struct lesson_state *s)
{
	switch (s->wait) {
	case LESSON_SHOW:
		s->wait = LESSON_RUN;
		return true;
	case LESSON_RUN:
		if (!lesson_skips(s)) {
			s->wait = LESSON_CARRY;
			return true;
		}
		s->failed = false;
		s->item++;
		settle(s);
		return true;
	case LESSON_TASK:
		s->wait = LESSON_CARRY;
		return true;
	case LESSON_GO_ON:
		next_step(s);
		return true;
	default:
		return false;
	}
}

// Room for one more: the oldest goes.
static struct prediction *add_prediction(struct lesson_state *s)
{
	if (s->npredictions == LESSON_PREDICTIONS)
		memmove(s->predictions, s->predictions + 1, --s->npredictions * sizeof *s->predictions);
	return &s->predictions[s->npredictions++];
}

bool lesson_answer(struct lesson_state *s, unsigned choice)
{
	struct ask ask;
	if (s->wait != LESSON_ANSWER || !lesson_read_ask(lesson_now(s), &ask) ||
	    choice >= (ask.judge == ASK_STEP ? WALK_STEPS : ask.nchoices))
		return false;
	struct prediction *p = add_prediction(s);
	*p = (struct prediction){.item = s->item, .choice = choice};
	if (ask.judge == ASK_STEP)
		snprintf(p->said, sizeof p->said, "step %u", choice + 1);
	else
		snprintf(p->said, sizeof p->said, "%s", ask.choice[choice]);
	if (ask.judge == ASK_AUTHOR) {
		p->judgement = choice == ask.right ? JUDGED_RIGHT : JUDGED_WRONG;
		snprintf(p->truth, sizeof p->truth, "%s", ask.choice[ask.right]);
	}
	s->item++;
	settle(s);
	return true;
}

bool lesson_pass(struct lesson_state *s)
{
	if (s->wait != LESSON_ANSWER)
		return false;
	s->item++;
	settle(s);
	return true;
}

void lesson_carried(struct lesson_state *s, bool well)
{
	const struct lesson_item *now = &s->lesson->items[s->item];
	if (s->wait != LESSON_CARRY)
		return;
	s->failed = !well;
	if (!well && now->kind == ITEM_DO) {
		s->wait = LESSON_RUN;
		return;
	}
	if (!well && now->kind == ITEM_CHECK) { // those that stand together must hold together
		while (s->item > step_of(s)->first && s->lesson->items[s->item - 1].kind == ITEM_CHECK)
			s->item--;
		s->solved = false;
		s->wait = LESSON_TASK;
		return;
	}
	if (now->kind == ITEM_CHECK)
		s->solved = s->solution_due = true;
	s->item++;
	settle(s);
}

// The deciding step of a refusal that the model explains; of nothing else is it known.
static void judge_step(struct prediction *p, const struct walk *w)
{
	if (!w->observed.err)
		snprintf(p->truth, sizeof p->truth, "it binds");
	else if (w->agreement == AGREES)
		snprintf(p->truth, sizeof p->truth, "step %u", w->decisive + 1);
	else {
		p->judgement = JUDGED_NEVER;
		return;
	}
	p->judgement = w->observed.err && p->choice == w->decisive ? JUDGED_RIGHT : JUDGED_WRONG;
}

// The choice that is true, if one is.
static void judge_outcome(struct prediction *p, const struct ask *ask, const struct walk *w)
{
	p->judgement = ask_outcome_is(w, ask->choice[p->choice]) ? JUDGED_RIGHT : JUDGED_WRONG;
	snprintf(p->truth, sizeof p->truth, "%s", w->observed.err ? errno_name(w->observed.err) : "it binds");
	for (unsigned i = 0; i < ask->nchoices; i++)
		if (ask_outcome_is(w, ask->choice[i]) && strcmp(ask->choice[i], "refused") != 0)
			snprintf(p->truth, sizeof p->truth, "%s", ask->choice[i]);
}

unsigned lesson_judge(struct lesson_state *s, const struct walk *w)
{
	unsigned judged = 0;
	struct ask ask;
	if (!w->observed.present)
		return 0;
	for (unsigned i = 0; i < s->npredictions; i++) {
		struct prediction *p = &s->predictions[i];
		if (p->judgement != JUDGED_LATER || !lesson_read_ask(&s->lesson->items[p->item], &ask))
			continue;
		if (ask.judge == ASK_STEP)
			judge_step(p, w);
		else
			judge_outcome(p, &ask, w);
		judged++;
	}
	return judged;
}

bool lesson_awaits_kernel(const struct lesson_state *s)
{
	for (unsigned i = 0; i < s->npredictions; i++)
		if (s->predictions[i].judgement == JUDGED_LATER)
			return true;
	return false;
}

const struct prediction *lesson_predicted(const struct lesson_state *s)
{
	return s->npredictions ? &s->predictions[s->npredictions - 1] : NULL;
}

bool lesson_open_hint(struct lesson_state *s)
{
	if (!lesson_hint(s->lesson, s->step, s->hints))
		return false;
	s->hints++;
	s->solution_due |= !lesson_hint(s->lesson, s->step, s->hints);
	return true;
}

bool lesson_open_solution(struct lesson_state *s)
{
	const struct lesson_step *step = step_of(s);
	bool has = false;
	for (unsigned i = step->first; i < step->first + step->n; i++)
		has |= s->lesson->items[i].kind == ITEM_SOLUTION;
	s->solution = has && s->solution_due;
	return s->solution;
}

// The first item of a step that somebody waits at.
unsigned lesson_back(const struct lesson_state *s)
{
	struct lesson_state begin = *s;
	lesson_enter(&begin, s->step);
	while (begin.wait == LESSON_CARRY && lesson_now(&begin)->kind == ITEM_SETUP) {
		begin.item++;
		settle(&begin);
	}
	bool shown = begin.wait == LESSON_SHOW && s->wait == LESSON_RUN; // nothing but its command
	bool moved = s->item != begin.item || (s->wait != begin.wait && !shown) || s->failed;
	return moved || s->step == 0 ? s->step : s->step - 1;
}

unsigned lesson_score(const struct lesson_state *s, unsigned *judged)
{
	unsigned right = 0;
	*judged = 0;
	for (unsigned i = 0; i < s->npredictions; i++) {
		right += s->predictions[i].judgement == JUDGED_RIGHT;
		*judged += s->predictions[i].judgement == JUDGED_RIGHT || s->predictions[i].judgement == JUDGED_WRONG;
	}
	return right;
}
