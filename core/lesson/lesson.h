// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson: what a script in the words of lessons says, as steps and items. Stage files and challenges are lessons too.
// Pure.
#ifndef BINDWALK_LESSON_H
#define BINDWALK_LESSON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/command/ask_text.h"
#include "core/command/command.h"

enum { LESSON_STEPS = 64, LESSON_ITEMS = 1024, LESSON_HINTS = 3, LESSON_LIMIT = 256 << 10 /* bytes of a file */ };

enum item_kind {
	ITEM_SETUP, // a command that is carried out silently
	ITEM_SAY,
	ITEM_DO, // a command that is shown, and carried out when the learner says so
	ITEM_ASK,
	ITEM_HINT,
	ITEM_SOLUTION, // a command of the way to the goal
	ITEM_CHECK,    // text is the whole command: "check ..."
	ITEM_NOTE
};

struct lesson_item {
	enum item_kind kind;
	unsigned line;    // of the file
	const char *text; // without the word that makes the kind, and without quotes around it
};

struct lesson_step {
	const char *title;
	unsigned line;
	unsigned first, n; // its items
	bool is_task;      // it has a check and no `do`: the learner finds the way
};

struct lesson {
	const char *name;                                     // lent: what errors and progress call it
	const char *title, *goal, *done, *read, *lab, *needs; // "" where the file has none; lab is "host" then
	unsigned minutes;                                     // 0: not said
	unsigned nitems, nsteps;
	unsigned nsetup; // items before the first step
	struct lesson_item items[LESSON_ITEMS];
	struct lesson_step steps[LESSON_STEPS];
	char *own; // memory of the texts
};

// A lesson must have a title and a step. Where an error is in the file is told by line and column (bytes from 0).
struct lesson_error {
	char text[COMMAND_ERROR];
	unsigned line; // 0: about the file as a whole
	size_t column;
	bool has_column;
};

// Reads a lesson for a kernel: lines after `since` and `before` count or not. `release` is as in uname -r, NULL for the
// newest. 0; -EINVAL with the first error; -ENOMEM. Free it in either case.
int lesson_read(struct lesson *out, const char *name, const char *text, size_t len, const char *release,
		struct lesson_error *error);
void lesson_free(struct lesson *l);

// Item n of those before the step (lesson->nsteps: all) that a straight way carries out: set-up, `do`, and of a task
// its solution. *at is 0 at first. NULL after the last.
const struct lesson_item *lesson_before(const struct lesson *l, unsigned step, unsigned *at);
// The step that an item belongs to; that of set-up before the first step is 0.
unsigned lesson_step_of(const struct lesson *l, unsigned item);
// The question of an item. False for one that is none, and for NULL.
bool lesson_read_ask(const struct lesson_item *item, struct ask *out);
// Hint n of a step, from 0; NULL for none.
const char *lesson_hint(const struct lesson *l, unsigned step, unsigned n);

#endif
