// SPDX-License-Identifier: GPL-3.0-or-later
// Threads of ours, beside the one that has the terminal.
#ifndef BINDWALK_THREAD_H
#define BINDWALK_THREAD_H

#include <pthread.h>

// Starts one. Signals from outside are the first thread's; a fault reaches the process's handler in the thread that made it, on a
// stack of its own. `name`, of at most 15 bytes, is what ps shows. 0 or -errno.
int thread_start(pthread_t *out, const char *name, void *(*run)(void *), void *data);

#endif
