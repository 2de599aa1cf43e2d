// SPDX-License-Identifier: GPL-3.0-or-later
// Inside the explorer: what its files share.
#ifndef BINDWALK_EXPLORER_IMPL_H
#define BINDWALK_EXPLORER_IMPL_H

#include "core/command/session.h"
#include "tui/app.h"
#include "tui/bind_view.h"
#include "tui/lesson_player.h"
#include "tui/loop.h"
#include "tui/place.h"
#include "tui/replay_show.h"
#include "tui/screen_consent.h"
#include "tui/stage_notes.h"
#include "tui/term.h"
#include "tui/trace_view.h"
#include "tui/turning.h"

struct explorer {
	struct app app;
	struct terminal term;
	struct loop loop;
	struct place place;
	struct bind_view binds; // of the whole host, wherever the place is
	struct trace_view trace;
	int64_t active; // when somebody last did something
	struct turning turning;
	struct session session; // for what is not about the screen
	struct screen_consent consent;
	struct replay replay; // of a recording; else empty
	struct lesson_player player;
	struct stage_notes notes;
	bool choosing;  // the first attempt still follows what is read of the host
	bool whole;     // all of the host was read once
	bool trial;     // what changes is changed back, and no event
	bool just_read; // so was what look() reads, a moment ago
	bool failed;    // the command that was carried out last
	unsigned told;  // items of the lesson that the session's recording has
	bool quit, hangup;
};

// Does what the state asks for (app_take_effects()), and what that asks for.
void explorer_carry_out(struct explorer *s);
// Carries a line out as if it had been typed, and puts what it says, or why it was not taken, into `said`. True if all
// went well.
bool explorer_take_line(struct explorer *s, const char *line, char *said, size_t len);

#endif
