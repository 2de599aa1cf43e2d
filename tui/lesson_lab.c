// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_lab.h"

#include <stdio.h>

#include "core/lesson/lesson_record.h"
#include "tui/app_update.h"
#include "tui/compare.h"
#include "tui/live.h"

// What the lesson said so far, for who writes the session: up to an item, which is not part of it.
static void record_until(struct explorer *s, unsigned item)
{
	const struct lesson_state *state = &s->player.state;
	if (state->lesson && item > s->told) {
		lesson_record(&s->session.recording, state, s->told, item);
		s->told = item;
	}
}

void lesson_lab_record(struct explorer *s)
{
	const struct lesson_state *state = &s->player.state;
	if (s->app.lesson.state && !s->replay.recording)
		record_until(s, state->wait == LESSON_END ? state->lesson->nitems : state->item);
}

// Nothing is left of what was done before, not on the screen either.
static int renew(void *data, const char *recipe, char *err, size_t errlen)
{
	struct explorer *s = data;
	struct app *app = &s->app;
	int rc = live_renew(s, recipe, err, errlen);
	if (rc < 0) // a recording goes on as one
		return rc;
	replay_leave(&s->replay, app);
	snprintf(app->place, sizeof app->place, "lab %s", recipe);
	event_log_free(&s->session.events);
	app->watched.shown = app->watched.events_before = 0;
	live_begin_events(s);
	s->told = 0;
	s->turning = (struct turning){0};
	compare_free(&app->compare);
	app->compare = (struct compare){0};
	if (app->witness) {
		app->witness = false;
		live_switch_witness(s);
	}
	app->unprivileged = s->session.first.unprivileged;
	app_set_attempt(app, &s->session.first.attempt);
	explorer_carry_out(s);
	turning_look(&s->turning, app, &s->session); // what comes next is told from this
	return 0;
}

// Each line's events are told apart, however many are carried out at once.
static bool line(void *data, const struct lesson_item *item, char *said, size_t len)
{
	struct explorer *s = data;
	record_until(s, (unsigned)(item - s->player.lesson.items) + 1);
	s->session.line = item->line;
	bool well = explorer_take_line(s, item->text, said, len);
	s->session.line = 0;
	turning_look(&s->turning, &s->app, &s->session);
	return well;
}

struct lesson_ground lesson_lab(struct explorer *s)
{
	return (struct lesson_ground){.renew = renew, .line = line, .data = s};
}
