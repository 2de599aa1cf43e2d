// SPDX-License-Identifier: GPL-3.0-or-later
// How a thread, or a signal handler, wakes another one up.
#ifndef BINDWALK_WAKE_H
#define BINDWALK_WAKE_H

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

// Makes an eventfd readable: one that is full is so already. Leaves errno alone.
static inline void wake(int eventfd)
{
	const int saved = errno;
	const uint64_t one = 1;
	while (write(eventfd, &one, sizeof one) < 0 && errno == EINTR)
		continue;
	errno = saved;
}

#endif
