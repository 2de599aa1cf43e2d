// SPDX-License-Identifier: GPL-3.0-or-later
// What the path of a control group says: the systemd unit, and the container. Paths stand below the root of the
// hierarchy, and are raw bytes. Pure.
#ifndef BINDWALK_CGROUP_PATH_H
#define BINDWALK_CGROUP_PATH_H

#include <stdbool.h>

#include "core/model/sock_list.h" // UNIT_TEXT

// "/system.slice/ssh.service" is ssh.service's, as sd_pid_get_unit(3) reads it. Of a user's own service manager it is
// that one's unit. False, and "", where it is none.
bool cgroup_path_unit(const char *path, char unit[static UNIT_TEXT]);
// "docker 1a2b3c4d5e6f": where a container engine made the group, with systemd or without. False, and "", for none.
bool cgroup_path_container(const char *path, char container[static UNIT_TEXT]);
// The same where only its unit is known.
bool cgroup_unit_container(const char *unit, char container[static UNIT_TEXT]);

#endif
