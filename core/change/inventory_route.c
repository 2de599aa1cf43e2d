// SPDX-License-Identifier: GPL-3.0-or-later
// Next hop objects and routes of a dump as edits.
#include "core/change/inventory_route.h"

#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>

#include "core/change/inventory_reading.h"
#include "core/observe/nl_parse.h"

static void take_members(const struct nlattr *group, struct edit *e)
{
	const struct nexthop_grp *members = mnl_attr_get_payload(group);
	size_t n = mnl_attr_get_payload_len(group) / sizeof *members;
	e->odd = "several next hops";
	for (size_t i = 0; i < n && i < EDIT_GROUP; i++)
		e->nexthop.members[e->nexthop.nmembers++] = members[i].id;
}

int reading_nexthop(const struct nlmsghdr *m, void *data)
{
	struct reading *r = data;
	const struct nhmsg *nhm = mnl_nlmsg_get_payload(m);
	struct attrs t = {0};
	struct edit e;
	memset(&e, 0, sizeof e);
	if (m->nlmsg_type != RTM_NEWNEXTHOP)
		return 0;
	mnl_attr_parse(m, sizeof *nhm, attrs_collect, &t);
	e.kind = EDIT_NEXTHOP;
	e.add = true;
	e.nexthop.id = attr_u32(t.at[NHA_ID], 0);
	e.nexthop.family = nhm->nh_family == AF_INET6 ? AF_INET6 : AF_INET;
	e.nexthop.blackhole = t.at[NHA_BLACKHOLE] != NULL;
	if (t.at[NHA_OIF])
		reading_name(r, attr_u32(t.at[NHA_OIF], 0), e.dev);
	if (t.at[NHA_GROUP])
		take_members(t.at[NHA_GROUP], &e);
	else if (t.at[NHA_GATEWAY])
		e.odd = "a gateway";
	else if (t.at[NHA_ENCAP])
		e.odd = "an encapsulation";
	return reading_keep(r, &e);
}

static void take_gateway(const struct attrs *t, int family, struct edit *e)
{
	const struct nlattr *via = t->at[RTA_VIA];
	e->route.via = attr_addr(t->at[RTA_GATEWAY], family);
	if (!via || mnl_attr_get_payload_len(via) < offsetof(struct rtvia, rtvia_addr))
		return;
	const struct rtvia *v = mnl_attr_get_payload(via);
	size_t len = v->rtvia_family == AF_INET ? 4 : 16;
	if (mnl_attr_get_payload_len(via) < offsetof(struct rtvia, rtvia_addr) + len)
		return;
	e->route.via.family = (uint8_t)v->rtvia_family;
	memcpy(e->route.via.bytes, v->rtvia_addr, len);
}

static const char *route_oddity(const struct attrs *t)
{
	const struct rta_cacheinfo *life = t->at[RTA_CACHEINFO] ? mnl_attr_get_payload(t->at[RTA_CACHEINFO]) : NULL;
	if (t->at[RTA_MULTIPATH])
		return "several next hops";
	if (t->at[RTA_METRICS])
		return "metrics such as mtu";
	if (t->at[RTA_ENCAP])
		return "an encapsulation";
	if (t->at[RTA_SRC])
		return "a source prefix";
	if (t->at[RTA_FLOW])
		return "a realm";
	return life && life->rta_expires ? "a lifetime" : NULL;
}

