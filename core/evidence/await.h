// SPDX-License-Identifier: GPL-3.0-or-later
// Waits until a bind succeeds, and reports the events meanwhile. The kernel's own announcements wake it: links,
// addresses, routes, rules, sysctls, and sockets that are gone. Now and then it checks
// whatever has none (TIME_WAIT, a kernel's socket, hooks, a sysctl written through another mount of /proc).
#ifndef BINDWALK_AWAIT_H
#define BINDWALK_AWAIT_H

#include "core/evidence/evidence.h"

// The callbacks. `ms` counts from the beginning of the wait.
struct await_out {
	// Something happened that concerns the bind: "192.0.2.7/24 was added to eth0".
	void (*happened)(void *data, int64_t ms, const char *what);
	// The verdict changed: in->walk.
	void (*turned)(void *data, int64_t ms, const struct inquiry *in);
	void *data;
};

// Follows the host from now on (observe_follow()), and tries the attempt at once, then each time that something
// changes. `limit`: milliseconds, -1 for as long as it takes. 1: the bind succeeds; 0: timeout; *waited
// milliseconds have passed. Else -errno with a sentence in err. in->walk is the last one.
int await_bind(struct observer *o, struct inquiry *in, const struct attempt *a, const struct evidence_how *how,
	       int64_t limit, const struct await_out *out, int64_t *waited, char *err, size_t errlen);

#endif
