// SPDX-License-Identifier: GPL-3.0-or-later
// The recordings of lessons and talks that the program brings, for where no lab can be had: files of help/recordings/
// compiled in. Pure.
#ifndef BINDWALK_LESSON_RECORDING_H
#define BINDWALK_LESSON_RECORDING_H

#include "core/lesson/lesson.h"
#include "core/record/recording.h"

// Of the lesson with that name (listed_lesson.name). 0 and a recording that the caller frees; -ENOENT if it has none;
// -ENOMEM.
int lesson_recording(const char *name, struct recording *out);

// The frames that a line of the lesson led to, from frame `from` on: the last of them, or SIZE_MAX for none. A line may
// lead to more than one.
size_t lesson_recording_find(const struct recording *r, size_t from, unsigned line);

#endif
