// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/rehearsal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/command/command_parse.h"
#include "core/command/session_run.h"
#include "core/lesson/lesson_state.h"

struct player {
	const struct lesson *lesson;
	struct session *session;
	struct lesson_state state;
	struct rehearsal *out;
};

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

// The first thing that fails in a step is the one that is told.
static struct rehearsed_step *fails(struct player *p, unsigned step, const struct lesson_item *i)
{
	struct rehearsed_step *r = &p->out->step[step];
	if (r->command)
		return NULL;
	r->command = i->text;
	r->line = i->line;
	p->out->failed++;
	return r;
}

// `check [bind ENDPOINT] WANTED...`, and what the kernel said instead.
static void expected_of_check(const struct player *p, const struct command_call *call, struct rehearsed_step *r)
{
	const struct walk *w = &p->session->now.walk;
	size_t used = 0;
	for (unsigned i = CHECK_WANTED; i < CHECK_PROTO && command_value(call, i) && used < sizeof r->expected; i++)
		used += (size_t)snprintf(r->expected + used, sizeof r->expected - used, "%s%s", used ? " " : "",
					 command_value(call, i));
	if (!command_value(call, 0) && p->session->walked && w->observed.present)
		snprintf(r->found, sizeof r->found, "%s %s", errno_name(w->observed.err), code_info(w->code)->name);
}

// What is about the screen alone cannot fail here.
static bool carry_out(struct player *p, const struct lesson_item *i)
{
	static const struct session_out nobody;
	struct command_call call;
	struct session_error error;
	char why[COMMAND_ERROR];
	if (command_parse(i->text, &call, why, sizeof why, NULL) < 0 || command_info(call.id)->needs & NEED_SCREEN)
		return true; // was checked when it was read
	enum exit_status how = session_run(p->session, &call, &nobody, &error);
	bool bound = call.id == CMD_BIND && (how == EXIT_OK || how == EXIT_DISAGREE);
	if (bound)
		lesson_judge(&p->state, &p->session->now.walk);
	struct rehearsed_step *r = how == EXIT_OK ? NULL : fails(p, p->state.step, i);
	if (!r)
		return how == EXIT_OK;
	snprintf(r->wrong, sizeof r->wrong, "%s", error.text);
	if (call.id == CMD_CHECK)
		expected_of_check(p, &call, r);
	return false;
}

// The way that the author gives.
static void solve(struct player *p)
{
	const struct lesson_step *step = &p->lesson->steps[p->state.step];
	for (unsigned i = step->first; i < step->first + step->n; i++)
		if (p->lesson->items[i].kind == ITEM_SOLUTION)
			carry_out(p, &p->lesson->items[i]);
}

// Which answer is given does not matter: what matters is whether the kernel judges it.
static void play_on(struct player *p)
{
	const struct lesson_item *now = lesson_now(&p->state);
	switch (p->state.wait) {
	case LESSON_CARRY:
		carry_out(p, now);
		lesson_carried(&p->state, true);
		break;
	case LESSON_ANSWER:
		lesson_answer(&p->state, 0);
		break;
	case LESSON_TASK:
		solve(p);
		lesson_go_on(&p->state);
		break;
	default:
		lesson_go_on(&p->state);
		break;
	}
}

// Questions that were asked, and that nothing answered.
static void find_unanswered(struct player *p)
{
	for (unsigned i = 0; i < p->state.npredictions; i++) {
		const struct prediction *q = &p->state.predictions[i];
		const struct lesson_item *item = &p->lesson->items[q->item];
		if (q->judgement == JUDGED_RIGHT || q->judgement == JUDGED_WRONG)
			continue;
		struct rehearsed_step *r = fails(p, lesson_step_of(p->lesson, q->item), item);
		if (r)
			snprintf(r->wrong, sizeof r->wrong, "%s",
				 q->judgement == JUDGED_LATER
					 ? "no bind comes after this question, so nobody hears who was right"
					 : "the kernel's answer does not tell who was right");
	}
}

void rehearse(const struct lesson *l, struct session *s, struct rehearsal *out)
{
	struct player p = {.lesson = l, .session = s, .out = out};
	memset(out, 0, sizeof *out);
	int64_t began = now_us();
	for (lesson_start(&p.state, l, false); p.state.wait != LESSON_END;) {
		unsigned step = p.state.step;
		int64_t before = now_us();
		play_on(&p);
		out->step[step].us += now_us() - before;
	}
	find_unanswered(&p);
	out->us = now_us() - began;
}