// Several gateways of IPv6 are as many routes, which are added and taken away one by one.
static int keep_each_hop(struct reading *r, struct edit *e, const struct nlattr *multipath)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(multipath);
	int left = mnl_attr_get_payload_len(multipath), rc = 0;
	const char *odd = e->odd;
	for (; rc == 0 && left >= (int)sizeof *hop && hop->rtnh_len >= sizeof *hop && hop->rtnh_len <= left;
	     hop = (const struct rtnexthop *)((const char *)hop + RTNH_ALIGN(hop->rtnh_len))) {
		struct attrs t = {0};
		const struct nlattr *a = (const struct nlattr *)(hop + 1);
		int len = hop->rtnh_len - (int)sizeof *hop;
		for (; mnl_attr_ok(a, len); a = mnl_attr_next(a)) {
			attrs_collect(a, &t);
			len -= MNL_ALIGN(a->nla_len);
		}
		left -= RTNH_ALIGN(hop->rtnh_len);
		reading_name(r, (uint32_t)hop->rtnh_ifindex, e->dev);
		take_gateway(&t, r->family, e);
		e->route.onlink = hop->rtnh_flags & RTNH_F_ONLINK;
		e->odd = hop->rtnh_hops ? "next hops of unequal weight" : t.at[RTA_ENCAP] ? "an encapsulation" : odd;
		rc = reading_keep(r, e);
	}
	return rc;
}

int reading_route(const struct nlmsghdr *m, void *data)
{
	struct reading *r = data;
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(m);
	struct attrs t = {0};
	struct prefix dst;
	struct route_info info;
	struct edit e;
	memset(&e, 0, sizeof e);
	if (m->nlmsg_type != RTM_NEWROUTE || rtm->rtm_family != r->family || rtm->rtm_flags & RTM_F_CLONED)
		return 0;
	mnl_attr_parse(m, sizeof *rtm, attrs_collect, &t);
	const struct nlattr *hops = NULL; // that are routes of their own
	if (r->family == AF_INET6 && !t.at[RTA_NH_ID]) {
		hops = t.at[RTA_MULTIPATH];
		t.at[RTA_MULTIPATH] = NULL;
	}
	e.kind = EDIT_ROUTE;
	e.add = true;
	e.route.dst.addr = attr_addr(t.at[RTA_DST], r->family);
	e.route.dst.addr.family = (uint8_t)r->family;
	e.route.dst.len = rtm->rtm_dst_len;
	e.route.table = attr_u32(t.at[RTA_TABLE], rtm->rtm_table);
	e.route.metric = attr_u32(t.at[RTA_PRIORITY], 0);
	e.route.nhid = attr_u32(t.at[RTA_NH_ID], 0);
	e.route.type = rtm->rtm_type;
	e.route.tos = rtm->rtm_tos;
	e.route.protocol = rtm->rtm_protocol;
	e.route.onlink = rtm->rtm_flags & RTNH_F_ONLINK;
	e.route.src = attr_addr(t.at[RTA_PREFSRC], r->family);
	take_gateway(&t, r->family, &e);
	bool error_type = rtm->rtm_type == RTN_BLACKHOLE || rtm->rtm_type == RTN_UNREACHABLE ||
			  rtm->rtm_type == RTN_PROHIBIT || rtm->rtm_type == RTN_THROW;
	// A next hop object says the rest; and IPv6 tells lo for routes that refuse.
	if (e.route.nhid)
		e.route.via = (struct addr){0};
	else if (t.at[RTA_OIF] && !(error_type && r->family == AF_INET6))
		reading_name(r, attr_u32(t.at[RTA_OIF], 0), e.dev);
	else if (t.at[RTA_MULTIPATH] && nl_parse_route(m, &dst, &info) == 0)
		reading_name(r, info.oif, e.dev); // of several next hops the one that a lookup finds
	uint8_t usual = edit_default_scope(e.route.type, e.route.via.family || e.route.nhid);
	e.route.has_scope = r->family == AF_INET && rtm->rtm_scope != usual;
	e.route.scope = e.route.has_scope ? rtm->rtm_scope : 0;
	if (e.route.nhid && e.route.type == RTN_BLACKHOLE)
		e.odd = "a next hop that hides its type";
	else
		e.odd = e.route.nhid ? NULL : route_oddity(&t);
	e.by_kernel = rtm->rtm_protocol == RTPROT_KERNEL || rtm->rtm_protocol == RTPROT_RA ||
		      rtm->rtm_protocol == RTPROT_REDIRECT;
	return hops ? keep_each_hop(r, &e, hops) : reading_keep(r, &e);
}
