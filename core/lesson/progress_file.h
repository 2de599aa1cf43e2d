// SPDX-License-Identifier: GPL-3.0-or-later
// The learner's own progress, in $XDG_STATE_HOME/bindwalk/progress: for them alone, and never a reason to stop a
// lesson.
#ifndef BINDWALK_PROGRESS_FILE_H
#define BINDWALK_PROGRESS_FILE_H

#include "core/lesson/progress.h"

enum { PROGRESS_ERROR = 512 };

// Appends an event, dated now if it has no date. It is written at once and whole, so that no way to end the program
// loses it, and two programs never mix their lines. 0, or -errno with a sentence in err.
int progress_append(const struct progress_event *e, char *err, size_t errlen);
// Reads all. 0, also where there is no file yet; -errno with a sentence in err, and nothing in *out. Free it.
int progress_load(struct progress *out, char *err, size_t errlen);

#endif
