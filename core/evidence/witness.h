// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel as witness while our own bind runs: by BPF its functions with their return values, and by its stock
// tracepoints its FIB lookups. Both are of this thread only, switch nothing on in tracefs and leave nothing behind,
// however the program ends.
#ifndef BINDWALK_WITNESS_H
#define BINDWALK_WITNESS_H

#include "core/evidence/trial.h"

enum { SEEN_LOOKUPS = 4, POINTS_ERROR = 320, WITNESS_ERROR = WITNESSED_WHY + POINTS_ERROR };

// One fib_table_lookup() of the kernel.
struct seen_lookup {
	uint32_t table;
	int err;         // 0 a route was found; -EAGAIN none or throw, -EINVAL blackhole, -EHOSTUNREACH, -EACCES
	uint32_t dst;    // host order
	char device[16]; // the found route's, "" for none
};

// What happened between the entry and the return of the trial's last bind(), on this thread and not in an interrupt.
struct seen {
	unsigned binds;    // how often bind() was called; with 0 all else is empty
	bool points;       // the tracepoints were watched; else what follows is empty, up to `inner`
	bool bind_known;   // the system call's own tracepoints spoke, and give
	long bind_ret;     // what it returned: 0 or -errno
	unsigned lookups4; // IPv4 lookups for the attempt's address; the first ones are kept
	struct seen_lookup lookups[SEEN_LOOKUPS];
	unsigned others4; // IPv4 lookups for any other address, say where a hook rewrote it
	bool lookups6_known;
	unsigned lookups6;      // IPv6 lookups for any address
	unsigned lost;          // not 0: records had no room, or did not come; the numbers above are too small
	struct witnessed inner; // the functions that ran; where there are none, why
};

struct witness;

// BPF needs CAP_BPF and CAP_PERFMON, or root. Tracepoints need CAP_PERFMON or root, and tracefs, which is read through
// a mount of our own that nobody else sees where there is none. Only the binds of the calling thread are seen, in
// whichever network namespace it is then. 0 where one of the two can be had; else -errno with a sentence that says what
// each of them lacks and how to get it.
int witness_open(struct witness **out, char *err, size_t errlen);
void witness_close(struct witness *w);
// Why it does not see what functions return, a sentence without a period; "" where it does.
const char *witness_without(const struct witness *w);
// Can the tracepoints be had? 0, or -errno with the sentence.
int witness_points(char *err, size_t errlen);

// As trial_run(), and says in `seen` what the kernel did. -ESRCH in another thread than the one that opened the
// witness.
int witness_trial(struct witness *w, const struct attempt *a, const struct caller *c, struct trial *out,
		  struct seen *seen);

#endif
