// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that were typed, in $XDG_STATE_HOME/bindwalk/history, and for each other kind of prompt in a file of its own:
// for the user alone (mode 0600), appended to, and never a reason to fail.
#ifndef BINDWALK_HISTORY_H
#define BINDWALK_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

enum history_id { HISTORY_COMMANDS, HISTORY_ADDRESSES, HISTORY_PORTS, HISTORY_DEVICES, HISTORY_COUNT };

// Can the files be used, or made? False with a sentence in err; then lines are kept until the end only.
bool history_check(char *err, size_t errlen);
// Gives readline this history, read from its file when it is used first; before, it has that of the commands.
void history_use(enum history_id id);
// Forgets all that was read.
void history_forget(void);
// Reads the newest lines into readline's history.
void history_load(void);
// Adds a line to readline's history and to the file, but not the same one twice in a row.
void history_keep(const char *line);

#endif
