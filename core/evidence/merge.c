// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/merge.h"

#include <sys/socket.h>

#include "core/model/walk_merge.h"

static void take_trial(const struct trial *t, struct bind_seen *out)
{
	for (unsigned i = 0; i < t->ncalls; i++) {
		const struct trial_call *c = &t->calls[i];
		if (c->call == CALL_SOCKET || c->call == CALL_SETSOCKOPT)
			out->calls[out->ncalls++] = (struct call_seen){c->ret, c->err};
	}
	out->observed.present = true;
	out->observed.call = t->call;
	out->observed.err = t->err;
	out->observed.local = t->local;
	out->observed.port = t->port;
	out->observed.scope = t->scope;
}

static void take_points(const struct seen *seen, const struct host *h, const struct walk *w, struct bind_seen *out)
{
	const struct attempt a = attempt_as_read(&w->attempt);
	const struct seen_lookup *l = &seen->lookups[0];
	bool six = a.family == AF_INET6 && !addr_is_mapped(&a.addr);
	bool other_address = !six && !seen->lookups4 && seen->others4;
	out->unwitnessed = seen->lost                     ? "its events were lost while bind ran"
			   : other_address                ? "it looked up a different address"
			   : six && !seen->lookups6_known ? "it has no tracepoint fib6:fib6_table_lookup"
							  : NULL;
	if (out->unwitnessed)
		return;
	const struct link *device = seen->lookups4 ? host_link_named(h, l->device) : NULL;
	out->lookups.present = true;
	out->lookups.count = six ? seen->others4 + seen->lookups6 : seen->lookups4;
	out->lookups.table = l->table;
	out->lookups.err = -l->err;
	out->lookups.oif = device ? device->index : 0;
}

void merge_bind(const struct trial *t, const struct seen *seen, const struct host *h, struct walk *w)
{
	struct bind_seen all = {0};
	take_trial(t, &all);
	if (seen && seen->binds) {
		if (seen->points)
			take_points(seen, h, w, &all);
		all.inner = &seen->inner;
	}
	walk_merge(w, &all);
}
