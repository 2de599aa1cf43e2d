// SPDX-License-Identifier: GPL-3.0-or-later
// What a talk has besides the lesson that it is (tui/lesson_view.h). Pure.
#ifndef BINDWALK_STAGE_VIEW_H
#define BINDWALK_STAGE_VIEW_H

#include <stdbool.h>

struct stage_view {
	bool title;      // its title is on the screen: the first key begins it
	unsigned passes; // 2: this key gave no answer, 1: the last one; a second one passes the question over
};

#endif
