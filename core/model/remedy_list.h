// SPDX-License-Identifier: GPL-3.0-or-later
// The list of remedies while it is made. Inside the model. Pure.
#ifndef BINDWALK_REMEDY_LIST_H
#define BINDWALK_REMEDY_LIST_H

#include "core/model/facts.h"
#include "core/model/remedy_value.h"
#include "core/model/walk.h"

// All that a remedy can change. Host and question are lent.
struct world {
	const struct host *host;
	const struct question *question;
	struct caller caller;
	struct attempt attempt;
};

struct remedy_list {
	struct world world;      // as it is
	const struct walk *walk; // its refusal
	bool open;               // the model could not tell, and the kernel refused at the port
	unsigned depth;          // how many changes were made before
	struct remedy *out;      // room for REMEDIES
	unsigned n;
	void (*collect)(struct remedy_list *l); // fills it with all remedies of its refusal
};

// A remedy of that kind for this list's world, with everything else empty.
struct remedy remedy_new(enum remedy_kind kind, enum remedy_reach reach, enum remedy_needs needs);
__attribute__((format(printf, 2, 3))) void remedy_change(struct remedy *r, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void remedy_keep(struct remedy *r, const char *fmt, ...);
// What is not ours to run: for the user's shell.
__attribute__((format(printf, 2, 3))) void remedy_shell(struct remedy *r, const char *fmt, ...);
// A command to run; the first one is the change, unless it has a text already.
__attribute__((format(printf, 2, 3))) void remedy_command(struct remedy *r, const char *fmt, ...);

// Decides in the changed world. Takes the remedy up when the bind succeeds then, or comes to a later obstacle; then
// also the combination with the cheapest remedy of that one. `sure`: false when it rests on what the model can't see.
void remedy_offer(struct remedy_list *l, const struct world *changed, const struct remedy *r, bool sure);

// Does the socket follow the IPv4 rules?
bool remedy_is_v4(const struct attempt *a);

#endif
