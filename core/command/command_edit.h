// SPDX-License-Identifier: GPL-3.0-or-later
// The changes of a namespace that a parsed command asks for. Pure.
#ifndef BINDWALK_COMMAND_EDIT_H
#define BINDWALK_COMMAND_EDIT_H

#include "core/change/edit.h"
#include "core/command/command.h"

enum { COMMAND_EDITS = 2 }; // `link set` may be about two things

// For calls of commands for which command_changes() is true. How many changes; -ENODATA for a sysctl without a value,
// with its name in out[0]; -EINVAL; the latter two with a sentence in err.
int command_edits(const struct command_call *call, struct edit out[static COMMAND_EDITS], char *err, size_t errlen);

// The same from a line: 1 or COMMAND_EDITS, -EINVAL for any other command. An edit_reader.
int command_edit_line(const char *line, struct edit out[static COMMAND_EDITS], char *err, size_t errlen);

#endif
