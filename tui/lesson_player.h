// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a lesson in the explorer: carries out its commands as if they had been typed, has the kernel judge what was
// predicted, and goes to any step by renewing the place and carrying out all that comes before.
#ifndef BINDWALK_LESSON_PLAYER_H
#define BINDWALK_LESSON_PLAYER_H

#include "core/lesson/lesson_state.h"
#include "tui/app.h"

// Where a lesson is played: in a lab, or in its recording.
struct lesson_ground {
	// Makes ready for a lesson of that name, before its text is read. 0, or -errno with a sentence in err. NULL in
	// a lab.
	int (*open)(void *data, const char *name, char *err, size_t errlen);
	// The place as it is before the lesson, by this recipe; nothing of what was done there is left, nor of the
	// attempt. 0, or -errno with a sentence in err.
	int (*renew)(void *data, const char *recipe, char *err, size_t errlen);
	// Carries out the line of an item of the lesson, to its end. What it said is in `said`, and if it did not go
	// well (false), why. The message on the screen is the player's.
	bool (*line)(void *data, const struct lesson_item *item, char *said, size_t len);
	void *data;
};

struct lesson_player {
	struct app *app;
	struct lesson_ground ground;
	struct lesson_ground other; // in the lab its recording; .line NULL: none
	struct lesson lesson;
	struct lesson_state state;
	char name[LESSON_NAME];      // the lesson's
	enum view_id view;           // where it is shown
	bool paced;                  // a key shows a command, another one runs it
	bool busy;                   // binds are the lesson's own
	bool unwritten;              // progress can't be kept
	char warning[COMMAND_ERROR]; // to be said once, "" for nothing
};

// Plays a lesson that was read already, in a place that is as it is before the lesson. Takes the lesson over.
void lesson_player_take(struct lesson_player *p, struct lesson *l);
// What the app wants of it (EFFECT_LESSON).
void lesson_player_do(struct lesson_player *p);
// Somebody bound at the keyboard: app->now is what came of it.
void lesson_player_bound(struct lesson_player *p);
void lesson_player_close(struct lesson_player *p);

#endif
