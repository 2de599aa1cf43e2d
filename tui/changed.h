// SPDX-License-Identifier: GPL-3.0-or-later
// What changed since the last key, whoever changed it: for the marks beside the rows and the counts in the headings.
// Pure.
#ifndef BINDWALK_CHANGED_H
#define BINDWALK_CHANGED_H

#include "core/model/attempt.h"
#include "core/model/caller.h"
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
	enum unprivileged unprivileged;
	bool known;
};

// A key was pressed: nothing counts as changed any more.
void changed_forget(struct changed *c, const struct attempt *now, enum unprivileged unprivileged);
// Notes these changes of the host.
void changed_take(struct changed *c, const struct host_changes *changes);
// '+' if it was added, '*' if it was altered, ' ' otherwise.
char changed_mark(const struct changed *c, const struct identity *id);
// "+3 -1" for a pane's title; nothing if nothing was added or removed.
void changed_count(const struct changed *c, enum changed_of of, struct row *out);
void changed_add_counts(size_t added, size_t removed, struct row *out);

#endif
