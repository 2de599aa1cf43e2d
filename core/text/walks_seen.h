// SPDX-License-Identifier: GPL-3.0-or-later
// The walks that somebody looked at: the present one, the one before it, and one that was pinned. Pure.
#ifndef BINDWALK_WALKS_SEEN_H
#define BINDWALK_WALKS_SEEN_H

#include "core/text/snapshot.h"
#include "core/text/versus.h"

// All zeros: none yet.
struct walks_seen {
	struct snapshot now, before, pinned; // without steps: there is none
	char changed[VERSUS_TITLE];          // from `before` to `now`
};

// The present walk. If it says something else than the last one, that is the one before, and `reason` is what changed
// on the host ("" or NULL: not known); a change of the attempt is found here. True then.
bool walks_seen_note(struct walks_seen *s, const struct facts *f, const struct walk *w, const char *reason);
void walks_seen_pin(struct walks_seen *s);
// What one attempt has that another one has not: "IP_FREEBIND set", "port 80 instead of 0". "" for nothing. Returns
// buf.
char *attempt_change(const struct attempt *was, const struct attempt *is, char *buf, size_t len);

// The walk before beside the present one; the pinned one beside the present one; the present one beside another one.
// False where there is none to compare with.
bool walks_seen_before(const struct walks_seen *s, struct versus *v);
bool walks_seen_pinned(const struct walks_seen *s, struct versus *v);
void walks_seen_other(const struct walks_seen *s, const struct snapshot *other, struct versus *v);

#endif
