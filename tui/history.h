// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that were typed, in $XDG_STATE_HOME/bindwalk/history: for the user alone (mode 0600), appended to, and never a
// reason to fail.
#ifndef BINDWALK_HISTORY_H
#define BINDWALK_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

// Can the file be used, or made? False with a sentence in err; then lines are kept until the end only.
bool history_check(char *err, size_t errlen);
// Reads the newest lines into readline's history.
void history_load(void);
// Adds a line to readline's history and to the file, but not the same one twice in a row.
void history_keep(const char *line);

#endif
