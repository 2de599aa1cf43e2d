// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/counterpart.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/fib.h"

static uint8_t other_family(uint8_t family)
{
	return family == AF_INET ? AF_INET6 : AF_INET;
}

static struct aim aim_at(const struct addr *a)
{
	return (struct aim){.addr = *a};
}

static struct aim aim_text(const char *text)
{
	struct aim out = {0};
	addr_parse(text, &out.addr);
	return out;
}

// Only a scoped address needs an interface.
static void aim_scope(struct aim *out, const struct link *l)
{
	if (!l || !addr6_needs_scope(&out->addr))
		return;
	out->scope = l->index;
	memcpy(out->scope_name, l->name, sizeof out->scope_name);
}

static const struct link *vrf_of(const struct host *h, const struct attempt *a)
{
	const struct setting *s = attempt_setting(a, OPT_DEVICE);
	const struct link *dev = s ? host_link_named(h, s->device) : NULL;
	return dev ? host_vrf_of(h, dev->index) : NULL;
}

static uint32_t table_of(const struct host *h, const struct attempt *a)
{
	const struct link *vrf = vrf_of(h, a);
	return vrf ? vrf->vrf_table : RT_TABLE_LOCAL;
}

static enum relation by_route4(const struct host *h, const struct addr *a, uint32_t table)
{
	struct fib_result r = fib_lookup4(h, table, addr_v4(a));
	if (r.err || !r.found)
		return RELATION_ELSEWHERE;
	return r.type == RTN_LOCAL       ? RELATION_ROUTED
	       : r.type == RTN_BROADCAST ? RELATION_BROADCAST
					 : RELATION_ELSEWHERE;
}

static enum relation by_route6(const struct host *h, const struct addr *a)
{
	size_t route;
	bool local = fib_lookup6(h, a, &route) && host_info6(h, route)->type == RTN_LOCAL;
	return local ? RELATION_ROUTED : RELATION_ELSEWHERE;
}

static enum relation relation(const struct host *h, const struct addr *a, uint32_t table)
{
	bool four = a->family == AF_INET;
	if (addr_is_any(a))
		return RELATION_ANY;
	if (addr_is_multicast(a))
		return RELATION_MULTICAST;
	if (four ? a->bytes[0] == 127 : addr6_class(a) & ADDR6_LOOPBACK)
		return RELATION_LOOPBACK;
	if (four && addr_v4(a) == INADDR_BROADCAST)
		return RELATION_BROADCAST;
	if (host_find_addr(h, a) < h->naddrs)
		return RELATION_CONFIGURED;
	return four ? by_route4(h, a, table) : by_route6(h, a);
}

enum relation relation_of(const struct host *h, const struct attempt *a)
{
	struct addr real = addr_unmapped(&a->addr);
	return relation(h, &real, table_of(h, a));
}

// The last number as people write it: they read 192.0.2.77 and 2001:db8::77 as a pair.
static unsigned last_number(const struct addr *a)
{
	char text[8], *end;
	if (a->family == AF_INET)
		return a->bytes[3];
	unsigned group = (unsigned)(a->bytes[14] << 8 | a->bytes[15]);
	snprintf(text, sizeof text, "%x", group);
	unsigned long n = strtoul(text, &end, 10);
	return *end == '\0' && n <= 255 ? (unsigned)n : group & 0xff;
}

// By its digits: 123 becomes 0x123.
static unsigned digits_as_hex(unsigned n)
{
	return n / 100 << 8 | n / 10 % 10 << 4 | n % 10;
}

