// SPDX-License-Identifier: GPL-3.0-or-later
// What was witnessed of a walk: what the kernel's functions returned, which did not run, and which nobody can watch.
// Pure.
#ifndef BINDWALK_REPORT_CALLS_H
#define BINDWALK_REPORT_CALLS_H

#include "core/model/facts.h"
#include "core/model/walk_inner.h"
#include "core/text/rows.h"

// How much stands behind the word "kernel".
enum telling {
	TELLING_LEAST, // that a step's function did not run, where the walk does not come to the step
	TELLING_VALUE, // " = 1", ": not run"
	TELLING_WHOLE  // ": inet_addr_type_table() = 1 RTN_UNICAST"
};
// Appends at the right edge what the witness says of a step; nothing where it is silent.
void report_telling(const struct walk *w, unsigned step, enum telling how, struct row *out);

// Appends all calls of a step without their arguments, "__inet_bind(), inet_bind() = -99 EADDRNOTAVAIL"; or what did
// not run at a step that the walk comes to or passes by. False, and the row is as it was, where there is nothing to
// say.
bool report_calls(const struct walk *w, unsigned step, struct row *out);

// Line n of a step's details: each call with its arguments in `width` columns, how often one ran that ran often, what
// did not run, what could not be watched. False after the last line.
bool report_call_line(const struct facts *f, const struct walk *w, unsigned step, unsigned width, unsigned n,
		      struct row *out);

// Line n of what stayed unseen in this walk, each with its reason: all return values, or functions.
// False after the last line.
bool report_unseen(const struct walk *w, unsigned n, struct row *out);

// Why a function was not watched, and what would let it.
const char *report_unwatched(enum inner_unwatched why);

// Appends "step classify: the model says RTN_LOCAL, but inet_addr_type_table(...) = 1 RTN_UNICAST" of the first step of
// which model and witness disagree. False, and the row is as it was, where there is none.
bool report_odd_call(const struct facts *f, const struct walk *w, struct row *out);

// Appends "; it was a security module: security_socket_bind() = -13 EACCES": which hook was seen to
// refuse the bind or to change it. False, and the row is as it was, where none was seen.
bool report_hook(const struct walk *w, struct row *out);

#endif
