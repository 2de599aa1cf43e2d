// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk lesson check FILE`: the texts by their rules, on every kernel that they differ for, and a straight play
// here.
#ifndef BINDWALK_LESSON_CHECK_H
#define BINDWALK_LESSON_CHECK_H

#include <stdbool.h>

#include "core/command/exit_status.h"
#include "core/text/row_print.h"

// EXIT_OK; EXIT_REFUSED for complaints; EXIT_WRONG for what is not a lesson.
enum exit_status lesson_check_file(const char *path, bool json, struct report_style style);

#endif
