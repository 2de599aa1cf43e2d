// SPDX-License-Identifier: GPL-3.0-or-later
// The worker thread behind observe_follow(): listens for changes and reads anew what they touch.
#ifndef BINDWALK_FOLLOW_H
#define BINDWALK_FOLLOW_H

#include "core/model/host.h"

struct follow;

// Subscribes, then starts the thread, which begins by reading everything. 0 or -errno.
int follow_start(struct follow **out);
// Ends the thread and frees all. NULL is fine.
void follow_stop(struct follow *f);

// The functions of observe.h with these names, once following.
int follow_fd(const struct follow *f);
int follow_take(struct follow *f);
const struct host *follow_host(const struct follow *f);
const char *follow_status(const struct follow *f);

// A reading that was made elsewhere takes the place of the present host, unless they are equal; it is given away. 1 or 0.
int follow_replace(struct follow *f, struct host *fresh);

// The present host to change in place: the worker keeps its hands off until follow_unlock().
struct host *follow_lock(struct follow *f);
void follow_unlock(struct follow *f);

#endif
