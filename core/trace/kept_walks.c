// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/kept_walks.h"

enum { KEPT_BYTES = 64 * 1024 * 1024 };

static void drop_first(struct kept_walks *k, struct kept_ring *r)
{
	struct kept_walk *w = &r->at[r->first++ % KEPT_WALKS];
	event_walk_close(w->walk);
	k->bytes -= w->bytes;
	*w = (struct kept_walk){0};
}

static bool is_empty(const struct kept_ring *r)
{
	return r->first == r->ever;
}

// What can be large of it.
static size_t bytes_of(const struct inquiry *in)
{
	const struct host *h = in ? in->host : NULL;
	return !h ? 0
		  : sizeof *h + h->nroutes4 * sizeof *h->routes4 + h->nroutes6 * sizeof *h->routes6 +
			       h->naddrs * sizeof *h->addrs + h->nlinks * sizeof *h->links +
			       in->question.nsocks * sizeof *in->question.socks;
}

void kept_walks_add(struct kept_walks *k, uint64_t number, bool refused, struct event_walk *walk)
{
	struct kept_ring *r = refused ? &k->refused : &k->others;
	if (!walk)
		return;
	if (r->ever - r->first == KEPT_WALKS)
		drop_first(k, r);
	size_t bytes = bytes_of(event_walk_inquiry(walk));
	while (k->bytes + bytes > KEPT_BYTES && !(is_empty(&k->others) && is_empty(&k->refused)))
		drop_first(k, is_empty(&k->others) ? &k->refused : &k->others);
	r->at[r->ever++ % KEPT_WALKS] = (struct kept_walk){number, walk, bytes};
	k->bytes += bytes;
}

struct event_walk *kept_walks_find(const struct kept_walks *k, uint64_t number)
{
	const struct kept_ring *const rings[] = {&k->refused, &k->others};
	for (size_t i = 0; i < sizeof rings / sizeof *rings; i++)
		for (uint64_t n = rings[i]->first; n < rings[i]->ever; n++)
			if (rings[i]->at[n % KEPT_WALKS].number == number)
				return rings[i]->at[n % KEPT_WALKS].walk;
	return NULL;
}

void kept_walks_free(struct kept_walks *k)
{
	while (!is_empty(&k->refused))
		drop_first(k, &k->refused);
	while (!is_empty(&k->others))
		drop_first(k, &k->others);
}
