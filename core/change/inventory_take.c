// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/inventory_take.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/observe/nl_attr.h"
#include "core/observe/nl_parse.h"

enum {
	ADDR_FLAGS = IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_NOPREFIXROUTE | IFA_F_MANAGETEMPADDR | IFA_F_MCAUTOJOIN,
	NUMBER_IFA_PROTO = 11, // since 5.18
};

static struct edit thing(enum edit_kind kind)
{
	struct edit e;
	memset(&e, 0, sizeof e); // whole-value comparison in tests
	e.kind = kind;
	e.add = true;
	return e;
}

int inventory_take_edit(struct inventory_reading *r, const struct edit *e)
{
	if (!(r->kinds & 1U << e->kind) || (r->wants && !r->wants(e, r->data)))
		return 0;
	return inventory_add(r->out, e);
}

// Links

struct inventory_link {
	struct link link;
	uint32_t mtu, lower; // IFLA_LINK
	bool elsewhere;      // the lower one is in another namespace
};

static int note_link(struct inventory_reading *r, const struct nlmsghdr *m)
{
	struct inventory_link l = {0};
	struct ifinfomsg head;
	struct bytes rest;
	struct attrs t;
	int rc = nl_parse_link(m, &l.link);
	if (rc < 0 || !split_message(m, &head, sizeof head, &rest) || (rc = attrs_collect(rest, &t)) < 0)
		return rc;
	get_u32(t.at[IFLA_MTU], &l.mtu);
	get_u32(t.at[IFLA_LINK], &l.lower);
	l.elsewhere = t.at[IFLA_LINK_NETNSID].data;
	if (r->nlinks == r->links_cap) {
		size_t cap = r->links_cap ? r->links_cap * 2 : 16;
		struct inventory_link *more = realloc(r->links, cap * sizeof *more);
		if (!more)
			return -ENOMEM;
		r->links = more;
		r->links_cap = cap;
	}
	r->links[r->nlinks++] = l;
	return 0;
}

// An interface's name, "?INDEX" where there is none.
static void name_of(const struct inventory_reading *r, uint32_t index, char out[static 16])
{
	for (size_t i = 0; i < r->nlinks; i++)
		if (r->links[i].link.index == index) {
			memcpy(out, r->links[i].link.name, 16);
			return;
		}
	snprintf(out, 16, "?%u", index);
}

static int take_link(struct inventory_reading *r, const struct inventory_link *l)
{
	const char *kind = l->link.kind;
	struct edit e = thing(EDIT_LINK), up = thing(EDIT_UP), mtu = thing(EDIT_MTU), master = thing(EDIT_MASTER);
	memcpy(e.dev, l->link.name, sizeof e.dev);
	memcpy(e.link.type, kind, sizeof e.link.type);
	e.link.table = l->link.vrf_table;
	e.link.index = l->link.index;
	e.link.no_carrier = (l->link.flags & (IFF_UP | IFF_LOWER_UP)) == IFF_UP;
	e.by_kernel = l->link.flags & IFF_LOOPBACK;
	bool veth = strcmp(kind, "veth") == 0;
	if (veth && l->elsewhere && r->has_neighbour) {
		e.link.neighbour = true; // both ends have the same name
		memcpy(e.link.peer, e.dev, sizeof e.link.peer);
	} else if (veth && l->elsewhere) {
		e.odd = "an end in another namespace";
	} else if (veth) {
		name_of(r, l->lower, e.link.peer);
		e.link.peer_index = l->lower;
	} else if (strcmp(kind, "dummy") != 0 && strcmp(kind, "vrf") != 0) {
		e.odd = "a device behind it";
		if (l->lower && !l->elsewhere)
			name_of(r, l->lower, e.link.peer); // of a VLAN, say, what it is on
	}
	memcpy(up.dev, e.dev, sizeof up.dev);
	up.add = l->link.flags & IFF_UP;
	memcpy(mtu.dev, e.dev, sizeof mtu.dev);
	mtu.mtu = l->mtu;
	memcpy(master.dev, e.dev, sizeof master.dev);
	if (l->link.master)
		name_of(r, l->link.master, master.master);
	int rc = inventory_take_edit(r, &e);
	rc = rc ? rc : inventory_take_edit(r, &up);
	rc = rc ? rc : inventory_take_edit(r, &mtu);
	return rc ? rc : inventory_take_edit(r, &master);
}

int inventory_take_links(struct inventory_reading *r)
{
	int rc = 0;
	for (size_t i = 0; i < r->nlinks && rc == 0; i++)
		rc = take_link(r, &r->links[i]);
	return rc;
}

// Addresses

static const struct addr loopback6 = {AF_INET6, {[15] = 1}};

// IPv6 makes link-local and loopback addresses along with an interface, IPv4 that of lo, and routers' words make
// others.
static bool addr_by_kernel(const struct edit *e, struct bytes proto)
{
	const struct addr *a = &e->addr.addr;
	uint8_t value;
	if (get_u8(proto, &value))
		return value != 0;
	if (a->family == AF_INET)
		return strcmp(e->dev, "lo") == 0 && addr_v4(a) == INADDR_LOOPBACK && e->addr.len == 8;
	return addr_equal(a, &loopback6);
}

