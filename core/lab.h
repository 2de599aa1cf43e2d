// SPDX-License-Identifier: GPL-3.0-or-later
// A private network namespace: everything may be changed in it, and nothing of the host is touched.
#ifndef BINDWALK_LAB_H
#define BINDWALK_LAB_H

#include <stdbool.h>
#include <stddef.h>

enum { LAB_ERROR = 512 }; // bytes that hold any of the errors

// Moves the calling process (of one thread) into a new network namespace; as an ordinary user into a new user namespace too,
// with its own uid mapped to root. `lo` is up; a veth interface eth0 stands in it with 192.0.2.2/24, 2001:db8::2/64 and
// fe80::2/64, none of them tentative; its peer, up as well, is in a second namespace that lives as long as the process.
// All or nothing: after a failure the process is where it was. 0, or -errno with the cause and the remedy in err.
int lab_enter(char *err, size_t errlen);

// The same without any interface or address: lo is down, no table exists.
int lab_enter_empty(char *err, size_t errlen);

bool lab_is_entered(void);

// Why a namespace was refused with errno `err` (positive), and what to do: reads what the system says about it from files
// under `root` ("" for this system's). Returns buf.
char *lab_refusal(const char *root, int err, char *buf, size_t len);

#endif
