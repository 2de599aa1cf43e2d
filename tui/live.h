// SPDX-License-Identifier: GPL-3.0-or-later
// What the explorer does with the kernel: it follows the host, asks, and binds.
#ifndef BINDWALK_LIVE_H
#define BINDWALK_LIVE_H

#include "tui/explorer_impl.h"

// Reads the host for the first time, as far as it comes soon; the rest follows.
void live_read(struct explorer *s);

enum {
	LIVE_PATIENCE_MS = 1000, // of a user who typed ahead
	LIVE_LAB_MS = 10000      // a fresh lab is small: this only bounds a hang
};

// Waits until the host has been read for the first time. Keys may be typed ahead of that, and lessons go on at once:
// what would be predicted from a part of the host is soon no prediction any more, and then what a bind showed has
// nothing to be compared with; and a change would name an interface that is not known yet.
void live_await_reading(struct explorer *s, int patience_ms);
// The observer's descriptor is readable.
void live_host(struct explorer *s);
// An interface that was named before it was known.
void live_resolve_scope(struct explorer *s);
// Asks the kernel what belongs to the attempt.
void live_ask(struct explorer *s);
// The owners of the port's sockets were found.
void live_owners(struct explorer *s);
// Looks at what has no events.
void live_tick(struct explorer *s);
// Makes the attempt for real.
void live_bind(struct explorer *s);
void live_switch_witness(struct explorer *s);
// Says what the witness does not see here.
void live_say_witness(struct explorer *s);
// Waits for the announcement of our own change: until then, the kernel's answers would contradict the model. `all`: of
// many, until they have ended.
void live_settle(struct explorer *s, bool all);
// The first event. `show events` has it where the first line has no room.
void live_begin_events(struct explorer *s);
// A fresh lab by this recipe in the place of the present one (core/command/lab_make.h), with the attempt as it was: the
// session keeps its events only. 0, or -errno with a sentence in err; then nothing has changed.
int live_renew(struct explorer *s, const char *recipe, char *err, size_t errlen);

#endif
