// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson as the explorer shows it: its state, what its commands led to, and what a key asks of the player
// (tui/lesson_player.h), who alone carries something out. Pure.
#ifndef BINDWALK_LESSON_SHOWN_H
#define BINDWALK_LESSON_SHOWN_H

#include "core/lesson/lesson_state.h"
#include "core/text/rows.h"
#include "tui/view.h"

enum lesson_want {
	LESSON_WANTS_NOTHING,
	LESSON_WANTS_OPEN,   // the lesson of that name
	LESSON_WANTS_NEXT,   // go on
	LESSON_WANTS_STEP,   // the beginning of step `number`
	LESSON_WANTS_PASS,   // on without an answer
	LESSON_WANTS_ANSWER, // choice `number`
	LESSON_WANTS_HINT,   // the next one
	LESSON_WANTS_SOLUTION,
	LESSON_WANTS_RECORDING, // to play from it, or live again
	LESSON_WANTS_LIVE
};

enum { LESSON_NAME = 256, LESSON_TITLE = 80, LESSON_FOUND = 32, LESSON_FOUND_TEXT = 128, LESSON_JUDGED_TEXT = 240 };

// What a command of this step led to, and what that said about predictions.
struct lesson_found {
	unsigned item;
	enum role role, judged_role;
	char text[LESSON_FOUND_TEXT], judged[LESSON_JUDGED_TEXT]; // "" for nothing
};

struct lesson_view {
	const struct lesson_state *state; // lent by the player; NULL: no lesson is open
	const char *next_name;            // the lesson that is offered at the end, NULL for none
	char next_title[LESSON_TITLE];
	enum view_id view; // where it is played
	bool away;         // the learner explores; the lesson waits
	bool compares;     // two walks stand in the place of the one
	unsigned nfound;
	struct lesson_found found[LESSON_FOUND]; // of this step
	char trouble[COMMAND_ERROR];             // why it does not go on, "" for no trouble
	unsigned typed;                          // of a question about a step: the number that is being typed
	unsigned seen;                           // lines that were on the screen before the last change
	struct {
		enum lesson_want what;
		unsigned number;
		char name[LESSON_NAME];
	} want;
};

#endif
