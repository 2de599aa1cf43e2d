// SPDX-License-Identifier: GPL-3.0-or-later
// The signals that end the program. An orderly end first undoes what was changed on a host; nobody who does not read,
// and nobody who does not type, holds it up.
#ifndef BINDWALK_END_SIGNAL_H
#define BINDWALK_END_SIGNAL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

enum end_way {
	END_NOT,     // it does not end the program
	END_ORDERLY, // it is noted, the program comes to its end and then dies by it
	END_AT_ONCE  // it tells of a fault: the terminal is restored, and the program dies by it, with a core dump
};

enum end_way end_signal_way(int sig);

// From now on catches them all, but for those that were ignored when the program started, as nohup and & do. With
// `interrupt` SIGINT as well, else it is left as it is. `restore` (NULL for nothing) runs in the handler of a fault, in
// whichever thread it happens.
void end_signal_catch(bool interrupt, void (*restore)(void));
// The same, after somebody else has installed handlers.
void end_signal_catch_again(void);
// Faults are no longer caught. Orderly ends are noted until end_signal_release().
void end_signal_stop_restoring(void);
// Once an end was noted this descriptor is as good as /dev/null: who waits to read from it or to write to it wakes up,
// and nobody waits again. So is standard error, always; see end_signal_say(). For three descriptors at most.
void end_signal_cut(int fd);
// Call it before closing the descriptor: its number may be reused.
void end_signal_spare(int fd);
// The one that was noted, 0 for none.
int end_signal_noted(void);

// From here to end_signal_release() the orderly ones wait, but for the time of a wait that lets them in.
void end_signal_hold(void);
// Lets them in; `before` gets the mask that sigprocmask() sets again.
void end_signal_let_in(sigset_t *before);
// Takes them out of a mask, for ppoll().
void end_signal_unmask(sigset_t *mask);
// Ends the process by the signal, as whoever waits for it expects; with 0 by the one that was noted; without such a one
// returns.
void end_signal_release(int sig);

// Writes what fits without waiting, whoever else has the descriptor. Returns how many bytes. For handlers as well.
size_t end_signal_write_now(int fd, const char *bytes, size_t len);
// Writes to standard error: waits for a slow reader, but not past the end.
void end_signal_say(const char *bytes, size_t len);

#endif
