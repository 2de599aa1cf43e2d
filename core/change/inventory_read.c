// SPDX-License-Identifier: GPL-3.0-or-later
// Dumps of rtnetlink as edits. Whatever a thing has that the language has no words for makes it odd, and is named.
#include "core/change/inventory_read.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <linux/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/change/inventory_reading.h"
#include "core/change/inventory_route.h"
#include "core/change/inventory_sysctl.h"
#include "core/change/lab.h"
#include "core/observe/nl.h"

enum {
	ADDR_FLAGS = IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_NOPREFIXROUTE | IFA_F_MANAGETEMPADDR | IFA_F_MCAUTOJOIN,
	NUMBER_IFA_PROTO = 11, // since 5.18
	RULE_UNUSED = 0xffffffff
};

// Links

static int take_name(const struct nlmsghdr *m, void *data)
{
	struct reading *r = data;
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(m);
	struct attrs t = {0};
	if (m->nlmsg_type != RTM_NEWLINK || ifi->ifi_family != AF_UNSPEC)
		return 0;
	mnl_attr_parse(m, sizeof *ifi, attrs_collect, &t);
	if (r->nnames == r->names_cap) {
		size_t cap = r->names_cap ? r->names_cap * 2 : 16;
		struct name *more = realloc(r->names, cap * sizeof *more);
		if (!more)
			return -ENOMEM;
		r->names = more;
		r->names_cap = cap;
	}
	struct name *n = &r->names[r->nnames++];
	n->index = (uint32_t)ifi->ifi_index;
	attr_name(t.at[IFLA_IFNAME], n->name);
	return 0;
}

static void link_kind(const struct nlattr *info, struct edit *e)
{
	struct attrs t = {0}, data = {0};
	if (!info)
		return;
	mnl_attr_parse_nested(info, attrs_collect, &t);
	attr_name(t.at[IFLA_INFO_KIND], e->link.type);
	if (strcmp(e->link.type, "vrf") == 0 && t.at[IFLA_INFO_DATA]) {
		mnl_attr_parse_nested(t.at[IFLA_INFO_DATA], attrs_collect, &data);
		e->link.table = attr_u32(data.at[IFLA_VRF_TABLE], 0);
	}
}

static int take_link(const struct nlmsghdr *m, void *data)
{
	struct reading *r = data;
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(m);
	struct attrs t = {0};
	struct edit e;
	memset(&e, 0, sizeof e);
	if (m->nlmsg_type != RTM_NEWLINK || ifi->ifi_family != AF_UNSPEC)
		return 0;
	mnl_attr_parse(m, sizeof *ifi, attrs_collect, &t);
	e.kind = EDIT_LINK;
	e.add = true;
	attr_name(t.at[IFLA_IFNAME], e.dev);
	link_kind(t.at[IFLA_LINKINFO], &e);
	e.link.index = (uint32_t)ifi->ifi_index;
	e.link.no_carrier = (ifi->ifi_flags & (IFF_UP | IFF_LOWER_UP)) == IFF_UP;
	bool veth = strcmp(e.link.type, "veth") == 0;
	if (veth && t.at[IFLA_LINK_NETNSID] && lab_has_neighbour()) {
		e.link.neighbour = true; // where ends have the same name
		memcpy(e.link.peer, e.dev, sizeof e.link.peer);
	} else if (veth && t.at[IFLA_LINK_NETNSID])
		e.odd = "an end in another namespace";
	else if (veth)
		reading_name(r, attr_u32(t.at[IFLA_LINK], 0), e.link.peer);
	else if (strcmp(e.link.type, "dummy") != 0 && strcmp(e.link.type, "vrf") != 0)
		e.odd = "a device behind it";
	e.by_kernel = ifi->ifi_flags & IFF_LOOPBACK;
	int rc = reading_keep(r, &e);
	struct edit up, master, mtu;
	memset(&mtu, 0, sizeof mtu);
	mtu.kind = EDIT_MTU;
	mtu.add = true;
	memcpy(mtu.dev, e.dev, sizeof mtu.dev);
	mtu.mtu = attr_u32(t.at[IFLA_MTU], 0);
	memset(&up, 0, sizeof up);
	memset(&master, 0, sizeof master);
	memcpy(up.dev, e.dev, sizeof up.dev);
	memcpy(master.dev, e.dev, sizeof master.dev);
	up.kind = EDIT_UP;
	up.add = ifi->ifi_flags & IFF_UP;
	master.kind = EDIT_MASTER;
	master.add = true;
	if (t.at[IFLA_MASTER])
		reading_name(r, attr_u32(t.at[IFLA_MASTER], 0), master.master);
	rc = rc ? rc : reading_keep(r, &up);
	rc = rc ? rc : reading_keep(r, &mtu);
	return rc ? rc : reading_keep(r, &master);
}

