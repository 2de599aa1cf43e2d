// SPDX-License-Identifier: GPL-3.0-or-later
// Errors about a line, on standard error.
#ifndef BINDWALK_LINE_ERROR_H
#define BINDWALK_LINE_ERROR_H

#include "core/command/session.h"

// "NAME:NUMBER:COLUMN: sentence", the line, and a caret under the place. Without a name the line was typed just above:
// only the sentence, and where there is a column, the line and the caret.
void line_error_print(const char *name, unsigned number, const char *line, const struct session_error *error);

#endif
