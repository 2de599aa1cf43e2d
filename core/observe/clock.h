// SPDX-License-Identifier: GPL-3.0-or-later
// Clocks: of deadlines and waits, of events, and of the wall.
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

// Nanoseconds: of CLOCK_REALTIME since 1970, of CLOCK_MONOTONIC since some moment in the past.
static inline int64_t clock_ns(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// By how many seconds local time was ahead of UTC then (seconds since 1970); 0 where that is not known.
static inline int32_t clock_east(time_t when)
{
	struct tm tm;
	return localtime_r(&when, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

#endif
