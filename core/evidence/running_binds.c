// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/running_binds.h"

#include <stdio.h>
#include <stdlib.h>

// A thread's bind is in one of so many places.
enum { WAYS = 8 };

struct lookup {
	uint64_t time;
	uint32_t table, dst;
	int err;
};

struct running {
	uint32_t thread; // as the host counts, which is unique; 0: free
	uint64_t began;
	int fd, addrlen;
	unsigned count; // of lookups
	struct lookup lookups[KERNEL_CALLS_EACH];
	bool several, doubt; // not all for the same address; some may be missing
};

struct running_binds {
	struct running places[RUNNING_BINDS];
};

struct running_binds *running_binds_new(void)
{
	return calloc(1, sizeof(struct running_binds));
}

void running_binds_free(struct running_binds *b)
{
	free(b);
}

static struct running *first_way(struct running_binds *b, uint32_t thread)
{
	return &b->places[thread % (RUNNING_BINDS / WAYS) * WAYS];
}

static struct running *find(struct running_binds *b, uint32_t thread)
{
	struct running *r = first_way(b, thread);
	for (int i = 0; i < WAYS; i++)
		if (r[i].thread == thread)
			return &r[i];
	return NULL;
}

// The thread's own place, else a free one, else that of the bind that began first.
static struct running *place_for(struct running_binds *b, uint32_t thread)
{
	struct running *r = first_way(b, thread), *oldest = r, *own = find(b, thread);
	for (int i = 1; i < WAYS && !own; i++)
		if (oldest->thread && (!r[i].thread || r[i].began < oldest->began))
			oldest = &r[i];
	return own ? own : oldest;
}

static void begin(struct running_binds *b, const struct trace_moment *m)
{
	*place_for(b, m->said.thread) = (struct running){
		.thread = m->said.thread, .began = m->time, .fd = m->said.fd, .addrlen = m->said.addrlen};
}

static void look_up(struct running *r, const struct trace_moment *m)
{
	const struct bind_trace *t = &m->said;
	if (r->count && t->dst != r->lookups[0].dst)
		r->several = true;
	if (r->count < KERNEL_CALLS_EACH)
		r->lookups[r->count] =
			(struct lookup){.time = m->time, .table = t->table, .dst = t->dst, .err = t->err};
	if (r->count < UINT16_MAX)
		r->count++;
}

void running_binds_doubt(struct running_binds *b)
{
	for (int i = 0; i < RUNNING_BINDS; i++)
		b->places[i].doubt = true;
}

static uint32_t since(const struct running *r, uint64_t time)
{
	return time - r->began < UINT32_MAX ? (uint32_t)(time - r->began) : UINT32_MAX;
}

static void take_lookups(const struct running *r, struct bind_event *out)
{
	struct witnessed *in = &out->inner;
	in->present = !r->doubt;
	in->counts[KF_fib_table_lookup] = (uint16_t)r->count;
	for (unsigned i = 0; i < r->count && i < KERNEL_CALLS_EACH; i++) {
		const struct lookup *l = &r->lookups[i];
		in->calls[in->ncalls++] = (struct kernel_call){.function = KF_fib_table_lookup,
							       .returned = l->err,
							       .ns = since(r, l->time),
							       .addr = addr_from_v4(l->dst),
							       .table = l->table,
							       .capability = -1,
							       .fd = -1};
	}
	if (r->doubt)
		snprintf(in->why_not, sizeof in->why_not, "records were lost");
	// Lookups for two addresses leave open which of them is the bind's.
	out->addr_known = r->count && !r->several;
	if (out->addr_known)
		out->attempt = attempt_new(&in->calls[0].addr);
}

static void end(struct running_binds *b, const struct trace_moment *m, struct bind_event *out)
{
	struct running *r = find(b, m->said.thread);
	*out = (struct bind_event){
		.source = SOURCE_TRACEPOINTS,
		.when = (int64_t)(r ? r->began : m->time),
		.ns = r ? m->time - r->began : 0,
		.pid = (int)m->pid,
		.thread = (int)m->thread,
		.cgroup = m->cgroup,
		.fd = r ? r->fd : -1,
		.addrlen = r ? r->addrlen : -1,
		.err = m->said.ret < 0 ? (int)-m->said.ret : 0,
	};
	if (!r)
		return;
	take_lookups(r, out);
	r->thread = 0;
}

bool running_binds_take(struct running_binds *b, const struct trace_moment *m, struct bind_event *out)
{
	struct running *r;
	switch (m->said.point) {
	case POINT_ENTER:
		begin(b, m);
		return false;
	case POINT_EXIT:
		end(b, m, out);
		return true;
	case POINT_FIB4:
		r = m->said.interrupted ? NULL : find(b, m->said.thread);
		if (r)
			look_up(r, m);
		return false;
	default:
		return false;
	}
}
