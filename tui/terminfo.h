// SPDX-License-Identifier: GPL-3.0-or-later
// The terminal's description, which curses opens itself.
#ifndef BINDWALK_TERMINFO_H
#define BINDWALK_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>

// Before curses looks for it: false, with a sentence in err, where a place of the user's has a FIFO or a device instead
// of a file, on which curses would wait for ever.
bool terminfo_check(const char *type, char *err, size_t errlen);

#endif
