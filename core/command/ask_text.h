// SPDX-License-Identifier: GPL-3.0-or-later
// A question of a script or a lesson: `ask TEXT [CHOICE...]`. Without choices it asks for nothing but Enter. Pure.
#ifndef BINDWALK_ASK_TEXT_H
#define BINDWALK_ASK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/command/command.h"
#include "core/model/walk.h"

enum { ASK_TEXT = 512, ASK_CHOICES = 9, ASK_WORD = 32 };

enum ask_judge {
	ASK_NOBODY, // no choices
	ASK_KERNEL, // each choice is an outcome of bind(): ok, binds, refused, an errno, a code
	ASK_STEP,   // [step]: which step ends it? The answer is the number of a step, and the kernel judges
	ASK_AUTHOR  // one choice is marked as right
};

struct ask {
	char text[ASK_TEXT]; // without the choices and without quotes around it
	enum ask_judge judge;
	unsigned nchoices;
	char choice[ASK_CHOICES][ASK_WORD];
	unsigned right; // for ASK_AUTHOR
};

// Reads the argument of `ask`. 0, or -EINVAL with a sentence in err; *at is the byte of text that it is about.
int ask_parse(const char *text, struct ask *out, char *err, size_t errlen, size_t *at);

// Did bind() end with this outcome ("ok", "binds", "refused", an errno, a code)? For a walk that was observed.
bool ask_outcome_is(const struct walk *w, const char *outcome);

enum { CHECK_WANTED = 1, CHECK_WANTS = 3, CHECK_PROTO = CHECK_WANTED + CHECK_WANTS }; // parameters of `check`
// The first outcome of a `check` that the walk has not, and its parameter; NULL when the walk has all of them.
const char *check_unmet(const struct command_call *check, const struct walk *w, int *param);

#endif
