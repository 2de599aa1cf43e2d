// SPDX-License-Identifier: GPL-3.0-or-later
// A bind that was seen, as a row and as its parts. Pure.
#ifndef BINDWALK_EVENT_ROW_H
#define BINDWALK_EVENT_ROW_H

#include "core/model/bind_event.h"
#include "core/model/event_count.h"
#include "core/model/event_verdict.h"
#include "core/text/rows.h"

enum { EVENT_ROW_TIME = 32, EVENT_ROW_TEXT = 512 };

struct event_look {
	int32_t east; // of UTC, in seconds: the offset of local time
	bool date;
};

// The parts return buf. Those of text from outside are raw bytes.
// "18:03:12.123456", with `date` "2026-11-29 18:03:12.123456".
char *event_row_time(int64_t when, const struct event_look *look, char buf[static EVENT_ROW_TIME]);
// "python3[1234]"
char *event_row_who(const struct bind_event *e, char buf[static EVENT_ROW_TEXT]);
// "tcp4 192.0.2.1:80", "tcp4, address not known"
char *event_row_bind(const struct bind_event *e, char buf[static EVENT_ROW_TEXT]);
// The same of a call that may be another one: "tcp4 socket()", "tcp4 setsockopt(IP_TRANSPARENT)", "tcp4 192.0.2.1:80
// listen()", "tcp4 connect() to 192.0.2.9:80", with the source before it where it has one.
char *event_row_asked(const struct bind_event *e, char buf[static EVENT_ROW_TEXT]);
// Why it ended so: the walk's sentence, or that of a call without one; "" for none. Lent.
const char *event_row_sentence(const struct bind_event *e, const struct event_verdict *v);
// The option that was refused before, without which the bind failed (e->missing), a sentence; "" for none.
char *event_row_missing_option(const struct bind_event *e, char buf[static EVENT_ROW_TEXT]);
// What the socket had: "freebind reuseaddr"; "" for nothing.
char *event_row_options(const struct bind_event *e, char buf[static EVENT_ROW_TEXT]);
// "netns blue, sshd.service"; nothing of a namespace that is ours.
char *event_row_where(const struct bind_event *e, char buf[static EVENT_ROW_TEXT]);
// What the kernel answered inside: "type 1 UNICAST", "no match in the address list"; "" where nothing was seen.
char *event_row_inner(const struct bind_event *e, char buf[static EVENT_ROW_TEXT]);

// What is missing from all events of that source, a sentence; "" for nothing.
const char *event_row_missing(enum bind_source source);

// All of it in one row, with the verdict's sentence at its end. `v` may be NULL.
void event_row(const struct bind_event *e, const struct event_verdict *v, const struct event_look *look,
	       struct row *out);
// A group of binds that are alike: how often, and the same without what each has of its own.
void event_row_group(const struct event_group *g, struct row *out);

#endif
