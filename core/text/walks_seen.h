// SPDX-License-Identifier: GPL-3.0-or-later
// The walks that the user looked at: the current one, the one before it, and the pinned one. Pure.
#ifndef BINDWALK_WALKS_SEEN_H
#define BINDWALK_WALKS_SEEN_H

#include "core/text/snapshot.h"
#include "core/text/versus.h"

// All zeros: none yet.
struct walks_seen {
	struct snapshot now, before, pinned; // without steps: there is none
	char changed[VERSUS_TITLE];          // from `before` to `now`
};

// Takes the current walk. If it differs from the last one, the last one becomes `before`; `reason` says what changed on
// the host ("" or NULL: not known), and a change of the attempt is found here. True if it differs.
bool walks_seen_note(struct walks_seen *s, const struct facts *f, const struct walk *w, const char *reason);
void walks_seen_pin(struct walks_seen *s);
// How one attempt differs from another: "IP_FREEBIND set", "port 80 instead of 0". "" if it does not. Returns buf.
char *attempt_change(const struct attempt *was, const struct attempt *is, char *buf, size_t len);

// The walk before beside the current one; the pinned one beside the current one; the current one beside another.
// False if there is nothing to compare with.
bool walks_seen_before(const struct walks_seen *s, struct versus *v);
bool walks_seen_pinned(const struct walks_seen *s, struct versus *v);
void walks_seen_other(const struct walks_seen *s, const struct snapshot *other, struct versus *v);

#endif
