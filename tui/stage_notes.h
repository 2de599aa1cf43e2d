// SPDX-License-Identifier: GPL-3.0-or-later
// The stage's end of the speaker's notes: tells them where the talk is, whenever that changes.
#ifndef BINDWALK_STAGE_NOTES_H
#define BINDWALK_STAGE_NOTES_H

#include "core/lesson/notes_channel.h"
#include "tui/app.h"

struct stage_notes {
	struct notes_sender sender;
	int64_t began; // the talk, of now_ms(); 0: not yet
	struct stage_page told;
};

// Opens the channel; without one the talk goes on, and a message says so.
void stage_notes_open(struct stage_notes *n, struct app *app);
// Tells what has changed. To be called before a picture is drawn.
void stage_notes_tell(struct stage_notes *n, const struct app *app);
// The same for the step that the talk is about to jump to: its lab is still to be made.
void stage_notes_ahead(struct stage_notes *n, const struct app *app);
void stage_notes_close(struct stage_notes *n);

#endif
