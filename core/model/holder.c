// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/holder.h"

#include <linux/if.h>
#include <netinet/in.h>
#include <string.h>

const struct sock *walk_holder(const struct facts *f, const struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct walk_step *s = &w->steps[i];
		const struct input *in = s->step == STEP_PORT && s->reached ? step_input(s, IN_HOLDER) : NULL;
		if (in && (size_t)in->number < f->question->nsocks)
			return &f->question->socks[in->number];
	}
	return NULL;
}

const struct sharing *walk_sharing(const struct walk *w)
{
	bool bound = w->observed.present && !w->observed.err;
	return w->sharing.fails == CONDITION_MET || bound ? NULL : &w->sharing;
}

uint32_t sock_likely_link(const struct host *h, const struct sock *s)
{
	uint32_t wireguard = 0;
	unsigned wireguards = 0;
	if (s->protocol != IPPROTO_UDP || (s->owner != OWNER_KERNEL && s->owner != OWNER_HIDDEN))
		return 0;
	for (size_t i = 0; i < h->nlinks; i++) {
		const struct link *l = &h->links[i];
		if (!(l->flags & IFF_UP)) // it has its socket while it is up
			continue;
		if (l->tunnel_port && l->tunnel_port == s->port)
			return l->index;
		if (strcmp(l->kind, "wireguard") == 0) {
			wireguard = l->index;
			wireguards++;
		}
	}
	return wireguards == 1 && addr_is_any(&s->addr) ? wireguard : 0;
}

static bool listens_there(const struct sock *listener, const struct sock *s)
{
	enum { STATE_LISTEN = 10 };
	return listener->state == STATE_LISTEN && listener->port == s->port &&
	       (addr_is_any(&listener->addr) || addr_equal(&listener->addr, &s->addr) ||
		addr_is_mapped(&listener->addr) || addr_is_mapped(&s->addr));
}

enum tri sock_is_outgoing(const struct facts *f, const struct sock *s)
{
	enum { STATE_SYN_SENT = 2 };
	const struct host *h = f->host;
	if (s->protocol != IPPROTO_TCP || !s->peer_port)
		return NO;
	if (s->state == STATE_SYN_SENT)
		return YES;
	for (size_t i = 0; i < f->question->nsocks; i++)
		if (listens_there(&f->question->socks[i], s))
			return NO;
	bool chosen = s->port >= h->sysctl[SYSCTL_PORT_LOW] && s->port <= h->sysctl[SYSCTL_PORT_HIGH];
	return chosen && h->sysctl_known[SYSCTL_PORT_LOW] ? UNKNOWN : NO;
}
