// SPDX-License-Identifier: GPL-3.0-or-later
// What changed since the last key, by whomever: for the marks beside the rows and the counts over the panes. Pure.
#ifndef BINDWALK_CHANGED_H
#define BINDWALK_CHANGED_H

#include "core/model/attempt.h"
#include "core/model/identity.h"
#include "core/text/rows.h"

enum { CHANGED_MARKS = HOST_CHANGES };

// Addresses belong to the interfaces; sysctls have no count.
enum changed_of { CHANGED_LINKS, CHANGED_ROUTES, CHANGED_KINDS };

struct changed {
	struct {
		struct identity id;
		bool added;     // else altered
		unsigned batch; // when it changed last
	} mark[CHANGED_MARKS];
	size_t nmarks;
	unsigned batch;
	size_t added[CHANGED_KINDS], removed[CHANGED_KINDS]; // also those that have no mark
	bool ports;                                          // the sockets at the port that is shown
	bool reveal;                                         // the first one of the newest is to be seen
	// As it was when the last key came.
	struct attempt attempt;
	bool unprivileged, known;
};

// A key came: from now on everything is as it is.
void changed_forget(struct changed *c, const struct attempt *now, bool unprivileged);
// This happened to the host.
void changed_take(struct changed *c, const struct host_changes *changes);
// '+' for what was added, '*' for what is not as it was, ' ' for everything else.
char changed_mark(const struct changed *c, const struct identity *id);
// "+3 -1" for a pane's title; nothing where nothing came or went.
void changed_count(const struct changed *c, enum changed_of of, struct row *out);

#endif
