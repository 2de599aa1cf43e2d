// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that waits. Signals are blocked everywhere else, so that a handler runs only inside ppoll() and nothing
// is missed between looking at a flag and waiting. No timer of its own: an idle explorer never wakes up.
#ifndef BINDWALK_LOOP_H
#define BINDWALK_LOOP_H

#include <signal.h>
#include <stdbool.h>

enum loop_event {
	LOOP_INPUT = 1,
	LOOP_HOST = 2,
	LOOP_RESIZE = 4,
	LOOP_SUSPEND = 8, // SIGTSTP from outside
	LOOP_CONTINUE = 16,
	LOOP_END = 32,    // end_signal_noted()
	LOOP_HANGUP = 64, // the terminal is gone
	LOOP_OWNERS = 128,
	LOOP_TICK = 256,   // nothing else came in time
	LOOP_GONE = 512,   // a socket on the port is gone
	LOOP_SOCKS = 1024, // the sockets were read
	LOOP_NOTES = 2048, // somebody wants the notes of the talk
	LOOP_WATCH = 4096, // the watch of binds is on, off or refused
	LOOP_BINDS = 8192, // it has seen some
	LOOP_WALK = 16384, // the walk of one is done
	LOOP_TRACE = 32768 // something came of the program that is traced
};

struct loop {
	sigset_t outside; // the mask while waiting
	int tty;
	int host, owners, gone, socks, notes, watch, binds, walk, trace; // -1 for none
};

// Blocks the signals and installs the handlers. Before threads are started, so that they inherit the mask.
void loop_open(struct loop *l, int tty);
void loop_close(struct loop *l);
// In a child that becomes another program: signals are as they were before loop_open().
void loop_before_exec(void);
// Waits no longer for anything but the terminal and signals.
void loop_forget(struct loop *l);
// Waits for at least one event, or so many milliseconds (-1: without end); returns bits of enum loop_event.
unsigned loop_wait(struct loop *l, int timeout_ms);
// Stops this process as SIGTSTP does, and returns when it goes on.
void loop_stop_here(struct loop *l);

#endif
