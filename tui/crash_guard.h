// SPDX-License-Identifier: GPL-3.0-or-later
// The terminal survives us: however the program ends, it is put back by bytes and modes that were prepared before, and
// text written to standard error while the screen is ours appears afterwards.
#ifndef BINDWALK_CRASH_GUARD_H
#define BINDWALK_CRASH_GUARD_H

#include <stdbool.h>

// Before curses or readline changes the modes of the terminals on standard input and standard output: remembers them,
// and catches all signals that end the program, SIGINT only with `interrupt`. With `screen` it also prepares the bytes
// that end curses' screen, and keeps standard error back where it is a terminal.
void crash_guard_start(bool screen, bool interrupt);
// After curses or readline has ended. Where a signal cut its last words off, they are said now. Prints what was kept
// back.
void crash_guard_stop(void);

#endif
