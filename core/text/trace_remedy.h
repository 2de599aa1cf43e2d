// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies for those who run a program, in its own spelling where it has one. Pure.
#ifndef BINDWALK_TRACE_REMEDY_H
#define BINDWALK_TRACE_REMEDY_H

#include "core/model/remedy_order.h"
#include "core/model/trace_summary.h"
#include "core/text/report.h"

// Whose bind was refused.
struct trace_owner {
	const struct trace_program *program;
	const char *unit; // "": none
};

// One remedy: "nginx: listen ... ipv6only=on  (set IPV6_V6ONLY on the socket)". Stands behind what the row has.
void trace_remedy_add(const struct remedy_choice *c, const struct trace_owner *o, struct row *out);
// At most so many of them, a row after the other: each with how to keep it, the obstacle that is left behind those that
// leave one. 0: all. `none`: why there are none, or NULL.
void trace_remedy_rows(const struct remedy *all, unsigned n, const char *none, const struct trace_owner *o,
		       unsigned most, report_line *put_row, void *data);

#endif