// Addresses

static const struct addr loopback6 = {AF_INET6, {[15] = 1}};

// IPv6 makes link-local and loopback addresses along with an interface, IPv4 that of lo, and routers' words make others.
static bool addr_by_kernel(const struct edit *e, const struct attrs *t)
{
	if (t->at[NUMBER_IFA_PROTO])
		return attr_u8(t->at[NUMBER_IFA_PROTO], 0) != 0;
	const struct addr *a = &e->addr.addr;
	if (a->family == AF_INET)
		return strcmp(e->dev, "lo") == 0 && addr_v4(a) == INADDR_LOOPBACK && e->addr.len == 8;
	return addr_equal(a, &loopback6);
}

static int take_addr(const struct nlmsghdr *m, void *data)
{
	struct reading *r = data;
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(m);
	struct attrs t = {0};
	struct edit e;
	memset(&e, 0, sizeof e);
	if (m->nlmsg_type != RTM_NEWADDR || ifa->ifa_family != r->family)
		return 0;
	mnl_attr_parse(m, sizeof *ifa, attrs_collect, &t);
	e.kind = EDIT_ADDR;
	e.add = true;
	reading_name(r, ifa->ifa_index, e.dev);
	struct addr local = attr_addr(t.at[IFA_LOCAL], r->family), address = attr_addr(t.at[IFA_ADDRESS], r->family);
	e.addr.addr = local.family ? local : address;
	if (local.family && address.family && !addr_equal(&local, &address))
		e.addr.peer = address;
	e.addr.broadcast = attr_addr(t.at[IFA_BROADCAST], r->family);
	e.addr.len = ifa->ifa_prefixlen;
	uint32_t flags = attr_u32(t.at[IFA_FLAGS], ifa->ifa_flags);
	e.addr.flags = flags & ADDR_FLAGS;
	bool loopback = r->family == AF_INET && e.addr.addr.bytes[0] == 127;
	e.addr.scope = ifa->ifa_scope;
	// IPv6 has the scope from the address.
	e.addr.has_scope = r->family == AF_INET && ifa->ifa_scope != (loopback ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE);
	if (!e.addr.has_scope)
		e.addr.scope = 0;
	e.addr.valid = e.addr.preferred = UINT32_MAX;
	if (t.at[IFA_CACHEINFO] && mnl_attr_get_payload_len(t.at[IFA_CACHEINFO]) >= sizeof(struct ifa_cacheinfo)) {
		const struct ifa_cacheinfo *life = mnl_attr_get_payload(t.at[IFA_CACHEINFO]);
		e.addr.valid = life->ifa_valid;
		e.addr.preferred = life->ifa_prefered;
	}
	e.addr.failed = flags & IFA_F_DADFAILED;
	e.addr.tentative = (flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) == IFA_F_TENTATIVE;
	// An address that is settled, or good before it is (optimistic), would have to wait again; ::1 never waits.
	if (r->family == AF_INET6 && !e.addr.tentative && !e.addr.failed && !addr_equal(&e.addr.addr, &loopback6))
		e.addr.flags |= IFA_F_NODAD;
	char label[16];
	attr_name(t.at[IFA_LABEL], label);
	if (label[0] && strcmp(label, e.dev) != 0)
		e.odd = "a label of its own";
	else if (attr_u32(t.at[IFA_RT_PRIORITY], 0))
		e.odd = "a metric";
	e.by_kernel = addr_by_kernel(&e, &t) || (r->family == AF_INET6 && flags & IFA_F_TEMPORARY);
	return reading_keep(r, &e);
}

// Rules