static int take_addr(struct inventory_reading *r, const struct nlmsghdr *m)
{
	struct edit e = thing(EDIT_ADDR);
	struct host_addr base;
	struct ifaddrmsg head;
	struct bytes rest;
	struct attrs t;
	int rc = nl_parse_addr(m, &base);
	if (rc < 0 || !split_message(m, &head, sizeof head, &rest) || (rc = attrs_collect(rest, &t)) < 0)
		return rc;
	bool six = base.addr.family == AF_INET6;
	name_of(r, base.index, e.dev);
	e.addr = (struct edit_addr){.addr = base.addr,
				    .len = base.prefixlen,
				    .flags = base.flags & ADDR_FLAGS,
				    .valid = base.valid,
				    .preferred = base.preferred};
	struct addr far;
	if (get_addr(t.at[IFA_ADDRESS], base.addr.family, &far) && !addr_equal(&far, &base.addr))
		e.addr.peer = far;
	get_addr(t.at[IFA_BROADCAST], base.addr.family, &e.addr.broadcast);
	// IPv6 has the scope from the address.
	uint8_t usual = base.addr.bytes[0] == 127 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
	e.addr.has_scope = !six && base.scope != usual;
	e.addr.scope = e.addr.has_scope ? base.scope : 0;
	e.addr.failed = base.flags & IFA_F_DADFAILED;
	e.addr.tentative = (base.flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) == IFA_F_TENTATIVE;
	// An address that is settled, or good before it is (optimistic), would have to wait again; ::1 never waits.
	if (six && !e.addr.tentative && !e.addr.failed && !addr_equal(&base.addr, &loopback6))
		e.addr.flags |= IFA_F_NODAD;
	char label[16] = "";
	uint32_t metric = 0;
	get_text(t.at[IFA_LABEL], label, sizeof label);
	get_u32(t.at[IFA_RT_PRIORITY], &metric);
	e.odd = label[0] && strcmp(label, e.dev) != 0 ? "a label of its own" : metric ? "a metric" : NULL;
	e.by_kernel = addr_by_kernel(&e, t.at[NUMBER_IFA_PROTO]) || (six && base.flags & IFA_F_TEMPORARY);
	return inventory_take_edit(r, &e);
}

// Next hop objects

static int take_nexthop(struct inventory_reading *r, const struct nlmsghdr *m)
{
	struct edit e = thing(EDIT_NEXTHOP);
	struct nexthop_grp member;
	struct nhmsg head;
	struct bytes rest;
	struct attrs t;
	uint32_t oif;
	if (!split_message(m, &head, sizeof head, &rest) || attrs_collect(rest, &t) < 0 ||
	    !get_u32(t.at[NHA_ID], &e.nexthop.id))
		return -EBADMSG;
	e.nexthop.family = head.nh_family == AF_INET6 ? AF_INET6 : AF_INET;
	e.nexthop.blackhole = t.at[NHA_BLACKHOLE].data;
	if (get_u32(t.at[NHA_OIF], &oif))
		name_of(r, oif, e.dev);
	if (t.at[NHA_GROUP].data)
		e.odd = "several next hops";
	else if (t.at[NHA_GATEWAY].data)
		e.odd = "a gateway";
	else if (t.at[NHA_ENCAP].data)
		e.odd = "an encapsulation";
	for (size_t at = 0; at + sizeof member <= t.at[NHA_GROUP].len && e.nexthop.nmembers < EDIT_GROUP;
	     at += sizeof member) {
		// NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): without data the length is 0
		memcpy(&member, t.at[NHA_GROUP].data + at, sizeof member);
		e.nexthop.members[e.nexthop.nmembers++] = member.id;
	}
	return inventory_take_edit(r, &e);
}

// Routes

static void take_gateway(const struct attrs *t, uint8_t family, struct edit *e)
{
	const struct bytes *via = &t->at[RTA_VIA];
	struct rtvia head;
	e->route.via = (struct addr){0};
	get_addr(t->at[RTA_GATEWAY], family, &e->route.via);
	if (via->len < sizeof head)
		return;
	memcpy(&head, via->data, sizeof head);
	if (head.rtvia_family != AF_INET && head.rtvia_family != AF_INET6)
		return;
	get_addr((struct bytes){via->data + sizeof head, via->len - sizeof head}, (uint8_t)head.rtvia_family,
		 &e->route.via);
}

static const char *route_oddity(const struct attrs *t, bool multipath)
{
	struct rta_cacheinfo life = {0};
	if (t->at[RTA_CACHEINFO].len >= sizeof life)
		memcpy(&life, t->at[RTA_CACHEINFO].data, sizeof life);
	return multipath                 ? "several next hops"
	       : t->at[RTA_METRICS].data ? "metrics such as mtu"
	       : t->at[RTA_ENCAP].data   ? "an encapsulation"
	       : t->at[RTA_SRC].data     ? "a source prefix"
	       : t->at[RTA_FLOW].data    ? "a realm"
	       : life.rta_expires        ? "a lifetime"
					 : NULL;
}

