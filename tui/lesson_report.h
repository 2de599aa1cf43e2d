// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk lesson report DIR`: the progress of a class as a table.
#ifndef BINDWALK_LESSON_REPORT_H
#define BINDWALK_LESSON_REPORT_H

#include <stdbool.h>

#include "core/command/exit_status.h"
#include "core/text/row_print.h"

// EXIT_OK; EXIT_WRONG where the folder holds no progress.
enum exit_status lesson_report_print(const char *path, bool json, struct report_style style);

#endif
