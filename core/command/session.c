// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/evidence/evidence.h"
#include "core/model/fail.h"
#include "core/observe/caller_read.h"

int session_open(struct session *s, struct editor *editor, const char *read_only, char *err, size_t errlen)
{
	struct addr none = {0};
	*s = (struct session){.editor = editor, .read_only = read_only};
	s->attempt = s->first.attempt = attempt_new(&none);
	return observe_open(&s->observer, err, errlen);
}

void session_open_replay(struct session *s)
{
	struct addr none = {0};
	*s = (struct session){.read_only = command_recorded};
	s->attempt = s->first.attempt = attempt_new(&none);
}

void session_close(struct session *s)
{
	held_release_all(&s->held);
	witness_close(s->witness);
	if (s->observer)
		observe_close(s->observer);
	inquiry_free(&s->now);
	host_free(s->looked);
	event_log_free(&s->events);
	recording_free(&s->recording);
	*s = (struct session){0};
}

int session_move(struct session *s, char *err, size_t errlen)
{
	struct observer *fresh;
	int rc = observe_open(&fresh, err, errlen);
	if (rc < 0)
		return rc;
	rc = s->editor ? editor_move(s->editor, err, errlen) : 0;
	if (rc < 0) {
		observe_close(fresh);
		return rc;
	}
	held_release_all(&s->held);    // they hold nothing in the new one
	recording_free(&s->recording); // what was done before led somewhere else
	observe_close(s->observer);
	s->observer = fresh;
	inquiry_free(&s->now);
	host_free(s->looked);
	s->looked = NULL;
	s->walked = s->has_versus = s->has_matrix = false;
	s->step = 0;
	s->seen = (struct walks_seen){0};
	s->changed[0] = s->filter[0] = '\0';
	s->attempt = s->first.attempt;
	s->unprivileged = s->first.unprivileged;
	return 0;
}

int session_caller(const struct session *s, const struct host *h, struct caller *out, char *err, size_t errlen)
{
	struct caller c;
	if (h->recorded) {
		*out = s->now.caller;
		return 0;
	}
	int rc = caller_read(0, h, &c);
	if (rc < 0)
		return fail(rc, err, errlen, "cannot read the credentials for this bind: %s", strerror(-rc));
	*out = caller_lowered(&c, s->unprivileged);
	return 0;
}

const struct host *session_look(struct session *s, char *err, size_t errlen)
{
	struct host *h;
	if (s->followed) {
		recording_begins(&s->recording, s->followed, &s->attempt);
		return s->followed;
	}
	if (observe_read_small(s->observer, EVIDENCE_ROUTES, &h, err, errlen) < 0)
		return NULL;
	host_free(s->looked);
	s->looked = h;
	recording_saw_host(&s->recording, h, &s->attempt);
	return h;
}

void session_saw_walk(struct session *s)
{
	const struct facts f = inquiry_facts(&s->now);
	walks_seen_note(&s->seen, &f, &s->now.walk, s->changed);
	s->changed[0] = '\0';
}

void session_changed(struct session *s, const char *what)
{
	size_t used = strlen(s->changed);
	snprintf(s->changed + used, sizeof s->changed - used, "%s%s", used ? "; " : "", what);
}

__attribute__((format(printf, 3, 0))) static uint64_t note(struct session *s, enum event_by by, const char *fmt,
							   va_list args)
{
	char text[EVENT_TEXT], when[EVENT_WHEN] = "";
	time_t now = time(NULL);
	struct tm tm;
	if (localtime_r(&now, &tm))
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S%z", &tm);
	vsnprintf(text, sizeof text, fmt, args);
	return event_log_add(&s->events, when, by, text);
}

uint64_t session_event(struct session *s, enum event_by by, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	uint64_t number = note(s, by, fmt, args);
	va_end(args);
	return number;
}

uint64_t session_note(struct session *s, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	uint64_t number = note(s, EVENT_HERE, fmt, args);
	va_end(args);
	return number;
}

void session_note_bind(struct session *s, const struct inquiry *in)
{
	const struct walk *w = &in->walk;
	char text[ATTEMPT_TEXT];
	session_note(s, "bind %s: %s, %s", attempt_print(&w->attempt, text),
		     errno_name(w->observed.present ? w->observed.err : w->predicted.err), code_info(w->code)->name);
	recording_add_bind(&s->recording, s->line, in);
}
