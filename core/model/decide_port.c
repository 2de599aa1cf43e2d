// SPDX-License-Identifier: GPL-3.0-or-later
// The port: the right to it, and who holds it.
#include "core/model/decide_port.h"

#include <netinet/in.h>

#include "core/model/decide_calls.h"
#include "core/model/port_pool.h"

// ns_capable(net->user_ns, CAP_NET_BIND_SERVICE) behind inet_port_requires_bind_service() (include/net/ip.h).
enum finding_id decide_privilege(struct context *c, struct walk_step *s)
{
	uint16_t port = c->attempt->port;
	put_number(s, IN_PORT, V_PORT, port);
	put_sysctl(s, IN_START, c->host, SYSCTL_UNPRIV_PORT);
	put_text(s, IN_CAPABILITY, "CAP_NET_BIND_SERVICE");
	put_number(s, IN_UID, V_NUMBER, c->caller->uid);
	if (port == 0)
		return PRIVILEGE_PORT_0;
	if (port >= c->host->sysctl[SYSCTL_UNPRIV_PORT])
		return PRIVILEGE_HIGH_PORT;
	if (c->caller->net_bind_service == YES)
		return PRIVILEGE_HELD;
	if (c->caller->net_bind_service == UNKNOWN)
		return PRIVILEGE_UNREAD;
	c->lack = c->caller->lack_bind_service;
	// The programs are not asked for SCTP.
	c->walk->predicted.waivable = c->attempt->kind != KIND_SCTP && c->caller->hooks.cgroup_bind != 0;
	return PRIVILEGE_MISSING;
}

static struct claimant claimant(const struct context *c)
{
	const struct attempt *a = c->attempt;
	return (struct claimant){
		.addr = a->addr,
		.protocol = (uint8_t)kind_port_protocol(a->kind),
		.v6only = c->v6only, // a plain IPv6 address meets no IPv4 one in any case
		.reuseaddr = c->reuseaddr,
		.reuseport = c->reuseport,
		.device = c->device,
		.uid = c->caller->uid,
	};
}

static bool knows_holders(const struct question *q, const struct claimant *me, uint16_t port)
{
	return q->socks_known == YES && (q->socks_port == port || q->socks_port == 0) &&
	       q->socks_protocol == me->protocol;
}

// TCP and SCTP sockets that are bound only may not be among those that are known.
static bool sees_all(const struct question *q, const struct claimant *me)
{
	return (me->protocol != IPPROTO_TCP && me->protocol != IPPROTO_SCTP) || q->socks_bound == YES;
}

static enum finding_id choose_port(struct context *c, struct walk_step *s)
{
	const struct host *h = c->host;
	const struct question *q = c->question;
	struct claimant me = claimant(c);
	struct pool pool = pool_of(h, c->range_low, c->range_high);
	put_number(s, IN_PORT, V_PORT, 0);
	put_sysctl(s, IN_LOW, h, SYSCTL_PORT_LOW);
	s->inputs[s->ninputs - 1].number = pool.low;
	put_sysctl(s, IN_HIGH, h, SYSCTL_PORT_HIGH);
	s->inputs[s->ninputs - 1].number = pool.high;
	if (pool.size)
		put_number(s, IN_POOL, V_NUMBER, pool.size);
	if (pool.reserved) {
		put_number(s, IN_RESERVED, V_NUMBER, pool.reserved);
		put_text(s, IN_SYSCTL, "net.ipv4.ip_local_reserved_ports");
	}
	if (pool.left == NO)
		return PORT_RESERVED;
	bool all_known = q->socks_known == YES && q->socks_port == 0 && q->socks_protocol == me.protocol && pool.size;
	c->walk->predicted.exhaustible = !all_known;
	if (!all_known)
		return PORT_AUTO;
	pool_count(&pool, h, q, &me);
	put_number(s, IN_HELD, V_NUMBER, pool.held);
	if (pool.held)
		put_number(s, IN_HOLDERS, V_POOL, 0);
	if (pool.left == NO)
		return pool.never_tried ? PORT_NEVER_TRIED : PORT_EXHAUSTED;
	c->walk->predicted.certain &= pool.left == YES && sees_all(q, &me);
	return PORT_AUTO;
}

