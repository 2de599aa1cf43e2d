// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/walk_merge.h"

#include "core/model/inner_fit.h"
#include "core/model/walk_conclude.h"

static void forget(struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		w->steps[i].claims[EV_SYSCALL] = w->steps[i].claims[EV_KERNEL] = (struct claim){0};
	w->observed.present = false;
}

void walk_merge(struct walk *w, const struct bind_seen *seen)
{
	static const struct witnessed nobody;
	forget(w);
	for (unsigned i = 0; i < seen->ncalls && i < w->nsteps; i++)
		if (w->steps[i].step == STEP_SOCKET || w->steps[i].step == STEP_SETSOCKOPT)
			walk_observe_call(w, i, seen->calls[i].ret, seen->calls[i].err);
	if (seen->observed.present)
		walk_observe(w, seen->observed.call, seen->observed.err, &seen->observed.local, seen->observed.port,
			     seen->observed.scope);
	w->unwitnessed = seen->unwitnessed;
	if (seen->lookups.present)
		walk_witness(w, seen->lookups.count, seen->lookups.table, -seen->lookups.err, seen->lookups.oif);
	walk_witness_inner(w, seen->inner ? seen->inner : &nobody);
	walk_conclude(w);
}
