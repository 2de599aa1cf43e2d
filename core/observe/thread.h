// SPDX-License-Identifier: GPL-3.0-or-later
// How we start threads beside the one that has the terminal.
#ifndef BINDWALK_THREAD_H
#define BINDWALK_THREAD_H

#include <pthread.h>

// Signals from outside stay with the first thread. A fault in the new thread reaches the process's handler, on a stack
// of its own. `name` has at most 15 bytes; ps shows it. 0 or -errno.
int thread_start(pthread_t *out, const char *name, void *(*run)(void *), void *data);

#endif
