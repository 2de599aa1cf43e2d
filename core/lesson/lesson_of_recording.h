// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a lesson to be played: its words, and each change and bind as a command, which its frame carries out.
// Pure.
#ifndef BINDWALK_LESSON_OF_RECORDING_H
#define BINDWALK_LESSON_OF_RECORDING_H

#include "core/lesson/lesson.h"
#include "core/record/recording.h"

// The texts are lent by the recording; an item's line is the number of its frame, from 1. What is more than a lesson
// holds is left out, and the last words say so. 0 or -ENOMEM; lesson_free() it.
int lesson_of_recording(struct lesson *out, const struct recording *r);

#endif
