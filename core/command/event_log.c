// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/event_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void forget(struct event *e)
{
	free(e->text);
	free(e->effect);
	*e = (struct event){0};
}

void event_log_free(struct event_log *l)
{
	for (size_t i = 0; i < l->cap; i++)
		forget(&l->at[i]);
	free(l->at);
	*l = (struct event_log){0};
}

uint64_t event_log_first(const struct event_log *l)
{
	return l->ever > l->cap ? l->ever - l->cap : 0;
}

struct event *event_log_at(const struct event_log *l, uint64_t number)
{
	return number < l->ever && number >= event_log_first(l) ? &l->at[number % l->cap] : NULL;
}

// Until the first one is overwritten, the index of each event is its number, also after the array grows.
static void grow(struct event_log *l)
{
	size_t cap = l->cap ? l->cap * 2 : 32;
	if (l->full || l->ever < l->cap)
		return;
	cap = cap < EVENT_LOG ? cap : EVENT_LOG;
	struct event *more = realloc(l->at, cap * sizeof *more);
	l->full = !more ? l->cap > 0 : cap == EVENT_LOG;
	if (!more)
		return;
	memset(more + l->cap, 0, (cap - l->cap) * sizeof *more);
	l->at = more;
	l->cap = cap;
}

uint64_t event_log_add(struct event_log *l, const char *when, enum event_by by, const char *text)
{
	char *copy = strdup(text);
	grow(l);
	if (!copy || !l->cap) {
		free(copy);
		return UINT64_MAX;
	}
	struct event *e = &l->at[l->ever % l->cap];
	forget(e);
	*e = (struct event){.by = by, .text = copy};
	snprintf(e->when, sizeof e->when, "%s", when);
	return l->ever++;
}

static void replace(char **old, const char *text)
{
	char *copy = strdup(text);
	if (!copy)
		return;
	free(*old);
	*old = copy;
}

void event_say(struct event *e, const char *text)
{
	replace(&e->text, text);
}

void event_say_effect(struct event *e, const char *effect, bool binds)
{
	replace(&e->effect, effect);
	e->binds = binds;
}

const char *event_joint(const struct event *e)
{
	return !e->effect ? "" : e->long_text ? "; " : ": ";
}

char *event_print(const struct event *e, char buf[static EVENT_TEXT])
{
	snprintf(buf, EVENT_TEXT, "%s%s%s", e->text, event_joint(e), e->effect ? e->effect : "");
	return buf;
}

const char *event_by_name(enum event_by by)
{
	static const char *const names[] = {"", "here", "outside", "kernel"};
	return names[by];
}

enum { DAY = 10, TIME = 8 }; // bytes

char *event_time(const struct event *e, char buf[static EVENT_WHEN])
{
	snprintf(buf, EVENT_WHEN, "%.*s", TIME, strlen(e->when) > DAY ? e->when + DAY + 1 : "");
	return buf;
}

char *event_day(const struct event *e, char buf[static EVENT_WHEN])
{
	snprintf(buf, EVENT_WHEN, "%.*s", DAY, e->when);
	return buf;
}

char *event_day_time(const struct event *e, char buf[static EVENT_WHEN])
{
	char time[EVENT_WHEN];
	snprintf(buf, EVENT_WHEN, "%.*s %.*s", DAY, e->when, TIME, event_time(e, time));
	return buf;
}
