// SPDX-License-Identifier: GPL-3.0-or-later
// The explorer's lab as the ground of a lesson.
#ifndef BINDWALK_LESSON_LAB_H
#define BINDWALK_LESSON_LAB_H

#include "tui/explorer_impl.h"

struct lesson_ground lesson_lab(struct explorer *s);

// The recording of the session gets what the lesson has said until now.
void lesson_lab_record(struct explorer *s);

#endif
