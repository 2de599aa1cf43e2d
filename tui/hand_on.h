// SPDX-License-Identifier: GPL-3.0-or-later
// Signals that somebody sends to Bindwalk while it runs a command: they are for the command. What the terminal sends
// reaches the command without us.
#ifndef BINDWALK_HAND_ON_H
#define BINDWALK_HAND_ON_H

#include <stdbool.h>
#include <sys/types.h>

enum hand_on {
	HAND_ON,         // to the process that hand_on_to() names
	HAND_ON_TRACED,  // likewise; and it stops before we do: see hand_on_stop()
	HAND_ON_OUTSIDE, // likewise, but a signal that is not the terminal's is our end
	HAND_ON_NONE     // each is our end
};

// From now on. `end` may be called in a signal handler, of any thread.
void hand_on_catch(enum hand_on how, void (*end)(void));
// 0: to nobody.
void hand_on_to(pid_t process);
// In the child that becomes the command: as they were before, with those that Bindwalk ignores everywhere.
void hand_on_forget(void);

// The command has stopped by that signal: so do we, for the shell that waits for us, and go on when it says so. False:
// the command is in a process group of its own, so that the shell does not see to it.
bool hand_on_stop(int sig);

// Readable once a signal came that asks for an end, until hand_on_clear(); -1 before hand_on_catch().
int hand_on_fd(void);
void hand_on_clear(void);

#endif
