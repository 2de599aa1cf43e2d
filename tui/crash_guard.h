// SPDX-License-Identifier: GPL-3.0-or-later
// The terminal survives us: after a crash it is put back by bytes that were prepared before, and what is written to
// standard error while the screen is ours is shown afterwards.
#ifndef BINDWALK_CRASH_GUARD_H
#define BINDWALK_CRASH_GUARD_H

// Remembers the modes of the terminal on fd. Call before curses changes them.
void crash_guard_remember(int fd);
// After curses started: prepares the bytes, catches SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT, keeps standard error
// back where it is a terminal. Handlers that were there before (a sanitizer's) run after ours.
void crash_guard_start(void);
// Prints what was kept back. Call after curses has ended.
void crash_guard_stop(void);

#endif
