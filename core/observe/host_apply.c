// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/host_apply.h"

#include <errno.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "core/model/host_equal.h"
#include "core/model/host_left.h"
#include "core/model/host_order.h"
#include "core/observe/host_apply_route.h"
#include "core/observe/nl_parse.h"

enum { ALL_BY_LINK = DUMP_LINKS | DUMP_ADDRS | DUMP_ROUTES4 | DUMP_ROUTES6 };

static size_t link_place(const struct host *h, uint32_t index)
{
	size_t low = 0, high = h->nlinks;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (h->links[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_vrf(const struct host *h, uint32_t index)
{
	const struct link *l = host_link(h, index);
	return index && (!l || l->vrf_table);
}

// The kernel does not announce the IPv6 addresses that it makes itself while they are tentative.
static bool may_have_got_addrs(const struct link *before, const struct link *l)
{
	unsigned up = IFF_UP | IFF_RUNNING;
	bool was = before && (before->flags & up) == up;
	return (l->flags & up) == up && !was && !(l->flags & (IFF_LOOPBACK | IFF_NOARP));
}

// What a link's new state means for other objects; `before` is NULL for a new link.
static unsigned doubt_link(const struct host *h, const struct link *before, const struct link *l, struct host_apply *a)
{
	bool unsure = a->unsure & DUMP_LINKS; // then `before` may be the state after it
	host_doubt(&a->doubts, l->flags & IFF_UP ? DOUBT_CARRIER : DOUBT_LINK_DOWN, l->index);
	uint32_t left = before ? before->master : 0;
	if ((unsure || left != l->master) && (is_vrf(h, left) || is_vrf(h, l->master)))
		host_doubt(&a->doubts, DOUBT_LINK_MASTER, l->index);
	unsigned stale = may_have_got_addrs(unsure ? NULL : before, l) ? DUMP_ADDRS : 0;
	// A VRF came or went: its table's routes start or cease to count.
	uint32_t had = before ? before->vrf_table : 0;
	return stale | (had != l->vrf_table ? DUMP_ROUTES4 | DUMP_ROUTES6 : 0);
}

static unsigned new_link(struct host *h, const struct nlmsghdr *m, struct host_apply *a)
{
	union host_value v;
	struct link before;
	int err = nl_parse_link(m, &v.link);
	if (err)
		return err == -ENOMSG ? 0 : ALL_BY_LINK;
	size_t at = link_place(h, v.link.index);
	bool known = at < h->nlinks && h->links[at].index == v.link.index;
	unsigned stale = 0;
	if (known)
		before = h->links[at];
	// The kernel writes this switch without the lock that orders the events of links, and has other events for it.
	if (known && before.ignores_linkdown != v.link.ignores_linkdown) {
		v.link.ignores_linkdown = before.ignores_linkdown;
		stale = DUMP_LINKS | DUMP_ROUTES4;
	}
	int names = host_take_altnames(h, v.link.index, m);
	if (!known)
		err = host_insert(h, HOST_LINKS, at, &v, a->changes);
	else if (names > 0 || !link_equal(&before, &v.link))
		err = host_replace(h, HOST_LINKS, at, &v, a->changes);
	if (err || names < 0)
		stale |= DUMP_LINKS;
	return stale | doubt_link(h, known ? &before : NULL, &v.link, a);
}

static unsigned del_link(struct host *h, const struct nlmsghdr *m, struct host_apply *a)
{
	struct link l;
	int err = nl_parse_link(m, &l);
	if (err)
		return err == -ENOMSG ? 0 : ALL_BY_LINK;
	size_t at = link_place(h, l.index);
	if (at < h->nlinks && h->links[at].index == l.index) {
		host_drop_altnames(h, l.index);
		host_remove(h, HOST_LINKS, at, a->changes);
	}
	host_doubt(&a->doubts, DOUBT_LINK_GONE, l.index);
	return l.vrf_table ? DUMP_ROUTES4 | DUMP_ROUTES6 : 0;
}

static size_t addr_place(const struct host *h, const struct host_addr *a, bool *found)
{
	size_t low = 0, high = h->naddrs;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (host_addr_compare(&h->addrs[mid], a) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*found = low < h->naddrs && host_addr_compare(&h->addrs[low], a) == 0;
	return low;
}

// IPv6 was turned off, or on again: that shows in what becomes of the link's addresses.
static unsigned doubt_ipv6(const struct host *h, const struct host_addr *a, bool del)
{
	const struct link *l = host_link(h, a->index);
	if (!l || del == l->disables_ipv6 || (del && !(l->flags & IFF_UP)))
		return 0;
	for (size_t i = 0; del && i < h->naddrs; i++)
		if (h->addrs[i].addr.family == AF_INET6 && h->addrs[i].index == a->index)
			return 0;
	return DUMP_LINKS;
}

static unsigned apply_addr(struct host *h, const struct nlmsghdr *m, struct host_apply *a)
{
	union host_value v;
	bool found;
	int err = nl_parse_addr(m, &v.addr);
	if (err)
		return err == -ENOMSG ? 0 : DUMP_ADDRS | DUMP_ROUTES4;
	bool four = v.addr.addr.family == AF_INET, del = m->nlmsg_type == RTM_DELADDR;
	size_t at = addr_place(h, &v.addr, &found);
	if (del && (found || host_find_left(h, &v.addr.addr)))
		host_note_left(h, &v.addr, (struct left_by){m->nlmsg_seq, m->nlmsg_pid});
	if (del && found)
		host_remove(h, HOST_ADDRS, at, a->changes);
	if (!del && !found)
		err = host_insert(h, HOST_ADDRS, at, &v, a->changes);
	else if (!del && !host_addr_equal(&h->addrs[at], &v.addr))
		err = host_replace(h, HOST_ADDRS, at, &v, a->changes);
	else if (!del)
		h->addrs[at] = v.addr; // other lifetimes
	if (!four && del)
		host_doubt_addr6(&a->doubts, &v.addr);
	if (four && del)
		host_doubt(&a->doubts, DOUBT_ADDR_GONE, addr_v4(&v.addr.addr));
	if (four && del && (a->unsure & DUMP_ADDRS || !host_has_addr(h, v.addr.index, AF_INET)))
		host_doubt(&a->doubts, DOUBT_LAST_ADDR, v.addr.index);
	if (four && !del) // dead next hops may revive (fib_inetaddr_event(), net/ipv4/fib_frontend.c)
		host_doubt(&a->doubts, DOUBT_CARRIER, v.addr.index);
	return (err ? DUMP_ADDRS : 0) | (four ? 0 : doubt_ipv6(h, &v.addr, del)) |
	       (four && h->trie == TRIE_UNKNOWN ? DUMP_RULES : 0);
}

// An IPv4 rule may split the tries, so those are read again. Equal rules stand in the order in which they were added
// (fib_nl_newrule(), net/core/fib_rules.c).
static unsigned apply_rule(struct host *h, const struct nlmsghdr *m, struct host_apply *a)
{
	union host_value v;
	int err = nl_parse_rule(m, &v.rule);
	if (err)
		return err == -ENOMSG ? 0 : DUMP_RULES;
	if (v.rule.family == AF_INET || a->unsure & DUMP_RULES)
		return DUMP_RULES;
	size_t at = 0, same = h->nrules;
	while (at < h->nrules && rule_compare(&h->rules[at], &v.rule) <= 0) {
		if (same == h->nrules && rule_equal(&h->rules[at], &v.rule))
			same = at;
		at++;
	}
	if (m->nlmsg_type == RTM_NEWRULE)
		return host_insert(h, HOST_RULES, at, &v, a->changes) < 0 ? DUMP_RULES : 0;
	if (same == h->nrules)
		return DUMP_RULES;
	host_remove(h, HOST_RULES, same, a->changes);
	return 0;
}

// Whether a route without a carrier is dead depends on its device's switch, and in newer kernels also on the one for
// all devices.
static unsigned apply_netconf(struct host *h, const struct nlmsghdr *m, struct host_apply *a)
{
	struct netconf n;
	int err = nl_parse_netconf(m, &n);
	if (err)
		return err == -ENOMSG ? 0 : DUMP_LINKS | DUMP_ROUTES4;
	if (n.index <= 0) // the kernel copies NETCONFA_IFINDEX_DEFAULT to devices that have no value of their own
		return (n.index == NETCONFA_IFINDEX_ALL ? 0 : DUMP_LINKS) |
		       (host_heeds_carrier(h, 0) ? DUMP_ROUTES4 : 0);
	size_t at = link_place(h, (uint32_t)n.index);
	if (at == h->nlinks || h->links[at].index != (uint32_t)n.index)
		return 0; // the device is being made; its own event will say it
	if (h->links[at].ignores_linkdown != n.ignores_linkdown) {
		union host_value v = {.link = h->links[at]};
		v.link.ignores_linkdown = n.ignores_linkdown;
		host_replace(h, HOST_LINKS, at, &v, a->changes);
	} else if (!(a->unsure & DUMP_LINKS)) {
		return 0;
	}
	return host_heeds_carrier(h, (uint32_t)n.index) ? DUMP_ROUTES4 : 0;
}

// Its routes may change or go. We don't know which next hops are in groups, so any of them may matter.
static unsigned apply_nexthop(const struct host *h)
{
	return (host_uses_nexthops(&h->infos4) ? DUMP_ROUTES4 : 0) |
	       (host_uses_nexthops(&h->infos6) ? DUMP_ROUTES6 : 0);
}

unsigned host_apply(struct host *h, const struct nlmsghdr *m, struct host_apply *a)
{
	switch (m->nlmsg_type) {
	case RTM_NEWLINK:
		return new_link(h, m, a);
	case RTM_DELLINK:
		return del_link(h, m, a);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return apply_addr(h, m, a);
	case RTM_NEWRULE:
	case RTM_DELRULE:
		return apply_rule(h, m, a);
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return host_apply_route(h, m, a);
	case RTM_NEWNETCONF:
		return apply_netconf(h, m, a);
	case RTM_NEWNEXTHOP:
	case RTM_DELNEXTHOP:
		return apply_nexthop(h);
	default:
		return 0;
	}
}