static const char *rule_oddity(const struct attrs *t, uint8_t action)
{
	if (action == FR_ACT_GOTO || action == FR_ACT_NOP)
		return "a goto";
	if (attr_u32(t->at[FRA_SUPPRESS_PREFIXLEN], RULE_UNUSED) != RULE_UNUSED ||
	    attr_u32(t->at[FRA_SUPPRESS_IFGROUP], RULE_UNUSED) != RULE_UNUSED)
		return "a suppressor";
	if (t->at[FRA_UID_RANGE] || t->at[FRA_IP_PROTO] || t->at[FRA_SPORT_RANGE] || t->at[FRA_DPORT_RANGE] ||
	    t->at[FRA_TUN_ID] || t->at[FRA_FLOW])
		return "a selector of users, ports or the like";
	return NULL;
}

static struct prefix get_prefix(const struct nlattr *a, int family, uint8_t len)
{
	struct prefix p = {.addr = attr_addr(a, family), .len = len};
	return len ? p : (struct prefix){0};
}

static int take_rule(const struct nlmsghdr *m, void *data)
{
	struct reading *r = data;
	const struct fib_rule_hdr *head = mnl_nlmsg_get_payload(m);
	struct attrs t = {0};
	struct edit e;
	memset(&e, 0, sizeof e);
	if (m->nlmsg_type != RTM_NEWRULE || head->family != r->family)
		return 0;
	mnl_attr_parse(m, sizeof *head, attrs_collect, &t);
	struct rule *out = &e.rule.rule;
	e.kind = EDIT_RULE;
	e.add = true;
	e.rule.has_priority = true;
	out->tos = head->tos;
	e.rule.protocol = attr_u8(t.at[FRA_PROTOCOL], 0);
	out->invert = head->flags & FIB_RULE_INVERT;
	out->family = head->family;
	out->action = head->action;
	out->priority = attr_u32(t.at[FRA_PRIORITY], 0);
	out->table = attr_u32(t.at[FRA_TABLE], head->table);
	out->from = get_prefix(t.at[FRA_SRC], r->family, head->src_len);
	out->to = get_prefix(t.at[FRA_DST], r->family, head->dst_len);
	attr_name(t.at[FRA_IIFNAME], out->iif);
	attr_name(t.at[FRA_OIFNAME], out->oif);
	out->mark = attr_u32(t.at[FRA_FWMARK], 0);
	out->mask = attr_u32(t.at[FRA_FWMASK], 0);
	out->l3mdev = attr_u8(t.at[FRA_L3MDEV], 0) != 0;
	e.odd = rule_oddity(&t, head->action);
	// The rule of VRFs, which comes with the first of them and stays.
	e.by_kernel = out->l3mdev && e.rule.protocol == RTPROT_KERNEL;
	return reading_keep(r, &e);
}

// Dumps. The family's header is as large as that of any of them.

static int dump(struct nl *nl, struct reading *r, uint16_t type, size_t head, int family, nl_each *each)
{
	_Alignas(struct nlmsghdr) char buf[128];
	int rc = -EAGAIN;
	size_t before = r->out->n;
	for (int i = 0; i < NL_DUMP_TRIES && rc == -EAGAIN; i++) {
		struct nlmsghdr *m = mnl_nlmsg_put_header(buf);
		m->nlmsg_type = type;
		*(uint8_t *)mnl_nlmsg_put_extra_header(m, head) = (uint8_t)family;
		r->family = family;
		r->out->n = r->group = before;
		r->group_wanted = false;
		if (each == take_name)
			r->nnames = 0;
		rc = nl_dump(nl, m, each, r);
	}
	if (r->by_key && (type == RTM_GETROUTE || type == RTM_GETRULE))
		reading_end_group(r);
	// A kernel without the family, or without next hop objects.
	return rc == -EOPNOTSUPP || rc == -EAFNOSUPPORT ? 0 : rc;
}

static bool reads(const struct reading *r, enum edit_kind kind)
{
	return r->kinds & 1U << kind;
}

