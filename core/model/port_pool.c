// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/port_pool.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

struct ports_map {
	uint8_t bits[8192];
};

static bool has(const struct ports_map *m, unsigned port)
{
	return m->bits[port / 8] >> port % 8 & 1;
}

static void add(struct ports_map *m, unsigned port)
{
	m->bits[port / 8] |= (uint8_t)(1u << port % 8);
}

// Ports of the range that are reserved: eight at a time, as a walk on a large screen is one of forty.
static unsigned reserved(const struct host *h, unsigned low, unsigned high)
{
	unsigned n = 0;
	for (unsigned port = low; port <= high;) {
		bool whole = port % 8 == 0 && port + 7 <= high;
		unsigned bits = (unsigned)h->reserved_ports[port / 8] >> (whole ? 0 : port % 8) & (whole ? 0xff : 1);
		for (; bits; bits &= bits - 1)
			n++;
		port += whole ? 8 : 1;
	}
	return n;
}

struct pool pool_of(const struct host *h, uint16_t low, uint16_t high)
{
	int64_t from = h->sysctl[SYSCTL_PORT_LOW], to = h->sysctl[SYSCTL_PORT_HIGH];
	struct pool p = {.left = UNKNOWN};
	// Each end of the socket's own range counts only inside the sysctl's.
	if (low >= from && low <= to)
		from = low;
	if (high && high <= to && high >= from)
		to = high;
	p.low = (unsigned)from;
	p.high = (unsigned)to;
	if (from <= 0 || to > 65535 || from > to)
		return p; // nothing that a kernel has
	p.size = p.high - p.low + 1;
	p.reserved = reserved(h, p.low, p.high);
	if (p.reserved == p.size)
		p.left = NO;
	return p;
}

static bool same_addr(const struct addr *a, const struct addr *b)
{
	struct addr x = addr_unmapped(a), y = addr_unmapped(b);
	return addr_equal(&x, &y);
}

struct connect_pool pool_connect(const struct pool *p, const struct host *h, const struct question *q,
				 const struct addr *from, const struct endpoint *to)
{
	enum { CLOSE = 7, LISTEN = 10, BOUND_INACTIVE = 13 };
	static const struct ports_map none;
	struct ports_map bound = none, connected = none;
	struct connect_pool out = {0};
	for (size_t i = 0; i < q->nsocks; i++) {
		const struct sock *s = &q->socks[i];
		bool to_it = s->peer.family && s->peer_port == to->port && same_addr(&s->peer, &to->addr) &&
			     same_addr(&s->addr, from);
		if (s->state == CLOSE || s->state == LISTEN || s->state == BOUND_INACTIVE)
			add(&bound, s->port);
		else if (to_it)
			add(&connected, s->port);
	}
	for (unsigned port = p->low; port <= p->high && p->size; port++) {
		bool reserved = h->reserved_ports[port / 8] >> port % 8 & 1;
		out.bound += !reserved && has(&bound, port);
		out.connected += !reserved && !has(&bound, port) && has(&connected, port);
	}
	return out;
}

// The port that a socket has of the pool, if it keeps the claimant from it.
static enum tri keeps(unsigned low, unsigned high, const struct host *h, const struct claimant *me,
		      const struct sock *s)
{
	bool strict = me->protocol == IPPROTO_TCP || me->protocol == IPPROTO_SCTP;
	return s->port < low || s->port > high ? NO : port_conflict(h, me, s, strict);
}

// TCP goes through an even number of ports: of an odd one, from a place that chance gives, it leaves out the first or
// the last. Of three that is always the last.
static enum tri tcp_finds(const struct ports_map *taken, unsigned low, unsigned high)
{
	unsigned count = high - low + 1;
	bool odd = count > 1 && count % 2;
	for (unsigned port = odd ? low + 1 : low; port <= (odd ? high - 1 : high); port++)
		if (!has(taken, port))
			return YES;
	if (!odd)
		return NO;
	bool first = !has(taken, low), last = !has(taken, high);
	if (count == 3)
		return first ? YES : NO;
	return first && last ? YES : first || last ? UNKNOWN : NO;
}

