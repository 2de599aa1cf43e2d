// SPDX-License-Identifier: GPL-3.0-or-later
// The files that a command in a lab sees.
#ifndef BINDWALK_LAB_MOUNTS_H
#define BINDWALK_LAB_MOUNTS_H

#include <stddef.h>

// Gives the calling process's own mount namespace what belongs to its network and PID namespaces (/proc, /sys), a few
// devices and an empty /run, and makes all else read-only: except the current directory, $HOME, $TMPDIR, /tmp and
// /var/tmp, but not other file systems mounted beneath them. 0, with a remark or "" in why; or -errno with
// what was refused.
int lab_mounts(char *why, size_t whylen);

#endif
