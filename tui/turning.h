// SPDX-License-Identifier: GPL-3.0-or-later
// The moment when the verdict on the screen turns, though nobody asked for another one: what happened, and what it did.
// Each goes into the events.
#ifndef BINDWALK_TURNING_H
#define BINDWALK_TURNING_H

#include "core/command/session.h"
#include "tui/app.h"

enum { TURNING_TEXT = 400 };

// All zeros at first.
struct turning {
	char happened[TURNING_TEXT]; // since the verdict was last looked at, and concerns it
	bool known;                  // what follows was on the screen
	struct attempt attempt;
	bool unprivileged;
	enum code code;
	int err;
	struct sock holder; // that was in the way; port 0: none
	char holder_gone[200];
};

// Something happened to the host: what concerns the walk on the screen is kept, and addresses that came or went are
// events in any case. Before the host is decided on again.
void turning_hear(struct turning *t, const struct app *app, struct session *s, const struct host_changes *c);
// The walk on the screen is up to date: says and notes it if the verdict turned.
void turning_look(struct turning *t, struct app *app, struct session *s);

#endif
