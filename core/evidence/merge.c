// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/merge.h"

#include <sys/socket.h>

#include "core/model/walk_inner.h"

void merge_trial(const struct trial *t, struct walk *w)
{
	for (unsigned i = 0; i < t->ncalls; i++) {
		const struct trial_call *c = &t->calls[i];
		for (unsigned s = 0; s < w->nsteps; s++) {
			const struct walk_step *step = &w->steps[s];
			if ((c->call == CALL_SOCKET && step->step == STEP_SOCKET) ||
			    (c->call == CALL_SETSOCKOPT && step->step == STEP_SETSOCKOPT &&
			     step->setting == c->setting)) {
				walk_observe_call(w, s, c->ret, c->err);
				break;
			}
		}
	}
	walk_observe(w, t->call, t->err, t->err ? NULL : &t->local, t->port, t->scope);
	walk_conclude(w);
}

static void merge_points(const struct seen *seen, const struct host *h, struct walk *w)
{
	const struct attempt a = attempt_as_read(&w->attempt);
	const struct seen_lookup *l = &seen->lookups[0];
	bool six = a.family == AF_INET6 && !addr_is_mapped(&a.addr);
	bool other_address = !six && !seen->lookups4 && seen->others4;
	w->unwitnessed = seen->lost                     ? "its events were lost while bind ran"
			 : other_address                ? "it looked up a different address"
			 : six && !seen->lookups6_known ? "it has no tracepoint fib6:fib6_table_lookup"
							: NULL;
	if (w->unwitnessed)
		return;
	const struct link *device = seen->lookups4 ? host_link_named(h, l->device) : NULL;
	unsigned lookups = six ? seen->others4 + seen->lookups6 : seen->lookups4;
	walk_witness(w, lookups, l->table, l->err, device ? device->index : 0);
}

void merge_seen(const struct seen *seen, const struct host *h, struct walk *w)
{
	w->unwitnessed = NULL;
	if (!seen->binds)
		return;
	if (seen->points)
		merge_points(seen, h, w);
	walk_witness_inner(w, &seen->inner);
	walk_conclude(w);
}
