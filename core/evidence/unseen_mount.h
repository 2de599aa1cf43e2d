// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's file systems where they are not mounted.
#ifndef BINDWALK_UNSEEN_MOUNT_H
#define BINDWALK_UNSEEN_MOUNT_H

// A read-only mount of that type that hangs at no directory: it changes neither the system nor this process, nobody
// sees it, and it goes away with the descriptor. The descriptor, or -errno.
int unseen_mount(const char *type);

#endif
