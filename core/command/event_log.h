// SPDX-License-Identifier: GPL-3.0-or-later
// What happened during a session: binds, changes of the host, by whom, and what each did to the verdict. Pure.
#ifndef BINDWALK_EVENT_LOG_H
#define BINDWALK_EVENT_LOG_H

#include "core/model/identity.h"

enum event_by {
	EVENT_BY_NOBODY, // a remark without an author
	EVENT_HERE,      // a key or a command of this session
	EVENT_OUTSIDE,   // another program
	EVENT_KERNEL     // the kernel on its own: duplicate address detection has finished
};

enum { EVENT_LOG = 1000, EVENT_TEXT = 640, EVENT_WHEN = 32 };

struct event {
	char when[EVENT_WHEN]; // local time: "2026-11-29T18:03:12+0100"
	enum event_by by;
	struct identity about; // kind REF_NONE for none
	char *text;            // what happened
	char *effect;          // on the verdict: "192.0.2.7 now binds"; NULL for none
	bool binds;            // after it, the bind succeeds
	bool long_text;        // the text already contains a colon
};

// The last EVENT_LOG events, by number. Begins zeroed.
struct event_log {
	struct event *at;
	size_t cap;
	bool full;     // grows no more
	uint64_t ever; // the number of the next event
};

void event_log_free(struct event_log *l);
// Its number; UINT64_MAX if memory ran out.
uint64_t event_log_add(struct event_log *l, const char *when, enum event_by by, const char *text);
// NULL if the log no longer has it.
struct event *event_log_at(const struct event_log *l, uint64_t number);
// The number of the oldest one.
uint64_t event_log_first(const struct event_log *l);
// Replaces its text. If memory runs out, the old text stays.
void event_say(struct event *e, const char *text);
void event_say_effect(struct event *e, const char *effect, bool binds);

// "route added: local 192.168.123.0/24 dev lo: 192.168.123.123 now binds". Returns buf.
char *event_print(const struct event *e, char buf[static EVENT_TEXT]);
// The separator between text and effect.
const char *event_joint(const struct event *e);
// "here", "outside", "kernel", "".
const char *event_by_name(enum event_by by);
// "18:03:12", "2026-11-29", "2026-11-29 18:03:12". Each returns buf.
char *event_time(const struct event *e, char buf[static EVENT_WHEN]);
char *event_day(const struct event *e, char buf[static EVENT_WHEN]);
char *event_day_time(const struct event *e, char buf[static EVENT_WHEN]);

#endif
