// SPDX-License-Identifier: GPL-3.0-or-later
// The bind that was opened, of those that were seen, and its walk. Pure.
#ifndef BINDWALK_BIND_OPENED_H
#define BINDWALK_BIND_OPENED_H

#include "core/model/bind_log.h"
#include "core/model/event_verdict.h"
#include "core/model/inquiry.h"
#include "core/model/remedy.h"

// All zeros: none.
struct bind_opened {
	bool open;
	uint64_t number;            // in the log
	struct bind_event of;       // a copy: the log may lose it
	const struct inquiry *walk; // lent; NULL: there is none
	char why[VERDICT_WHY];      // there is none: a sentence without a period
	bool kept;                  // it was walked while the program waited, and not as its network is now
	struct remedy remedies[REMEDIES];
	unsigned nremedies;
};

// The one whose walk the loop was asked for.
struct bind_opening {
	bool kept;   // it is there already
	bool wanted; // its walk is not there yet
	uint64_t number;
	struct bind_event of;
};

#endif
