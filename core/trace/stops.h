// SPDX-License-Identifier: GPL-3.0-or-later
// What a tracer does where one of its threads stops: at a call, a fork, an exec, a signal. Always lets it go on.
#ifndef BINDWALK_STOPS_H
#define BINDWALK_STOPS_H

#include <sys/types.h>

#include "core/trace/traced_call.h"
#include "core/trace/tracee.h"
#include "core/trace/tracer_out.h"

enum { STOPS_SAID = 64 };

// Begins zeroed, but for what the launch tells.
struct stops {
	struct tracees tracees;
	struct traced_calls calls;
	const struct socket_history *history; // of the call whose callback runs
	pid_t launched;                       // 0: none
	bool filters;                         // they stop at the calls of our filter only
	bool no_new_privs;                    // which was set for the filter's sake
	bool rings_bind;                      // io_uring can
	const struct tracer_out *out;
	struct {
		dev_t dev;
		ino_t ino;
	} said[STOPS_SAID]; // programs of which TRACE_LOWERED was said
	unsigned nsaid;
};

void stops_begin(struct stops *s, const struct tracer_out *out);
void stops_end(struct stops *s);

// Before the launched program begins: tells if it will miss what its file gives.
void stops_foresee(struct stops *s, const char *command);

// A thread has stopped; `status` as si_status has it. It has not been waited for: see tracer.c.
void stops_take(struct stops *s, struct tracee *x, int status);

#endif
