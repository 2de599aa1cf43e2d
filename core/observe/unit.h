// SPDX-License-Identifier: GPL-3.0-or-later
// The systemd unit and the container that a process belongs to, by its control group. libsystemd says so; it is loaded
// when it is first asked, so that nothing else pays for it.
#ifndef BINDWALK_UNIT_H
#define BINDWALK_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/model/sock_list.h" // UNIT_TEXT

// Can it be asked? If not, why, in words.
bool unit_can_tell(const char **why);
// "sshd.service"; "" if there is none or it is unknown. For a user's own service manager: its unit.
void unit_of(pid_t pid, char unit[static UNIT_TEXT]);
// "docker 1a2b3c4d5e6f", or a machine's name; "" for none. `unit` comes from unit_of().
void container_of(pid_t pid, const char *unit, char container[static UNIT_TEXT]);

#endif