// How well another address serves as the counterpart, as a person would choose it. 0: not at all.
static unsigned likeness(const struct host *h, const struct host_addr *e, const struct host_addr *it,
			 const struct link *vrf)
{
	if (it->addr.family == e->addr.family || host_vrf_of(h, it->index) != vrf)
		return 0;
	bool scoped = addr6_needs_scope(&it->addr) || it->scope == RT_SCOPE_LINK;
	bool wants_scoped = addr6_needs_scope(&e->addr) || e->scope == RT_SCOPE_LINK;
	bool waits = it->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED | IFA_F_DEPRECATED);
	if (it->index != e->index && (scoped || it->scope == RT_SCOPE_HOST))
		return 0;
	return 1 + (it->index == e->index) * 16u + (scoped == wants_scoped) * 8u + !waits * 4u +
	       (last_number(&it->addr) == last_number(&e->addr)) * 2u;
}

static struct aim configured(const struct host *h, const struct addr *a)
{
	struct aim out = {0};
	unsigned best = 0;
	size_t at = host_find_addr(h, a);
	for (size_t i = 0; i < h->naddrs; i++) {
		const struct link *vrf = host_vrf_of(h, h->addrs[at].index);
		unsigned rank = likeness(h, &h->addrs[at], &h->addrs[i], vrf);
		if (rank <= best)
			continue;
		best = rank;
		out = aim_at(&h->addrs[i].addr);
		aim_scope(&out, host_link(h, h->addrs[i].index));
	}
	return out;
}

// A local route that somebody added, not the kernel's own for an address.
static bool is_anyip(const struct route_info *info, unsigned len, uint8_t family)
{
	return info->table == RT_TABLE_LOCAL && info->oif && route_is_anyip(info, len, family);
}

static bool has_anyip(const struct route_infos *t, uint8_t family)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].uses && is_anyip(&t->at[i].info, 0, family))
			return true;
	return false;
}

static bool find_anyip(const struct host *h, uint8_t family, struct prefix *out)
{
	bool four = family == AF_INET;
	if (!has_anyip(four ? &h->infos4 : &h->infos6, family)) // quick, also where there are a million routes
		return false;
	for (size_t i = 0; i < (four ? h->nroutes4 : h->nroutes6); i++) {
		struct prefix p = four ? host_prefix4(h, i) : host_prefix6(h, i);
		// An address in ::/96 or 127/8 would be of another kind.
		bool plain =
			four ? p.addr.bytes[0] != 127 : !(addr6_class(&p.addr) & (ADDR6_LINKLOCAL | ADDR6_COMPATV4));
		if (plain && is_anyip(four ? host_info4(h, i) : host_info6(h, i), p.len, family)) {
			*out = p;
			return true;
		}
	}
	return false;
}

// The address of a prefix that ends in that number, cut to the prefix's room.
static struct addr within(const struct prefix *p, unsigned number)
{
	struct addr out = p->addr;
	unsigned four = p->addr.family == AF_INET, last = four ? 3 : 15, bits = (four ? 32u : 128u) - p->len;
	unsigned value = four ? number : digits_as_hex(number);
	value &= bits >= 16 ? 0xffffu : (1u << bits) - 1;
	if (value == 0)
		value = 1; // the first one is the subnet's own
	out.bytes[last] |= value & 0xff;
	out.bytes[last - 1] |= four ? 0 : (uint8_t)(value >> 8);
	return out;
}

// An interface that leads to other hosts.
static const struct link *some_link(const struct host *h)
{
	for (size_t i = 0; i < h->nlinks; i++)
		if (h->links[i].flags & IFF_UP && !(h->links[i].flags & IFF_LOOPBACK) && !h->links[i].vrf_table)
			return &h->links[i];
	return NULL;
}

// 169.254.0.0/16 and fe80::/10 are the same to a link.
static bool link_local(const struct host *h, const struct addr *a, struct aim *out)
{
	char text[ADDR_TEXT];
	bool four = a->family == AF_INET;
	unsigned number = last_number(a) ? last_number(a) : 1;
	if (four ? a->bytes[0] != 169 || a->bytes[1] != 254 || !some_link(h) : !(addr6_class(a) & ADDR6_LINKLOCAL))
		return false;
	snprintf(text, sizeof text, four ? "fe80::%u" : "169.254.1.%u", number);
	*out = aim_text(text);
	aim_scope(out, four ? some_link(h) : NULL);
	return relation(h, &out->addr, RT_TABLE_LOCAL) == RELATION_ELSEWHERE;
}