static int read_all(struct nl *nl, struct reading *r)
{
	static const int families[] = {AF_INET, AF_INET6};
	int rc = dump(nl, r, RTM_GETLINK, sizeof(struct ifinfomsg), AF_UNSPEC, take_name);
	if (rc == 0 && (reads(r, EDIT_LINK) || reads(r, EDIT_UP) || reads(r, EDIT_MASTER) || reads(r, EDIT_MTU)))
		rc = dump(nl, r, RTM_GETLINK, sizeof(struct ifinfomsg), AF_UNSPEC, take_link);
	for (int i = 0; i < 2 && rc == 0 && reads(r, EDIT_ADDR); i++)
		rc = dump(nl, r, RTM_GETADDR, sizeof(struct ifaddrmsg), families[i], take_addr);
	if (rc == 0 && reads(r, EDIT_NEXTHOP))
		rc = dump(nl, r, RTM_GETNEXTHOP, sizeof(struct nhmsg), AF_UNSPEC, reading_nexthop);
	for (int i = 0; i < 2 && rc == 0 && reads(r, EDIT_ROUTE); i++)
		rc = dump(nl, r, RTM_GETROUTE, sizeof(struct rtmsg), families[i], reading_route);
	for (int i = 0; i < 2 && rc == 0 && reads(r, EDIT_RULE); i++)
		rc = dump(nl, r, RTM_GETRULE, sizeof(struct fib_rule_hdr), families[i], take_rule);
	return rc;
}

static int keep_sysctl(const struct edit *e, void *data)
{
	return reading_keep(data, e);
}

static int read_scene(struct reading *r)
{
	struct nl *nl = NULL;
	*r->out = (struct inventory){0};
	int rc = 0;
	if (r->kinds & ~(1U << EDIT_SYSCTL)) {
		rc = nl_open(&nl, NETLINK_ROUTE);
		if (rc == 0)
			rc = read_all(nl, r);
	}
	if (rc == 0 && reads(r, EDIT_SYSCTL))
		rc = sysctl_each(keep_sysctl, r);
	nl_close(nl);
	free(r->names);
	if (rc < 0)
		inventory_free(r->out);
	return rc;
}

int inventory_read(struct inventory *out, unsigned kinds, inventory_wants *wants, void *data)
{
	return read_scene(&(struct reading){.out = out, .kinds = kinds, .wants = wants, .data = data});
}

struct around {
	const struct edit *edit;
	const struct inventory *back; // NULL for none
	size_t hint;
};

static bool is_around(const struct edit *fact, void *data)
{
	struct around *a = data;
	return edit_same_object(a->edit, fact) || edit_same_key(a->edit, fact) || inventory_endangers(a->edit, fact) ||
	       (fact->kind == EDIT_NEXTHOP && fact->nexthop.nmembers) ||
	       (a->back && inventory_find_from(a->back, fact, &a->hint));
}

static unsigned kinds_around(const struct edit *e)
{
	static const unsigned things = 1 << EDIT_ADDR | 1 << EDIT_NEXTHOP | 1 << EDIT_ROUTE;
	switch (e->kind) {
	case EDIT_LINK:
		return e->add ? 1 << EDIT_LINK : INVENTORY_ALL;
	case EDIT_UP:
	case EDIT_MASTER:
		return things;
	case EDIT_MTU:
		return things | 1 << EDIT_SYSCTL;
	case EDIT_ADDR:
		return e->add ? 0 : 1 << EDIT_ROUTE;
	case EDIT_NEXTHOP:
		return 1 << EDIT_ROUTE;
	case EDIT_SYSCTL:
		return strstr(e->sysctl.name, "disable_ipv6") ? things : 0;
	default:
		return 0;
	}
}

int inventory_read_around(struct inventory *out, const struct edit *e, const struct inventory *back)
{
	struct around around = {.edit = e, .back = back};
	struct reading r = {.out = out,
			    .kinds = kinds_around(e) | 1U << e->kind,
			    .wants = e->kind == EDIT_LINK ? NULL : is_around, // of a veth pair the other end, too
			    .data = &around,
			    .by_key = e->kind != EDIT_LINK};
	for (size_t i = 0; back && i < back->n; i++)
		r.kinds |= 1U << back->edits[i].kind;
	if (r.kinds == 1 << EDIT_SYSCTL && !inventory_sysctl_spreads(e->sysctl.name)) {
		*out = (struct inventory){0};
		r.wants = NULL;
		return sysctl_one(e->sysctl.name, keep_sysctl, &r);
	}
	return read_scene(&r);
}
