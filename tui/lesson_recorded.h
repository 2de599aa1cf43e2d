// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as the ground of a lesson: where no lab can be had, what the kernel answered once is shown. Commands that
// need no kernel are carried out as in a lab.
#ifndef BINDWALK_LESSON_RECORDED_H
#define BINDWALK_LESSON_RECORDED_H

#include "tui/explorer_impl.h"

// The recording is the explorer's (replay_begin()); the lines of the lesson's items are those of its frames.
struct lesson_ground lesson_recorded(struct explorer *s);

// Plays the lesson that the explorer's recording is of; NULL: the recording itself, frame by frame.
void lesson_recorded_play(struct explorer *s, const char *lesson);

#endif