// An address that the host does not know, though the tables may hold anything.
static struct aim elsewhere(const struct host *h, const struct addr *a, uint32_t table)
{
	static const char *const six[] = {"2001:db8:ffff::", "3fff:fff::", "3fff:ffe::"};
	static const char *const four[] = {"203.0.113.0", "198.51.100.0", "192.0.2.0"};
	unsigned number = last_number(a);
	struct aim first = {0};
	if (link_local(h, a, &first))
		return first;
	char text[ADDR_TEXT], *end;
	if (a->family == AF_INET) {
		snprintf(text, sizeof text, "2001:db8:%u::%u", a->bytes[2], number ? number : 1);
		first = aim_text(text);
	} else {
		snprintf(text, sizeof text, "%x", (unsigned)(a->bytes[4] << 8 | a->bytes[5]));
		unsigned long net = strtoul(text, &end, 10);
		if (*end == '\0' && net <= 255 && net > 0)
			snprintf(text, sizeof text, "192.168.%lu.%u", net, number ? number : 1);
		else
			snprintf(text, sizeof text, "203.0.113.%u", number ? number : 1);
		first = aim_text(text);
	}
	struct aim out = first;
	for (size_t i = 0; i < 3 && relation(h, &out.addr, table) != RELATION_ELSEWHERE; i++) {
		struct prefix p = {.len = a->family == AF_INET ? 64 : 24};
		addr_parse(a->family == AF_INET ? six[i] : four[i], &p.addr);
		out = aim_at(&(struct addr){0});
		out.addr = within(&p, number);
	}
	return relation(h, &out.addr, table) == RELATION_ELSEWHERE ? out : first;
}

// Well-known groups have the same last byte: 224.0.0.251 is ff02::fb.
static struct aim multicast(const struct host *h, const struct addr *a)
{
	struct aim out = {0};
	char text[ADDR_TEXT];
	const struct link *l = some_link(h);
	if (a->family == AF_INET && a->bytes[0] == 224 && !a->bytes[1] && !a->bytes[2] && l) {
		snprintf(text, sizeof text, "ff02::%x", a->bytes[3]);
		out = aim_text(text);
		aim_scope(&out, l);
	} else if (a->family == AF_INET) {
		out = aim_text("ff0e::");
		memcpy(out.addr.bytes + 12, a->bytes, 4);
	} else {
		bool link = (a->bytes[1] & 0x0f) <= 2;
		snprintf(text, sizeof text, link ? "224.0.0.%u" : "239.255.0.%u", a->bytes[15]);
		out = aim_text(text);
	}
	return out;
}

static struct aim other_aim(const struct host *h, const struct addr *a, uint32_t table)
{
	struct aim out = {0};
	struct prefix p;
	uint8_t family = other_family(a->family);
	switch (relation(h, a, table)) {
	case RELATION_ANY:
		return aim_at(&(struct addr){.family = family});
	case RELATION_LOOPBACK:
		return aim_text(family == AF_INET ? "127.0.0.1" : "::1");
	case RELATION_MULTICAST:
		return multicast(h, a);
	case RELATION_BROADCAST: // what IPv6 has in its place: all nodes
		out = aim_text(some_link(h) ? "ff02::1" : "ff0e::1");
		aim_scope(&out, some_link(h));
		return out;
	case RELATION_CONFIGURED:
		out = configured(h, a);
		break;
	case RELATION_ROUTED:
		if (find_anyip(h, family, &p))
			out.addr = within(&p, last_number(a));
		break;
	case RELATION_ELSEWHERE:
		break;
	}
	return out.addr.family ? out : elsewhere(h, a, table);
}

static void take_aim(struct attempt *a, const struct aim *to)
{
	a->addr = to->addr;
	a->scope = to->scope;
	memcpy(a->scope_name, to->scope_name, sizeof a->scope_name);
}