// Several gateways of IPv6 are as many routes, which are added and taken away one by one.
static int take_each_hop(struct inventory_reading *r, struct edit *e, struct bytes hops)
{
	struct rtnexthop hop;
	struct bytes rest;
	struct attrs t;
	const char *odd = e->odd;
	int rc = 0, more;
	while (rc == 0 && (more = next_hop(&hops, &hop, &rest)) != 0) {
		if (more < 0 || attrs_collect(rest, &t) < 0)
			return -EBADMSG;
		name_of(r, (uint32_t)hop.rtnh_ifindex, e->dev);
		take_gateway(&t, AF_INET6, e);
		e->route.onlink = hop.rtnh_flags & RTNH_F_ONLINK;
		e->odd = hop.rtnh_hops          ? "next hops of unequal weight"
			 : t.at[RTA_ENCAP].data ? "an encapsulation"
						: odd;
		rc = inventory_take_edit(r, e);
	}
	return rc;
}

static int take_route(struct inventory_reading *r, const struct nlmsghdr *m)
{
	struct edit e = thing(EDIT_ROUTE);
	struct prefix dst;
	struct route_info info;
	struct rtmsg head;
	struct bytes rest;
	struct attrs t;
	int rc = nl_parse_route(m, &dst, &info);
	if (rc < 0 || !split_message(m, &head, sizeof head, &rest) || (rc = attrs_collect(rest, &t)) < 0)
		return rc;
	uint8_t family = dst.addr.family;
	bool each = family == AF_INET6 && !info.nhid && t.at[RTA_MULTIPATH].data;
	e.route = (struct edit_route){.dst = dst,
				      .table = info.table,
				      .metric = info.metric,
				      .nhid = info.nhid,
				      .type = info.type,
				      .tos = info.tos,
				      .protocol = info.protocol,
				      .onlink = head.rtm_flags & RTNH_F_ONLINK};
	get_addr(t.at[RTA_PREFSRC], family, &e.route.src);
	// A next hop object says the rest, and IPv6 reports lo for routes that refuse.
	bool refuses = info.type == RTN_BLACKHOLE || info.type == RTN_UNREACHABLE || info.type == RTN_PROHIBIT ||
		       info.type == RTN_THROW;
	if (!info.nhid)
		take_gateway(&t, family, &e);
	if (!info.nhid && info.oif && !(refuses && family == AF_INET6))
		name_of(r, info.oif, e.dev); // of several next hops, the one that a lookup finds
	uint8_t usual = edit_default_scope(info.type, e.route.via.family || info.nhid);
	e.route.has_scope = family == AF_INET && info.scope != usual;
	e.route.scope = e.route.has_scope ? info.scope : 0;
	if (info.nhid)
		e.odd = info.type == RTN_BLACKHOLE ? "a next hop that hides its type" : NULL;
	else
		e.odd = route_oddity(&t, t.at[RTA_MULTIPATH].data && !each);
	e.by_kernel = info.protocol == RTPROT_KERNEL || info.protocol == RTPROT_RA || info.protocol == RTPROT_REDIRECT;
	return each ? take_each_hop(r, &e, t.at[RTA_MULTIPATH]) : inventory_take_edit(r, &e);
}

// Rules

static const char *rule_oddity(const struct rule *r, const struct attrs *t)
{
	if (r->action == FR_ACT_GOTO || r->action == FR_ACT_NOP)
		return "a goto";
	if (r->suppresses || r->suppresses_group)
		return "a suppressor";
	if (r->of_users || r->ipproto || r->source.low || r->dest.low || t->at[FRA_TUN_ID].data || t->at[FRA_FLOW].data)
		return "a selector of users, ports or the like";
	return NULL;
}

static int take_rule(struct inventory_reading *r, const struct nlmsghdr *m)
{
	struct edit e = thing(EDIT_RULE);
	struct fib_rule_hdr head;
	struct bytes rest;
	struct attrs t;
	int rc = nl_parse_rule(m, &e.rule.rule);
	if (rc < 0 || !split_message(m, &head, sizeof head, &rest) || (rc = attrs_collect(rest, &t)) < 0)
		return rc;
	e.rule.has_priority = true;
	get_u8(t.at[FRA_PROTOCOL], &e.rule.protocol);
	e.odd = rule_oddity(&e.rule.rule, &t);
	// The rule of VRFs, which comes with the first of them and stays.
	e.by_kernel = e.rule.rule.l3mdev && e.rule.protocol == RTPROT_KERNEL;
	return inventory_take_edit(r, &e);
}

int inventory_take(struct inventory_reading *r, const struct nlmsghdr *m)
{
	int rc = 0;
	switch (m->nlmsg_type) {
	case RTM_NEWLINK:
		rc = note_link(r, m);
		break;
	case RTM_NEWADDR:
		rc = take_addr(r, m);
		break;
	case RTM_NEWNEXTHOP:
		rc = take_nexthop(r, m);
		break;
	case RTM_NEWROUTE:
		rc = take_route(r, m);
		break;
	case RTM_NEWRULE:
		rc = take_rule(r, m);
		break;
	}
	return rc == -ENOMSG ? 0 : rc; // of another family
}
