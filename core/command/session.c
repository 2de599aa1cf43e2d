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
	s->attempt = attempt_new(&none);
	return observe_open(&s->observer, err, errlen);
}

void session_close(struct session *s)
{
	witness_close(s->witness);
	if (s->observer)
		observe_close(s->observer);
	inquiry_free(&s->now);
	host_free(s->looked);
	*s = (struct session){0};
}

int session_caller(const struct session *s, const struct host *h, struct caller *out, char *err, size_t errlen)
{
	struct caller c;
	int rc = caller_read(0, h, &c);
	if (rc < 0)
		return fail(rc, err, errlen, "cannot read the credentials for this bind: %s", strerror(-rc));
	*out = s->unprivileged ? caller_unprivileged(&c) : c;
	return 0;
}

const struct host *session_look(struct session *s, char *err, size_t errlen)
{
	struct host *h;
	if (s->followed)
		return s->followed;
	if (observe_read_small(s->observer, EVIDENCE_ROUTES, &h, err, errlen) < 0)
		return NULL;
	host_free(s->looked);
	s->looked = h;
	return h;
}

void session_note(struct session *s, const char *fmt, ...)
{
	char *event = s->log[s->events++ % SESSION_LOG];
	time_t now = time(NULL);
	struct tm tm;
	size_t n = localtime_r(&now, &tm) ? strftime(event, SESSION_EVENT, "%H:%M:%S  ", &tm) : 0;
	va_list args;
	va_start(args, fmt);
	vsnprintf(event + n, SESSION_EVENT - n, fmt, args);
	va_end(args);
}
