// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_ask.h"

#include <string.h>

bool lesson_question(const struct app *app, struct ask *out)
{
	return app->lesson.state && app->lesson.state->wait == LESSON_ANSWER &&
	       lesson_read_ask(lesson_now(app->lesson.state), out);
}

bool lesson_asks_step(const struct app *app)
{
	struct ask ask;
	return app_awaits_answer(app) && lesson_question(app, &ask) && ask.judge == ASK_STEP;
}

int lesson_means(const struct ask *ask, unsigned n)
{
	static const char *const yes[] = {"binds", "ok", "yes"}, *const no[] = {"refused", "no"};
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (strcmp(ask->choice[n], yes[i]) == 0)
			return 1;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (strcmp(ask->choice[n], no[i]) == 0)
			return -1;
	return 0;
}

bool lesson_takes_letters(const struct ask *ask)
{
	return ask->judge != ASK_STEP && ask->nchoices == 2 && lesson_means(ask, 0) * lesson_means(ask, 1) == -1;
}

bool lesson_is_task(const struct app *app)
{
	const struct lesson_state *s = app->lesson.state;
	return s && s->wait != LESSON_END && s->lesson->steps[s->step].is_task && !s->solved;
}

bool lesson_keeps_remedies(const struct app *app)
{
	const struct lesson_state *s = app->lesson.state;
	return s && s->wait != LESSON_END && !(s->lesson->steps[s->step].is_task && s->solved);
}
