// SPDX-License-Identifier: GPL-3.0-or-later
// A walk, and all that it was decided on. Pure.
#ifndef BINDWALK_INQUIRY_H
#define BINDWALK_INQUIRY_H

#include "core/model/facts.h"
#include "core/model/walk.h"

// All zeros: nothing is known yet.
struct inquiry {
	const struct host *host; // lent, or `own`
	struct host *own;
	struct caller caller;
	struct question question;
	struct walk walk; // without steps: there is none yet
};

// Lent: good as long as the inquiry stays where it is.
struct facts inquiry_facts(const struct inquiry *in);
// Frees what it owns, and forgets all.
void inquiry_free(struct inquiry *in);

#endif
