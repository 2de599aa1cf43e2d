// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/nl_route.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include "core/observe/nl_attr.h"

// The flags by which the kernel tells next hops apart (all but RTNH_COMPARE_MASK).
enum { STABLE_FLAGS = RTNH_F_PERVASIVE | RTNH_F_ONLINK };

static uint64_t hash(uint64_t seed, struct bytes b)
{
	uint64_t h = seed * 0x9e3779b97f4a7c15u + b.len + 1;
	while (b.len) {
		uint64_t x = 0;
		size_t n = smaller(b.len, sizeof x);
		memcpy(&x, b.data, n);
		h = (h ^ x) * 0xbf58476d1ce4e5b9u;
		h ^= h >> 29;
		b.data += n;
		b.len -= n;
	}
	return h;
}

// The order of attributes does not count.
static void add_rest(struct route_info *out, uint64_t seed, struct bytes b)
{
	out->rest += hash(seed, b);
}

static void add_device(struct route_info *out, uint32_t index)
{
	out->devices |= UINT64_C(1) << index % 64;
}

// A next hop's own attributes.
static int parse_hop(struct bytes rest, struct route_info *out)
{
	struct attr a;
	int more;
	while ((more = next_attr(&rest, &a)) > 0)
		out->via |= a.type == RTA_GATEWAY || a.type == RTA_VIA;
	return more;
}

// The next hops of a multipath route: whether all are dead, and the device of the first one that is not, as a lookup
// finds it.
static int parse_multipath(struct bytes rest, struct route_info *out)
{
	unsigned hops = 0;
	bool usable = false, down = true;
	struct rtnexthop hop;
	struct bytes own;
	int more;
	while ((more = next_hop(&rest, &hop, &own)) > 0) {
		if (parse_hop(own, out) < 0)
			return -EBADMSG;
		bool alive = !(hop.rtnh_flags & RTNH_F_DEAD);
		if (!hops || (alive && !usable))
			out->oif = (uint32_t)hop.rtnh_ifindex;
		usable |= alive;
		down &= (hop.rtnh_flags & RTNH_F_LINKDOWN) != 0;
		add_device(out, (uint32_t)hop.rtnh_ifindex);
		hop.rtnh_flags &= STABLE_FLAGS;
		add_rest(out, ++hops, (struct bytes){(const uint8_t *)&hop, sizeof hop});
		add_rest(out, hops, own);
	}
	if (more < 0)
		return more;
	if (hops && !usable)
		out->flags |= ROUTE_DEAD;
	if (hops && down)
		out->flags |= ROUTE_LINKDOWN;
	out->several = hops > 1;
	return 0;
}

// RTA_CACHEINFO is about caches. IPv6 ignores the others when it looks for an equal route, and changes them silently
// (rt6_duplicate_nexthop(), rt6_mtu_change_route()).
static bool is_volatile(uint16_t type, uint8_t family)
{
	return type == RTA_CACHEINFO || type == RTA_PREF || (type == RTA_METRICS && family == AF_INET6);
}

static bool take_attr(const struct attr *a, uint8_t family, struct prefix *dst, struct route_info *out)
{
	switch (a->type) {
	case RTA_DST:
		return get_addr(a->value, family, &dst->addr);
	case RTA_TABLE:
		return get_u32(a->value, &out->table);
	case RTA_PRIORITY:
		return get_u32(a->value, &out->metric);
	case RTA_OIF:
		return get_u32(a->value, &out->oif);
	case RTA_NH_ID:
		return get_u32(a->value, &out->nhid);
	case RTA_MULTIPATH:
		return parse_multipath(a->value, out) == 0;
	case RTA_PREFSRC:
		if (family == AF_INET)
			return get_u32(a->value, &out->prefsrc);
		break;
	case RTA_GATEWAY:
	case RTA_VIA:
		out->via = true;
		break;
	}
	if (!is_volatile(a->type, family))
		add_rest(out, (uint64_t)a->type << 32, a->value);
	return true;
}

int nl_parse_route(const struct nlmsghdr *m, struct prefix *dst, struct route_info *out)
{
	if (m->nlmsg_type != RTM_NEWROUTE && m->nlmsg_type != RTM_DELROUTE)
		return -ENOMSG;
	struct rtmsg head;
	struct bytes rest;
	if (!split_message(m, &head, sizeof head, &rest))
		return -EBADMSG;
	if (!is_inet(head.rtm_family) || head.rtm_flags & RTM_F_CLONED)
		return -ENOMSG;
	if (head.rtm_dst_len > max_len(head.rtm_family))
		return -EBADMSG;
	*dst = (struct prefix){{.family = head.rtm_family}, head.rtm_dst_len};
	*out = (struct route_info){.table = head.rtm_table,
				   .type = head.rtm_type,
				   .tos = head.rtm_tos,
				   .protocol = head.rtm_protocol,
				   .scope = head.rtm_scope,
				   .rest = head.rtm_src_len | (head.rtm_flags & STABLE_FLAGS) << 8};
	if (head.rtm_flags & RTNH_F_DEAD)
		out->flags |= ROUTE_DEAD;
	if (head.rtm_flags & RTNH_F_LINKDOWN)
		out->flags |= ROUTE_LINKDOWN;
	struct attr a;
	int more;
	while ((more = next_attr(&rest, &a)) > 0)
		if (!take_attr(&a, head.rtm_family, dst, out))
			return -EBADMSG;
	// In IPv6 it follows from LINKDOWN and a switch that the kernel does not announce. It does not matter to bind.
	if (head.rtm_family == AF_INET6)
		out->flags &= (uint8_t)~ROUTE_DEAD;
	out->prefsrc = ntohl(out->prefsrc);
	if (out->oif && !out->devices)
		add_device(out, out->oif);
	if (out->nhid && !out->devices)
		out->devices = UINT64_MAX;
	dst->addr = addr_masked(&dst->addr, dst->len);
	return more;
}
