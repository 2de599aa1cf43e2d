// SPDX-License-Identifier: GPL-3.0-or-later
// What can be looked up about a bind that was seen: its unit or container, its control group's path, the name of its
// network namespace. All of it may be gone by then: then it is not known.
#ifndef BINDWALK_EVENT_ABOUT_H
#define BINDWALK_EVENT_ABOUT_H

#include "core/model/bind_event.h"

struct event_about;

// Keeps what it has found, by the identity of control groups and namespaces. 0 or -errno.
int event_about_open(struct event_about **out);
void event_about_close(struct event_about *a);

// Fills what is looked up, and where the event has no namespace or control group, those of its process if it still
// runs.
void event_about_fill(struct event_about *a, struct bind_event *e);

// The inode of the calling thread's network namespace, 0 where it can't be had.
uint64_t event_about_netns(const struct event_about *a);

#endif