// A listening socket has marked the port's bucket as not shared (inet_csk_update_fastreuse()).
static bool somebody_listens(const struct question *q, uint16_t port)
{
	enum { STATE_LISTEN = 10 };
	for (size_t i = 0; i < q->nsocks; i++)
		if (q->socks[i].port == port && q->socks[i].state == STATE_LISTEN)
			return true;
	return false;
}

// Memories of the kernel that no interface shows can let a socket in although a holder conflicts. TCP
// (inet_csk_get_port()): the port's bucket remembers the flags of the last one that bound with SO_REUSEPORT, also when
// it is gone (sk_reuseport_match()), and once also whether all that it holds had SO_REUSEADDR when they were bound,
// though they may have cleared it since; then it asks no further. SCTP's does so whoever listens since. UDP: the first
// overlapping socket that shares by SO_REUSEPORT ends the search (udp_lib_lport_inuse()), and which one is first can't
// be seen.
static bool let_in_by_memory(const struct host *h, const struct question *q, const struct claimant *me,
			     const struct sock *holder)
{
	if (me->protocol == IPPROTO_SCTP)
		return me->reuseaddr || me->reuseport;
	if (me->protocol == IPPROTO_TCP)
		return me->reuseport || (me->reuseaddr && kernel_has(&h->kernel, TRAIT_REUSE_MEMORY) &&
					 !somebody_listens(q, holder->port));
	if (!me->reuseport)
		return false;
	for (size_t i = 0; i < q->nsocks; i++) {
		const struct sock *other = &q->socks[i];
		if (other->port == holder->port && other != holder && other->reuseport != NO && other->uid == me->uid &&
		    port_conflict(h, me, other, true) != NO)
			return true;
	}
	return false;
}

// ping_get_port(), net/ipv4/ping.c: both families share the identifiers; addresses and devices are not compared.
static enum finding_id take_ident(struct context *c, struct walk_step *s)
{
	const struct host *h = c->host;
	const struct question *q = c->question;
	const struct sock *named = NULL;
	struct claimant me = claimant(c);
	enum tri taken = NO;
	put_number(s, IN_PORT, V_PORT, c->attempt->port);
	if (!c->attempt->port) {
		c->walk->predicted.exhaustible = true;
		return IDENT_AUTO;
	}
	// What another namespace's sockets do can't be seen.
	c->walk->predicted.certain &= kernel_has(&h->kernel, TRAIT_PING_NETNS);
	if (!knows_holders(q, &me, c->attempt->port)) {
		c->walk->predicted.certain = false;
		return IDENT_UNASKED;
	}
	for (size_t i = 0; i < q->nsocks && taken != YES; i++) {
		if (q->socks[i].port != c->attempt->port)
			continue;
		enum tri clash = port_conflict(h, &me, &q->socks[i], false);
		if (clash != NO || !named)
			named = &q->socks[i];
		if (clash != NO)
			taken = clash;
	}
	if (!named)
		return IDENT_FREE;
	put_ref(s, IN_HOLDER, V_SOCK, REF_SOCK, (size_t)(named - q->socks));
	c->walk->sharing = port_sharing(h, &me, named);
	if (taken == UNKNOWN)
		c->walk->predicted.certain = false;
	return taken == YES ? IDENT_TAKEN : taken == NO ? IDENT_SHARED : IDENT_PERHAPS;
}

static bool hashes_alike(const struct addr *a, const struct addr *b)
{
	bool four = a->family == AF_INET || addr_is_mapped(a) || addr_is_any(a);
	bool other = b->family == AF_INET || addr_is_mapped(b) || addr_is_any(b);
	return four && other ? addr_v4(a) == addr_v4(b) : addr_equal(a, b);
}

