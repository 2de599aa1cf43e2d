// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/replay_show.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/lesson/lesson_recording.h"
#include "core/model/fail.h"
#include "core/observe/host_adopt.h"
#include "tui/app_update.h"

// What no list holds.
static void take_facts(struct host *h, const struct host *from)
{
	h->has_local4 = from->has_local4;
	h->has_main4 = from->has_main4;
	h->trie = from->trie;
	h->lacks_rules4 = from->lacks_rules4;
	h->routes4_read = from->routes4_read;
	memcpy(h->left, from->left, sizeof h->left);
	h->nleft = from->nleft;
	h->recorded = true;
}

// The present host becomes the one of a frame; the app hears of what changed.
static void show_host(struct replay *r, struct app *app, const struct frame_host *at)
{
	static struct host_changes changes; // some ten kilobytes
	struct host *fresh = at ? host_copy(at->host) : NULL;
	if (!fresh)
		return;
	app_keep_selection(app);
	host_changes_clear(&changes);
	host_adopt(r->host, fresh, DUMP_ALL, &changes);
	take_facts(r->host, at->host);
	host_free(fresh);
	app_mark_changes(app, &changes);
	app_host_changed(app, &changes);
}

static void show_bind(struct replay *r, struct app *app, const struct frame_bind *b)
{
	static struct inquiry in;
	if (!frame_bind_inquiry(b, r->host, &in))
		return;
	app->unprivileged = b->caller.unprivileged;
	app->caller = b->caller;
	question_free(&app->now.question);
	app_set_attempt(app, &b->attempt);
	app->now.question = in.question; // taken over
	app->now.caller = in.caller;
	app->now.walk = in.walk;
	app_walk_made(app);
}

void replay_show(struct replay *r, struct app *app, size_t frame)
{
	const struct frame *f = &r->recording->frames[frame];
	show_host(r, app, recording_host(r->recording, frame));
	r->next = frame + 1;
	if (f->bind)
		show_bind(r, app, f->bind);
}

void replay_rewind(struct replay *r, struct app *app)
{
	r->next = 0;
	question_free(&app->now.question);
	show_host(r, app, r->recording->first);
	app_set_attempt(app, &r->first);
}

static void begin(struct replay *r, struct app *app, const struct recording *recording, const char *lesson)
{
	struct addr addr;
	if (!r->recording)
		memcpy(r->place, app->place, sizeof r->place);
	app->watched.sockets = NULL; // they were not recorded
	r->recording = recording;
	snprintf(r->name, sizeof r->name, "%s", lesson ? lesson : "");
	snprintf(app->place, sizeof app->place, "%.40s", recording->title);
	if (!r->host && !(r->host = host_new()))
		return;
	r->host->recorded = true;
	for (size_t i = recording->n; i > 0; i--)
		if (recording->frames[i - 1].bind) {
			r->first = recording->frames[i - 1].bind->attempt;
			app->caller = recording->frames[i - 1].bind->caller;
		}
	if (lesson && addr_parse("192.168.123.123", &addr) == 0)
		r->first = attempt_new(&addr);
	app->caller.unprivileged = UNPRIVILEGED_OFF;
	if (app->now.host != r->host)
		app_set_host(app, r->host);
	replay_rewind(r, app);
	app_set_status(app, "");
}

void replay_begin(struct replay *r, struct app *app, const struct recording *recording, const char *lesson)
{
	*r = (struct replay){0};
	begin(r, app, recording, lesson);
}

int replay_open(struct replay *r, struct app *app, const char *lesson, char *err, size_t errlen)
{
	struct recording fresh;
	if (r->recording && strcmp(r->name, lesson) == 0)
		return 0;
	int rc = lesson_recording(lesson, &fresh);
	if (rc == -ENOENT)
		return fail(rc, err, errlen, "%s cannot be played from a recording: it needs a lab", lesson);
	if (rc < 0)
		return fail(rc, err, errlen, "the recording of %s cannot be read", lesson);
	replay_take(r, app, &fresh, lesson);
	return 0;
}

void replay_take(struct replay *r, struct app *app, struct recording *own, const char *lesson)
{
	recording_free(&r->own); // the app has the host only, which is no part of it
	r->own = *own;
	*own = (struct recording){0};
	begin(r, app, &r->own, lesson);
}

void replay_leave(struct replay *r, struct app *app)
{
	if (r->recording)
		memcpy(app->place, r->place, sizeof app->place);
	r->recording = NULL;
	r->name[0] = '\0';
}

void replay_end(struct replay *r)
{
	host_free(r->host);
	recording_free(&r->own);
	*r = (struct replay){0};
}
