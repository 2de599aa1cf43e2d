// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for the kernel to settle what was just made.
#ifndef BINDWALK_LAB_AWAIT_H
#define BINDWALK_LAB_AWAIT_H

// Waits, a minute at most, until the kernel has settled that a veth interface is up.
void lab_await_up(const char *name);

#endif