// udp_lib_get_port() (net/ipv4/udp.c): with more than ten sockets in a port's slot of the first hash it looks into the
// second one only, by address and port: at the address asked for and at the wildcard. So a wildcard meets no holder at
// an address. UNKNOWN where that would be so: other ports and other namespaces share the slot, so that it can't be seen
// how full it is. YES when the port alone is enough of a crowd, although a longer list in the second hash may still
// bring the kernel back to the first.
static enum tri is_overlooked(const struct host *h, const struct question *q, const struct claimant *me,
			      const struct sock *holder)
{
	enum { SLOT_SHORT = 10 };
	const struct addr any = {.family = AF_INET}, *mine = &me->addr;
	unsigned crowd = 0;
	if (me->protocol != IPPROTO_UDP && me->protocol != IPPROTO_UDPLITE)
		return NO;
	if (hashes_alike(mine, &any) && kernel_has(&h->kernel, TRAIT_UDP_WILDCARD))
		return NO;
	if (hashes_alike(&holder->addr, mine) || hashes_alike(&holder->addr, &any))
		return NO;
	for (size_t i = 0; i < q->nsocks; i++)
		crowd += q->socks[i].port == holder->port;
	return crowd > SLOT_SHORT ? YES : UNKNOWN;
}

// Of several sockets on a port the one to name: who listens, then who belongs to a process that is known.
static const struct sock *better(const struct sock *a, const struct sock *b)
{
	enum { STATE_LISTEN = 10 };
	if (!a)
		return b;
	int rank = (a->state == STATE_LISTEN) * 2 + (a->pid != 0),
	    other = (b->state == STATE_LISTEN) * 2 + (b->pid != 0);
	return other > rank ? b : a;
}

static enum finding_id take_port(struct context *c, struct walk_step *s)
{
	const struct host *h = c->host;
	const struct question *q = c->question;
	const struct attempt *a = c->attempt;
	struct claimant me = claimant(c);
	const struct sock *taker = NULL, *sharer = NULL, *doubtful = NULL, *overlooked = NULL;
	bool surely_taken = false;
	put_number(s, IN_PORT, V_PORT, a->port);
	if (!knows_holders(q, &me, a->port)) {
		c->walk->predicted.certain = false;
		return PORT_UNASKED;
	}
	for (size_t i = 0; i < q->nsocks; i++) {
		const struct sock *holder = &q->socks[i];
		if (holder->port != a->port)
			continue;
		enum tri clash = port_conflict(h, &me, holder, false);
		enum tri missed = clash == NO ? NO : is_overlooked(h, q, &me, holder);
		c->walk->predicted.certain &= !domain_may_be_old(h, holder);
		if (missed == YES) {
			overlooked = better(overlooked, holder);
		} else if (clash == YES) {
			taker = better(taker, holder);
			surely_taken |= missed == NO && !let_in_by_memory(h, q, &me, holder);
		} else if (clash == UNKNOWN) {
			doubtful = better(doubtful, holder);
		} else if (port_conflict(h, &me, holder, true) == YES) {
			sharer = better(sharer, holder);
		}
	}
	const struct sock *named = taker ? taker : doubtful ? doubtful : overlooked ? overlooked : sharer;
	if (!named) {
		if (sees_all(q, &me))
			return PORT_FREE;
		c->walk->predicted.certain = false;
		return PORT_UNSEEN;
	}
	put_ref(s, IN_HOLDER, V_SOCK, REF_SOCK, (size_t)(named - q->socks));
	c->walk->sharing = port_sharing(h, &me, named);
	if (taker ? !surely_taken : doubtful || overlooked || !sees_all(q, &me))
		c->walk->predicted.certain = false;
	return taker ? PORT_TAKEN : doubtful ? PORT_PERHAPS : overlooked ? PORT_CROWD : PORT_SHARED;
}

enum finding_id decide_port(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	c->walk->claimant = claimant(c);
	if (a->kind == KIND_PING)
		return take_ident(c, s);
	if (a->port == 0) // SCTP knows no IP_BIND_ADDRESS_NO_PORT
		return c->noport && a->kind != KIND_SCTP ? PORT_LATER : choose_port(c, s);
	return take_port(c, s);
}
