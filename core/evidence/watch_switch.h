// SPDX-License-Identifier: GPL-3.0-or-later
// Begins and ends a watch of binds on a separate thread: attaching to the kernel may take a second, letting go of it
// several, and the screen must not wait for either.
#ifndef BINDWALK_WATCH_SWITCH_H
#define BINDWALK_WATCH_SWITCH_H

#include "core/evidence/watch.h"

enum watch_state {
	WATCH_OFF,
	WATCH_ATTACHING, // on a thread
	WATCH_ON,
	WATCH_ENDING, // on a thread
	WATCH_REFUSED // until it is switched off
};

struct watch_switch;

// 0 or -errno. Starts no thread before the watch is switched on.
int watch_switch_open(struct watch_switch **out);
// Waits for what the thread does, and ends the watch. NULL is fine.
void watch_switch_close(struct watch_switch *s);
// Becomes readable when the thread is done.
int watch_switch_fd(const struct watch_switch *s);
// What is wanted from now on; with `all`, binds that succeed as well. Never blocks.
void watch_switch_set(struct watch_switch *s, bool on, bool all);
// The thread is done: takes over what it did, and goes on with what is wanted by now.
void watch_switch_take(struct watch_switch *s);
enum watch_state watch_switch_state(const struct watch_switch *s);
// Why it is refused, a sentence without a period; "" unless it is.
const char *watch_switch_why(const struct watch_switch *s);
// NULL unless it is on. The switch keeps it.
struct watch *watch_switch_watch(const struct watch_switch *s);

#endif
