// SPDX-License-Identifier: GPL-3.0-or-later
// The binds of a file that a watch wrote.
#ifndef BINDWALK_WATCH_FILE_H
#define BINDWALK_WATCH_FILE_H

#include "tui/watch_tell.h"

// "-" is standard input. The exit status: 2 where a line is not a bind, or there is no such file.
int watch_file(const struct watch_wish *wish, const char *path);

#endif
