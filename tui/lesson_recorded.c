// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_recorded.h"

#include <stdio.h>
#include <string.h>

#include "core/command/ask_text.h"
#include "core/command/command_parse.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_of_recording.h"
#include "core/lesson/lesson_recording.h"
#include "core/lesson/recording_file.h"
#include "core/record/record_text.h"
#include "tui/app_update.h"
#include "tui/compare.h"
#include "tui/lesson_view.h"

// The lesson that the program brings with this name, number or file: not one that is only called alike.
static const struct listed_lesson *listed_as(const char *name)
{
	const struct listed_lesson *l = listed_lesson_find(name);
	for (size_t n = 0; !l && listed_lesson(n); n++)
		if (strcmp(listed_lesson(n)->file, name) == 0)
			l = listed_lesson(n);
	return l;
}

// Opens the lesson's own recording, if it is not the one that is shown.
static int open_recording(void *data, const char *name, char *err, size_t errlen)
{
	struct explorer *s = data;
	struct recording fresh;
	const struct listed_lesson *listed = listed_as(name);
	if (!listed && s->replay.recording && strcmp(s->replay.name, name) == 0)
		return 0;
	int rc = listed ? replay_open(&s->replay, &s->app, listed->name, err, errlen)
			: recording_file_beside(name, &fresh, err, errlen);
	if (rc == 0 && !listed)
		replay_take(&s->replay, &s->app, &fresh, name);
	if (rc == 0)
		loop_forget(&s->loop);
	return rc;
}

static int renew(void *data, const char *recipe, char *err, size_t errlen)
{
	struct explorer *s = data;
	struct app *app = &s->app;
	(void)recipe;
	if (!s->replay.recording) { // in the middle of a lesson that is played in a lab
		int rc = open_recording(s, s->player.lesson.name, err, errlen);
		if (rc < 0)
			return rc;
	}
	event_log_free(&s->session.events);
	app->watched.shown = app->watched.events_before = 0;
	compare_free(&app->compare);
	app->compare = (struct compare){0};
	app->cover.on = app->cover.asking = app->cover.told = false;
	app->unfolded = false;
	app->unprivileged = UNPRIVILEGED_OFF;
	s->turning = (struct turning){0};
	replay_rewind(&s->replay, app);
	explorer_carry_out(s);
	turning_look(&s->turning, app, &s->session); // what comes next is told from this
	return 0;
}

// Does the walk end as the check wants? `check` was parsed.
static bool holds(const struct command_call *check, const struct walk *w, char *said, size_t len)
{
	int param;
	const char *found = errno_name(w->observed.err);
	const char *want = w->observed.present ? check_unmet(check, w, &param) : command_value(check, CHECK_WANTED);
	if (want)
		snprintf(said, len, "not yet: expected %s, the recorded kernel says %s", want, found);
	else
		snprintf(said, len, "the recorded kernel says %s (%s)", found, code_info(w->code)->name);
	return !want;
}

// A check makes a bind of its own, or is about the last one.
static bool check(struct explorer *s, const struct command_call *call, size_t frame, char *said, size_t len)
{
	static struct inquiry in;
	const struct recording *r = s->replay.recording;
	if (!command_value(call, 0))
		return holds(call, &s->app.now.walk, said, len);
	if (frame == SIZE_MAX || !frame_bind_inquiry(r->frames[frame].bind, s->replay.host, &in)) {
		snprintf(said, len, "%s", command_recorded);
		return false;
	}
	bool well = holds(call, &in.walk, said, len);
	inquiry_free(&in);
	return well;
}

// As it would be typed; what a command says is its outcome.
static bool carry_out(struct explorer *s, const char *text, char *said, size_t len)
{
	app_quiet(&s->app);
	bool well = explorer_take_line(s, text, said, len);
	app_quiet(&s->app);
	return well;
}

// Of a lesson, the lines are those of its text; else an item is a frame.
static size_t frame_of(const struct replay *r, const struct lesson_item *item)
{
	if (r->name[0])
		return lesson_recording_find(r->recording, r->next, item->line);
	return item->line && item->line <= r->recording->n ? item->line - 1 : SIZE_MAX;
}

static bool show_item(struct explorer *s, const struct lesson_item *item, char *said, size_t len)
{
	const struct recording *r = s->replay.recording;
	struct command_call call = {0};
	size_t frame = frame_of(&s->replay, item);
	bool parsed = command_parse(item->text, &call, said, len, NULL) == 0;
	if (frame != SIZE_MAX)
		s->replay.next = frame + 1;
	if (parsed && call.id == CMD_CHECK)
		return check(s, &call, frame, said, len);
	said[0] = '\0';
	if (frame != SIZE_MAX) {
		replay_show(&s->replay, &s->app, frame);
		if (r->frames[frame].kind == FRAME_CHANGE)
			snprintf(said, len, "recorded: %s", r->frames[frame].text ? r->frames[frame].text : "");
		explorer_carry_out(s);
		return true;
	}
	if (parsed && !command_is_live(&call))
		return carry_out(s, item->text, said, len);
	snprintf(said, len, "not in the recording");
	if (item->kind == ITEM_DO) // it was refused or not reached then, so it is not done
		lesson_found(&s->app, (unsigned)(item - s->app.lesson.state->lesson->items), ROLE_WARN, said);
	return true;
}

// What it says about the verdict is told by the lesson.
static bool line(void *data, const struct lesson_item *item, char *said, size_t len)
{
	struct explorer *s = data;
	struct row remark;
	size_t frame = frame_of(&s->replay, item);
	bool well = show_item(s, item, said, len);
	turning_look(&s->turning, &s->app, &s->session);
	app_quiet(&s->app);
	if (frame != SIZE_MAX && record_remark(&s->replay.recording->frames[frame], &remark))
		app_say(&s->app, ROLE_WARN, "%s", remark.text);
	return well;
}

struct lesson_ground lesson_recorded(struct explorer *s)
{
	return (struct lesson_ground){.open = open_recording, .renew = renew, .line = line, .data = s};
}

void lesson_recorded_play(struct explorer *s, const char *lesson)
{
	static struct lesson l; // some ten kilobytes
	if (lesson) {
		struct lesson_view *v = &s->app.lesson;
		v->want.what = LESSON_WANTS_OPEN;
		snprintf(v->want.name, sizeof v->want.name, "%s", lesson);
		lesson_player_do(&s->player);
	} else if (lesson_of_recording(&l, s->replay.recording) == 0) {
		s->player.unwritten = true; // it is nobody's progress
		lesson_player_take(&s->player, &l);
	}
}
