// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's stock tracepoints that speak of binds: the system call's beginning and end, and the FIB lookups.
#ifndef BINDWALK_BIND_POINTS_H
#define BINDWALK_BIND_POINTS_H

#include "core/evidence/tracepoint.h"

enum bind_point { POINT_FIB4, POINT_FIB6, POINT_ENTER, POINT_EXIT, BIND_POINTS };

struct bind_points {
	unsigned have; // a set of 1 << enum bind_point
	struct tracepoint points[BIND_POINTS];
	const struct trace_field *type, *flags, *thread, *fd, *addrlen, *ret, *table, *err, *dst, *name;
};

// Reads what tracefs says of them. Those that are not in `needed` may be missing. 0, or -errno with a sentence that
// says what is missing and how to get it.
int bind_points_read(struct bind_points *out, unsigned needed, char *err, size_t errlen);
const char *bind_point_name(enum bind_point p); // as tracefs has it: "fib/fib_table_lookup"

// What a record says.
struct bind_trace {
	enum bind_point point; // BIND_POINTS: of another tracepoint
	bool interrupted;      // an interrupt came upon that thread: it is not its own doing
	uint32_t thread;       // as the host counts
	int fd, addrlen;       // POINT_ENTER: as passed
	long ret;              // POINT_EXIT: 0 or -errno
	uint32_t table, dst;   // POINT_FIB4: the destination in host order,
	int err;               // 0 a route was found; -EAGAIN none or throw, -EINVAL blackhole, -EHOSTUNREACH, -EACCES
	char device[16];       // the found route's, "" for none
};

// False where the record does not hold what it should.
bool bind_points_take(const struct bind_points *p, const void *record, size_t len, struct bind_trace *out);

#endif
