// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson or a talk by what a user calls it: a name that the program brings, or a file.
#ifndef BINDWALK_LESSON_OPEN_H
#define BINDWALK_LESSON_OPEN_H

#include "core/lesson/lesson.h"

// Reads it for the running kernel. A name counts before a file of that name; a path with a slash is a file. 0; -ENOENT
// where there is neither, -EINVAL where the text is wrong, or another -errno: with error->text as a whole sentence
// ("demo.stage:17:4: ..."). The lesson is free()d by lesson_free() in either case; `name` must outlive it.
int lesson_open(struct lesson *out, const char *name, struct lesson_error *error);
// The same for another kernel's release; NULL: the running one.
int lesson_open_for(struct lesson *out, const char *name, const char *release, struct lesson_error *error);

#endif
