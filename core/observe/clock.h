// SPDX-License-Identifier: GPL-3.0-or-later
// The clock of deadlines and waits.
#ifndef BINDWALK_CLOCK_H
#define BINDWALK_CLOCK_H

#include <stdint.h>
#include <time.h>

// Milliseconds since some moment in the past; never goes back.
static inline int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
