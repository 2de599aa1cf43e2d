// SPDX-License-Identifier: GPL-3.0-or-later
// A bind that was seen as a line of JSON, and back. What is not known is null. A file may come from a stranger: a line
// is bounded, each member checked, and nothing of it is ever run or opened. Pure.
#ifndef BINDWALK_EVENT_JSON_H
#define BINDWALK_EVENT_JSON_H

#include <jansson.h>

#include "core/model/bind_event.h"
#include "core/model/event_count.h"
#include "core/model/event_verdict.h"

enum { EVENT_LINE = 256 * 1024, EVENT_ERROR = 256 };

// New values. If memory ran out, parts are missing: see json_memory_lost(). `v` may be NULL.
json_t *event_json(const struct bind_event *e, const struct event_verdict *v);
// Of a group: how often, from when to when, and what its binds have in common.
json_t *event_group_json(const struct event_group *g);
// An object as a line without its end, which the caller frees; frees the object. NULL when memory ran out.
char *event_json_line(json_t *object);

// Reads a line of `len` bytes. Members that it does not know are passed over. 0; or -EINVAL or -ENOMEM with a sentence
// in err: the member, and what is expected there.
int event_json_read(const char *line, size_t len, struct bind_event *e, struct event_verdict *v, char *err,
		    size_t errlen);

#endif
