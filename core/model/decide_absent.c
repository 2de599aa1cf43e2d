// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/decide_absent.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

enum { OPER_DORMANT = 5 }; // IF_OPER_DORMANT

bool link_works(const struct link *l)
{
	return l->flags & IFF_UP && l->flags & FLAG_LOWER_UP && l->operstate != OPER_DORMANT;
}

void put_link_state(struct walk_step *s, const struct host *h, const struct link *l)
{
	put_link(s, IN_LINK, h, l);
	put_text(s, IN_STATE,
		 !(l->flags & IFF_UP)          ? "is down"
		 : !(l->flags & FLAG_LOWER_UP) ? "has no carrier"
					       : "is dormant");
}

static const struct link *loopback(const struct host *h)
{
	for (size_t i = 0; i < h->nlinks; i++)
		if (h->links[i].flags & IFF_LOOPBACK)
			return &h->links[i];
	return NULL;
}

static uint32_t table_of(const struct host *h, uint32_t device)
{
	const struct link *vrf = host_vrf_of(h, device);
	return vrf ? vrf->vrf_table : RT_TABLE_LOCAL;
}

// What the kernel puts into the local table for an address (fib_add_ifaddr(), net/ipv4/fib_frontend.c).
enum made_for { NOT_MADE, MADE_ALWAYS, MADE_WHILE_UP };

static uint32_t host_bits_of(const struct host_addr *e)
{
	return (uint32_t)(UINT64_C(0xffffffff) >> e->prefixlen);
}

static bool in_subnet(const struct host_addr *e, uint32_t dst)
{
	return (dst | host_bits_of(e)) == (addr_v4(&e->addr) | host_bits_of(e));
}

static enum made_for route_made_for(const struct host *h, const struct host_addr *e, const struct link *l, uint32_t dst)
{
	uint32_t own = addr_v4(&e->addr), host_bits = host_bits_of(e);
	if (dst == own)
		return MADE_ALWAYS;
	if (e->flags & IFA_F_SECONDARY || !in_subnet(e, dst))
		return NOT_MADE;
	if (l->flags & IFF_LOOPBACK)
		return MADE_WHILE_UP;
	if (e->prefixlen >= 31)
		return NOT_MADE;
	bool lowest = (dst & host_bits) == 0 && kernel_compare(&h->kernel, 5, 14) < 0;
	return (dst & host_bits) == host_bits || lowest ? MADE_WHILE_UP : NOT_MADE;
}

// The routes were not read, and what the kernel answered to the question comes before a route to the address alone.
static bool is_hidden(const struct context *c)
{
	const struct walk_step *classify = walk_find(c->walk, STEP_CLASSIFY);
	const struct fib_answer *asked = &c->question->fib;
	return classify->rests_on == EV_ASKED &&
	       (classify->finding == CLASSIFY_ERROR_ASKED || (!asked->err && asked->len == 32));
}

enum finding_id decide_absent4(const struct context *c, struct walk_step *s)
{
	const struct host *h = c->host;
	const struct link *lo = loopback(h);
	uint32_t dst = addr_v4(&c->attempt->addr);
	bool loops = dst >> 24 == IN_LOOPBACKNET;
	if (loops && lo && !(lo->flags & IFF_UP) && c->table == RT_TABLE_LOCAL) {
		put_link(s, IN_LINK, h, lo);
		return ACCEPTABLE_LO_DOWN;
	}
	const struct link *idle = NULL;
	size_t missing = h->naddrs;
	for (size_t i = 0; i < h->naddrs && h->addrs[i].addr.family == AF_INET; i++) {
		const struct host_addr *e = &h->addrs[i];
		const struct link *l = in_subnet(e, dst) ? host_link(h, e->index) : NULL; // of many, few are
		if (!l || table_of(h, e->index) != c->table)
			continue;
		enum made_for made = route_made_for(h, e, l, dst);
		bool works = link_works(l) || (l->flags & IFF_UP && l->flags & IFF_LOOPBACK);
		if (made == MADE_ALWAYS || (made == MADE_WHILE_UP && works && missing == h->naddrs))
			missing = i;
		else if (made == MADE_WHILE_UP && !works)
			idle = l;
		if (made == MADE_ALWAYS)
			break;
	}
	if (missing < h->naddrs) {
		put_number(s, IN_TABLE, V_TABLE, c->table);
		if (is_hidden(c))
			return ACCEPTABLE_SHADOWED;
		put_ref(s, IN_ENTRY, V_ENTRY, REF_ADDR, missing);
		return ACCEPTABLE_NO_LOCAL_ROUTE;
	}
	if (!idle)
		return FINDING_COUNT;
	put_link_state(s, h, idle);
	put_text(s, IN_HINT,
		 idle->flags & IFF_LOOPBACK ? "The prefix of its address is local only while it is up."
		 : idle->flags & IFF_UP ? "It is a broadcast address, and routes without a carrier are ignored there."
					: "It is a broadcast address only while the interface is up.");
	return ACCEPTABLE_LINK_DOWN;
}

// IPv6 is off on the link: it can have no address (ipv6_add_addr(), net/ipv6/addrconf.c).
static enum finding_id is_off(const struct context *c, struct walk_step *s, const struct link *l)
{
	put_link(s, IN_LINK, c->host, l);
	put_ref(s, IN_SYSCTL, V_DISABLE6, REF_LINK, (size_t)(l - c->host->links));
	s->inputs[s->ninputs - 1].number = l->index;
	if (c->host->sysctl[SYSCTL_ALL_DISABLE6])
		put_text(s, IN_HINT, "net.ipv6.conf.all.disable_ipv6 is 1 too.");
	return LIST_IPV6_OFF;
}

static enum finding_id absent_loopback6(const struct context *c, struct walk_step *s, uint32_t device)
{
	const struct link *lo = loopback(c->host);
	if (!lo || (device && device != lo->index))
		return FINDING_COUNT;
	if (lo->disables_ipv6)
		return is_off(c, s, lo);
	if (lo->flags & IFF_UP)
		return FINDING_COUNT;
	put_link(s, IN_LINK, c->host, lo);
	return LIST_LO_DOWN;
}

// Of the links that could have it, one on which IPv6 is off; *all: it is off on each of them.
static const struct link *link_without_ipv6(const struct host *h, bool *all)
{
	const struct link *off = NULL;
	*all = true;
	for (size_t i = 0; i < h->nlinks; i++) {
		const struct link *l = &h->links[i];
		if (l->flags & IFF_LOOPBACK)
			continue;
		*all &= l->disables_ipv6;
		if (l->disables_ipv6 && (!off || (!(off->flags & IFF_UP) && l->flags & IFF_UP)))
			off = l;
	}
	return off;
}

enum finding_id decide_absent6(const struct context *c, struct walk_step *s, uint32_t device)
{
	const struct addr *a = &c->attempt->addr;
	if (addr6_class(a) & ADDR6_LOOPBACK)
		return absent_loopback6(c, s, device);
	const struct link *l = host_link(c->host, device);
	bool all = true;
	if (!l)
		l = link_without_ipv6(c->host, &all);
	if (!l)
		return FINDING_COUNT;
	if (l->disables_ipv6 && all)
		return is_off(c, s, l);
	if (l->disables_ipv6) {
		put_link(s, IN_LINK, c->host, l); // it may have been there
	} else if (addr6_needs_scope(a) && !(l->flags & IFF_UP)) {
		put_link_state(s, c->host, l);
		put_text(s, IN_HINT, "An interface that is down has no link-local address of its own.");
		return LIST_LINK_DOWN;
	}
	return FINDING_COUNT;
}
