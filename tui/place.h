// SPDX-License-Identifier: GPL-3.0-or-later
// What the explorer has open in the namespace that it shows: who observes it, who searches for owners of sockets, who
// witnesses binds.
#ifndef BINDWALK_PLACE_H
#define BINDWALK_PLACE_H

#include "core/evidence/witness.h"
#include "core/observe/observe.h"
#include "core/observe/owner_search.h"
#include "tui/loop.h"
#include "tui/sock_view.h"

// All zeros: nothing is open.
struct place {
	struct observer *observer;
	struct owner_search *owners;
	struct sock_view sockets;
	struct witness *witness; // NULL: off
};

// In the namespace of the calling thread. 0, or -errno with a sentence in err; close it in either case.
int place_open(struct place *p, char *err, size_t errlen);
void place_close(struct place *p);
// The descriptors that the loop waits for.
void place_attend(const struct place *p, struct loop *l);

#endif