// Keeps the options that a socket of the family has; an option with two names is kept under the other name.
static void take_options(struct attempt *a)
{
	static const enum option_id same[OPT_COUNT] = {
		[OPT_FREEBIND6] = OPT_FREEBIND, [OPT_TRANSPARENT6] = OPT_TRANSPARENT};
	unsigned n = 0;
	for (unsigned i = 0; i < a->nsettings; i++) {
		struct setting s = a->settings[i];
		bool four = a->family == AF_INET;
		if (four && (s.option == OPT_FREEBIND6 || s.option == OPT_TRANSPARENT6))
			s.option = same[s.option];
		if (four ? option_info(s.option)->inet : option_info(s.option)->inet6)
			a->settings[n++] = s;
	}
	a->nsettings = n;
}

// A wrong argument of bind() stays wrong in the same way.
static void take_arguments(struct attempt *out, const struct attempt *a)
{
	static const int sizes[] = {sizeof(struct sockaddr_in), sizeof(struct sockaddr_in6)};
	bool four = a->addr.family == AF_INET;
	if (a->sa_family == AF_INET || a->sa_family == AF_INET6)
		out->sa_family = other_family((uint8_t)a->sa_family);
	if (a->addrlen == sizes[!four])
		out->addrlen = sizes[four];
	if (a->kind == KIND_RAW && (a->raw_protocol == IPPROTO_ICMP || a->raw_protocol == IPPROTO_ICMPV6))
		out->raw_protocol = four ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

static struct attempt translate(const struct host *h, const struct attempt *a, const struct aim *to)
{
	struct attempt out = *a;
	take_aim(&out, to);
	out.family = other_family(a->family);
	take_options(&out);
	take_arguments(&out, a);
	if (a->then.dest.addr.family) {
		struct addr dest = addr_unmapped(&a->then.dest.addr);
		out.then.dest.addr = other_aim(h, &dest, table_of(h, a)).addr;
		out.then.dest_scope = 0;
		out.then.dest.scope[0] = '\0';
	}
	return out;
}

struct attempt counterpart(const struct host *h, const struct attempt *a)
{
	struct addr real = addr_unmapped(&a->addr);
	struct aim to = addr_is_mapped(&a->addr) ? aim_at(&real) : other_aim(h, &a->addr, table_of(h, a));
	return translate(h, a, &to);
}

static struct aim aim_of(const struct attempt *a)
{
	struct aim out = {.addr = a->addr, .scope = a->scope};
	memcpy(out.scope_name, a->scope_name, sizeof out.scope_name);
	return out;
}

static bool same_aim(const struct aim *a, const struct aim *b)
{
	return addr_equal(&a->addr, &b->addr) && a->scope == b->scope;
}

void pairs_note(struct pairs *p, const struct host *h, const struct attempt *from, const struct attempt *to, bool asked)
{
	struct aim pair[2] = {aim_of(from), aim_of(to)};
	unsigned at = 0;
	if (!from->addr.family || from->addr.family == to->addr.family ||
	    (!asked && relation_of(h, from) != relation_of(h, to)))
		return;
	while (at < PAIRS - 1 && !(same_aim(&p->at[at][0], &pair[0]) && same_aim(&p->at[at][1], &pair[1])) &&
	       !(same_aim(&p->at[at][0], &pair[1]) && same_aim(&p->at[at][1], &pair[0])))
		at++;
	memmove(p->at[1], p->at[0], at * sizeof p->at[0]);
	memcpy(p->at[0], pair, sizeof pair);
}

struct attempt pairs_counterpart(const struct pairs *p, const struct host *h, const struct attempt *a)
{
	const struct aim here = aim_of(a);
	for (unsigned i = 0; i < PAIRS && a->addr.family; i++)
		for (unsigned side = 0; side < 2; side++)
			if (same_aim(&p->at[i][side], &here))
				return translate(h, a, &p->at[i][!side]);
	return counterpart(h, a);
}
