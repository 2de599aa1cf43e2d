// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk lesson list`: the lessons that the program brings, with the learner's progress.
#ifndef BINDWALK_LESSON_INDEX_H
#define BINDWALK_LESSON_INDEX_H

#include <stdbool.h>

#include "core/command/exit_status.h"
#include "core/text/row_print.h"

enum exit_status lesson_index_print(bool json, struct report_style style);

#endif
