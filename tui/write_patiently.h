// SPDX-License-Identifier: GPL-3.0-or-later
// Output that waits for a slow reader, but not past a signal that asks for an end: a traced program that waits for us
// could not act on it.
#ifndef BINDWALK_WRITE_PATIENTLY_H
#define BINDWALK_WRITE_PATIENTLY_H

#include <stddef.h>

// 0; -EINTR: it was given up, since such a signal came (hand_on_catch()); or -errno. Part of it may have been written.
int write_patiently(int fd, const char *text, size_t len);

#endif
