// SPDX-License-Identifier: GPL-3.0-or-later
// Where lessons are played without a screen: a lab by a lesson's recipe, and a session in it.
#ifndef BINDWALK_LESSON_PLACE_H
#define BINDWALK_LESSON_PLACE_H

#include "core/change/editor.h"
#include "core/command/session.h"

struct lesson_place {
	struct session session;
	struct editor *editor;
	bool open;
};

// A fresh lab in the place of the one that was there, and a session at its beginning. The process of one thread moves
// there for good. 0, or -errno with the cause and the remedy in err. Begins zeroed.
int lesson_place_open(struct lesson_place *p, const char *recipe, char *err, size_t errlen);
// What was opened is closed; the process stays in its lab.
void lesson_place_close(struct lesson_place *p);

#endif
