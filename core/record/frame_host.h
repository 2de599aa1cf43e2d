// SPDX-License-Identifier: GPL-3.0-or-later
// The hosts of a recording: shared by the frames between which nothing changed, and of a large one only what belongs to
// the bind. Pure.
#ifndef BINDWALK_FRAME_HOST_H
#define BINDWALK_FRAME_HOST_H

#include "core/model/host.h"

enum { FRAME_OBJECTS = 1000 }; // of a host that is kept whole

// A host as it was at one or more frames, with the objects that were left out of a large one.
struct frame_host {
	struct host *host; // owned
	size_t frames;     // that share it
	size_t left_links, left_addrs, left_rules, left_routes4, left_routes6;
};

// A share of `last` (may be NULL) if it says the same as h, else a copy of h with what belongs to the attempt (may be
// NULL). NULL when memory runs out.
struct frame_host *frame_host_take(struct frame_host *last, const struct host *h, const struct attempt *a);
// Gives a share back; the last one frees it. NULL is fine.
void frame_host_drop(struct frame_host *f);
// Memory, in bytes.
size_t frame_host_size(const struct frame_host *f);
// What was left out of it, as a sentence; "" for nothing. Returns buf.
char *frame_host_left(const struct frame_host *f, char *buf, size_t len);

#endif
