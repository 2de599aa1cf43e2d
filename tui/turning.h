// SPDX-License-Identifier: GPL-3.0-or-later
// Notes what happens to the host, the port and the attempt as events, each with its effect on the verdict, and reports
// when the verdict on the screen changes without a key.
#ifndef BINDWALK_TURNING_H
#define BINDWALK_TURNING_H

#include "core/command/session.h"
#include "core/model/change_group.h"
#include "tui/app.h"

enum { TURNING_TEXT = 400, TURNING_SOCKS = 16 };

// Begins zeroed.
struct turning {
	char happened[TURNING_TEXT]; // since the verdict was last looked at, and concerns it
	uint64_t cause;              // its event + 1, 0 for none
	bool known;                  // what follows was on the screen
	struct attempt attempt;
	enum unprivileged unprivileged;
	enum code code;
	int err;
	struct sock holder; // that was in the way; port 0: none
	char holder_gone[200];
	struct change_groups groups;
	struct {                     // what we changed ourselves a moment ago, and is about to be announced
		int64_t until;       // milliseconds
		bool all;            // anything may be of it
		uint64_t first, end; // the events that say what was done
		unsigned said;       // bit per event: it already says what came of it
	} own;
	struct {
		struct sock sock;
		uint64_t event; // + 1, 0 for none
	} socks[TURNING_SOCKS]; // at the port, those that a restart would bind
	size_t nsocks;
};

// A command of the session changed something; its own events begin with `first`. `all`: it changed too much to report
// each change.
void turning_own(struct turning *t, const struct session *s, uint64_t first, bool all);
// Something happened to the host: marks and notes it, and keeps what concerns the walk on the screen. Call it before
// deciding again.
void turning_hear(struct turning *t, struct app *app, struct session *s, const struct host_changes *c);
// The walk on the screen is up to date: reports and notes a verdict that changed.
void turning_look(struct turning *t, struct app *app, struct session *s);

#endif
