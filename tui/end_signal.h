// SPDX-License-Identifier: GPL-3.0-or-later
// SIGTERM, SIGHUP and SIGINT end the program, but not before it has undone what it changed on a host.
#ifndef BINDWALK_END_SIGNAL_H
#define BINDWALK_END_SIGNAL_H

#include <stdbool.h>

// From here to end_signal_release() they wait.
void end_signal_hold(void);
// Ends the process by the signal, as whoever waits for it expects; by one that came meanwhile; or, with 0 and without
// such a one, returns.
void end_signal_release(int sig);

// They are noted: what is being read or waited for breaks off. With `interrupt` SIGINT as well. `fd` is what is read,
// which has nothing more to give from the signal on, unless it is a terminal: one that comes just before a read would
// not end that.
void end_signal_note(bool interrupt, int fd);
// The one that was noted, 0 for none.
int end_signal_noted(void);

#endif
