// SPDX-License-Identifier: GPL-3.0-or-later
// The words of lessons in a script: what is said is printed, and a check stops where it does not hold. A lesson is
// played by core/lesson.
#ifndef BINDWALK_SESSION_LESSON_H
#define BINDWALK_SESSION_LESSON_H

#include "core/command/job.h"

enum exit_status job_lesson(struct job *r);
// Is the line behind `since` or `before` one for this kernel?
bool job_is_for_kernel(const struct job *r);
// Is the argument of `step` a title?
bool job_is_title(const struct job *r);

#endif
