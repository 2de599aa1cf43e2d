// SPDX-License-Identifier: GPL-3.0-or-later
// Signals that somebody sends to Bindwalk while it runs a command: they are for the command.
#ifndef BINDWALK_HAND_ON_H
#define BINDWALK_HAND_ON_H

#include <sys/types.h>

// From now on such a signal goes to the process that hand_on_to() names, or to `end`, where that is not NULL; what the
// terminal sends reaches the command without us.
void hand_on_catch(void (*end)(void));
// 0: to nobody.
void hand_on_to(pid_t process);
// In the child that becomes the command: as they were before.
void hand_on_forget(void);

#endif