static enum tri finds(const struct pool *p, const struct claimant *me, const struct ports_map *taken)
{
	if (me->protocol != IPPROTO_TCP)
		return p->held + p->reserved < p->size ? YES : NO;
	// With SO_REUSEADDR it takes the range in two parts.
	if (!me->reuseaddr || p->size < 4)
		return tcp_finds(taken, p->low, p->high);
	unsigned half = p->low + ((p->size >> 2) << 1);
	enum tri lower = tcp_finds(taken, p->low, half - 1), upper = tcp_finds(taken, half, p->high);
	return lower == YES || upper == YES ? YES : lower == UNKNOWN || upper == UNKNOWN ? UNKNOWN : NO;
}

void pool_count(struct pool *p, const struct host *h, const struct question *q, const struct claimant *me)
{
	struct ports_map taken;
	bool doubt = false, tcp = me->protocol == IPPROTO_TCP;
	memcpy(taken.bits, h->reserved_ports, sizeof taken.bits);
	p->held = 0;
	if (!p->size || p->reserved == p->size)
		return;
	for (size_t i = 0; i < q->nsocks; i++) {
		const struct sock *s = &q->socks[i];
		enum tri clash = keeps(p->low, p->high, h, me, s);
		if (s->port >= p->low && s->port <= p->high)
			doubt |= clash == UNKNOWN || domain_may_be_old(h, s);
		if (clash == NO || has(&taken, s->port))
			continue;
		add(&taken, s->port);
		p->held++;
	}
	p->left = finds(p, me, &taken);
	p->never_tried = p->left == NO && p->held + p->reserved < p->size;
	if (p->left == NO && (doubt || (tcp && me->reuseaddr && h->sysctl[SYSCTL_AUTOBIND_REUSE])))
		p->left = UNKNOWN;
}

// One who holds ports: a program of a user, or the kernel on behalf of nobody.
struct keeper {
	const struct sock *first;
	unsigned ports;
};

static bool is_same_keeper(const struct sock *a, const struct sock *b)
{
	return sock_is_timewait(a) == sock_is_timewait(b) && a->owner == b->owner &&
	       (a->owner == OWNER_NONE ||
		(a->uid == b->uid && a->uid_unmapped == b->uid_unmapped && strcmp(a->comm, b->comm) == 0));
}

static void print_keeper(const struct keeper *k, char *buf, size_t len)
{
	const struct sock *s = k->first;
	char user[40];
	if (s->uid_unmapped)
		snprintf(user, sizeof user, "a uid without a number here");
	else
		snprintf(user, sizeof user, "uid %u", s->uid);
	if (s->owner == OWNER_NONE)
		snprintf(buf, len, "%u by closed connections%s", k->ports,
			 sock_is_timewait(s) ? " (TIME_WAIT)" : " that are ending");
	else if (s->owner == OWNER_KERNEL)
		snprintf(buf, len, "%u by the kernel", k->ports);
	else if (s->pid)
		snprintf(buf, len, "%u by %s (%.15s)", k->ports, user, s->comm);
	else
		snprintf(buf, len, "%u by %s", k->ports, user);
}

char *pool_print(unsigned low, unsigned high, const struct host *h, const struct question *q, const struct claimant *me,
		 char *buf, size_t len)
{
	enum { KEEPERS = 32, SHOWN = 2 };
	struct keeper keepers[KEEPERS];
	struct ports_map seen;
	unsigned n = 0, used = 0;
	memcpy(seen.bits, h->reserved_ports, sizeof seen.bits);
	buf[0] = '\0';
	for (size_t i = 0; i < q->nsocks; i++) {
		const struct sock *s = &q->socks[i];
		unsigned k = 0;
		if (keeps(low, high, h, me, s) == NO || has(&seen, s->port))
			continue;
		add(&seen, s->port);
		while (k < n && !is_same_keeper(keepers[k].first, s))
			k++;
		if (k == n && n < KEEPERS)
			keepers[n++] = (struct keeper){.first = s};
		if (k < n)
			keepers[k].ports++;
	}
	for (unsigned shown = 0; shown < SHOWN && shown < n; shown++) {
		struct keeper *most = &keepers[0];
		char text[80];
		for (unsigned k = 1; k < n; k++)
			if (keepers[k].ports > most->ports)
				most = &keepers[k];
		if (!most->ports)
			break;
		print_keeper(most, text, sizeof text);
		int more = snprintf(buf + used, len - used, "%s%s", shown ? ", " : "", text);
		used += more > 0 && (size_t)more < len - used ? (unsigned)more : 0;
		most->ports = 0;
	}
	return buf;
}
