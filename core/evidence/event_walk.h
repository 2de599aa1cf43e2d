// SPDX-License-Identifier: GPL-3.0-or-later
// The walk behind a bind that was seen: predicted in the network namespace where it took place, for the process that
// made it, and merged with what was seen. The host is read after the bind: where it does not fit, it may have changed.
#ifndef BINDWALK_EVENT_WALK_H
#define BINDWALK_EVENT_WALK_H

#include "core/model/bind_event.h"
#include "core/model/event_verdict.h"
#include "core/model/inquiry.h"

struct event_walk;

// Begins it, on a thread that enters the namespace and ends there: the caller stays where it is. Never blocks. 0 or
// -errno.
int event_walk_begin(const struct bind_event *e, struct event_walk **out);
// Readable when it is done.
int event_walk_fd(const struct event_walk *w);
// Waits so many milliseconds at most. False: it is not done.
bool event_walk_wait(struct event_walk *w, int ms);
// When it is done. Both are good until event_walk_close().
const struct event_verdict *event_walk_verdict(const struct event_walk *w);
// Of a listen() or connect() that was refused, which have no walk: why. "" in its code where it is not known.
const struct call_reason *event_walk_reason(const struct event_walk *w);
// NULL where there is no walk: the verdict says why.
const struct inquiry *event_walk_inquiry(const struct event_walk *w);
// The same for a bind that has not been made yet, by a thread that waits for it: predicts, and then takes in what it
// returned.
int event_walk_foresee(const struct bind_event *e, struct event_walk **out);
// When it is done: the same bind, with its end. False where model and kernel do not fit and the host may have changed
// between the two: then event_walk_begin() tells, as long as the thread still waits.
bool event_walk_seen(struct event_walk *w, const struct bind_event *e);

// Another holder, who closes it as well. Returns w.
struct event_walk *event_walk_share(struct event_walk *w);
// At any time: what is not done goes on alone, and frees itself. NULL is fine.
void event_walk_close(struct event_walk *w);

#endif
