// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/host_apply_route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "core/model/host_order.h"
#include "core/observe/nl_route.h"

// An event, and its equals: the routes with its prefix, table, TOS and metric, among which only the order decides.
struct event {
	enum host_list list;
	union host_value value; // the route
	uint16_t flags;         // NLM_F_*: how the kernel put it in (fib_table_insert(), net/ipv4/fib_trie.c)
	bool del;
	bool sourced;         // IPv6: for packets from one source prefix
	size_t first, end;    // its equals in the list
	size_t same;          // the same route among them, or `end`
	unsigned look_alikes; // how many are the same as far as one can see
};

static const struct route_info *info_at(const struct host *h, enum host_list list, size_t i)
{
	return list == HOST_ROUTES4 ? host_info4(h, i) : host_info6(h, i);
}

static int compare(const struct host *h, size_t i, const struct event *e)
{
	const struct host_route *r = &e->value.route;
	int c;
	if (e->list == HOST_ROUTES4) {
		const struct route4 key = {.dst = addr_v4(&r->dst.addr), .len = r->dst.len & 63u};
		c = route4_compare(&h->routes4[i], &key);
	} else {
		struct route6 key = {.len = r->dst.len};
		addr_to_in6(&r->dst.addr, &key.dst);
		c = route6_compare(&h->routes6[i], &key);
	}
	return c ? c : route_info_compare(info_at(h, e->list, i), &r->info);
}

static void find_equals(const struct host *h, struct event *e)
{
	size_t n = host_count(h, e->list), low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (compare(h, mid, e) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	e->first = low;
	e->look_alikes = 0;
	size_t same = SIZE_MAX;
	for (; low < n && compare(h, low, e) == 0; low++)
		if (route_info_same(info_at(h, e->list, low), &e->value.route.info)) {
			same = e->look_alikes ? same : low;
			e->look_alikes++;
		}
	e->end = low;
	e->same = e->look_alikes ? same : low;
}

static unsigned kind_of(const struct event *e)
{
	return e->list == HOST_ROUTES4 ? DUMP_ROUTES4 : DUMP_ROUTES6;
}

static bool parse(const struct nlmsghdr *m, struct event *e, int *err)
{
	*e = (struct event){.flags = m->nlmsg_flags, .del = m->nlmsg_type == RTM_DELROUTE};
	*err = nl_parse_route(m, &e->value.route.dst, &e->value.route.info);
	if (*err)
		return false;
	e->list = e->value.route.dst.addr.family == AF_INET ? HOST_ROUTES4 : HOST_ROUTES6;
	e->sourced = ((const struct rtmsg *)(m + 1))->rtm_src_len != 0;
	return true;
}

// A route can make a table, or make it possible to find out whether the tries are merged. Unless they are split, table
// local brings table main into being (fib_new_table(), net/ipv4/fib_frontend.c).
static unsigned ask_tables(const struct host *h, uint32_t table)
{
	bool local = table == RT_TABLE_LOCAL && h->has_local4 == NO;
	bool mains =
		(table == RT_TABLE_MAIN || (table == RT_TABLE_LOCAL && h->trie != TRIE_SPLIT)) && h->has_main4 == NO;
	return local || mains || h->trie == TRIE_UNKNOWN ? DUMP_RULES : 0;
}

static bool at_edge(const struct host_apply *a, uint32_t dst)
{
	for (size_t i = 0; i < a->nedges; i++)
		if (a->edges[i].from <= dst && dst <= a->edges[i].to)
			return true;
	return false;
}

// An IPv4 route that had no equals when it was added: those that a newer reading has were added later, by later events.
static bool had_no_equals(const struct event *e)
{
	return e->list == HOST_ROUTES4 && !e->del && e->flags & NLM_F_EXCL;
}

// For a list that was read while the event arrived: is the result uncertain? The order of equals is, and so is which of
// several equals a route replaced.
static bool leaves_open(const struct event *e, const struct host_apply *a)
{
	bool ordered = !e->del && !(e->flags & (NLM_F_EXCL | NLM_F_REPLACE));
	bool edge = e->list == HOST_ROUTES4 && at_edge(a, addr_v4(&e->value.route.dst.addr));
	return edge || (!had_no_equals(e) && (e->end - e->first > 1 || ordered));
}

// True when it was done.
static bool insert(struct host *h, const struct event *e, size_t at, struct host_apply *a)
{
	return host_insert(h, e->list, at, &e->value, a->changes) == 0;
}

static bool replace(struct host *h, const struct event *e, size_t at, struct host_apply *a)
{
	return route_info_equal(info_at(h, e->list, at), &e->value.route.info) ||
	       host_replace(h, e->list, at, &e->value, a->changes) == 0;
}

static bool remove_route(struct host *h, const struct event *e, bool unsure, struct host_apply *a)
{
	if (e->same == e->end)
		return unsure; // it was gone before the list was read
	host_remove(h, e->list, e->same, a->changes);
	return e->look_alikes == 1 || e->end - e->first == e->look_alikes;
}

// The route is there already. Fine if the event is older than the reading, or only about flags; otherwise we missed
// something.
static bool put_again(struct host *h, const struct event *e, bool unsure, struct host_apply *a)
{
	bool alone = e->end - e->first == 1;
	bool expected = unsure || !(e->flags & (NLM_F_CREATE | NLM_F_REPLACE)) ||
			(e->flags & NLM_F_REPLACE && e->value.route.info.nhid && alone);
	return replace(h, e, e->same, a) && expected;
}

// fib_table_insert(), net/ipv4/fib_trie.c. Returns false when the result is not certain.
static bool put4(struct host *h, const struct event *e, bool unsure, struct host_apply *a)
{
	size_t equals = e->end - e->first;
	if (e->same != e->end)
		return put_again(h, e, unsure, a);
	if (e->flags & NLM_F_REPLACE) { // the first one; a changed next hop object announces all its routes like this
		if (!equals)
			return insert(h, e, e->first, a) && unsure;
		return replace(h, e, e->first, a) && (equals == 1 || !e->value.route.info.nhid);
	}
	if (e->flags & NLM_F_EXCL)
		return insert(h, e, e->end, a) && !equals;
	if (e->flags & NLM_F_APPEND)
		return insert(h, e, e->end, a) && equals;
	return insert(h, e, e->first, a) && equals && e->flags & NLM_F_CREATE;
}

// fib6_add_rt2node(), net/ipv6/ip6_fib.c: behind its equals, unless it becomes another next hop of one of them.
static bool put6(struct host *h, const struct event *e, bool unsure, struct host_apply *a)
{
	size_t equals = e->end - e->first;
	const struct route_info *info = &e->value.route.info;
	if (e->same != e->end)
		return put_again(h, e, unsure, a);
	if (!equals)
		return insert(h, e, e->first, a) && (unsure || !(e->flags & NLM_F_REPLACE));
	const struct route_info *first = info_at(h, e->list, e->first);
	if (info->via || info->several || info->nhid || e->sourced || first->via || first->several || first->nhid)
		return false;
	if (e->flags & NLM_F_REPLACE)
		return replace(h, e, e->first, a) && equals == 1;
	return insert(h, e, e->end, a) && !(e->flags & NLM_F_EXCL);
}

// The kernel announces an IPv6 address before the address's route, or not at all.
static unsigned ask_address(const struct host *h, const struct event *e)
{
	const struct host_route *r = &e->value.route;
	bool own = !e->del && r->dst.len == 128 && r->info.type == RTN_LOCAL && r->info.protocol == RTPROT_KERNEL;
	return own && host_find_addr(h, &r->dst.addr) == h->naddrs ? DUMP_ADDRS : 0;
}

static void remove_equals(struct host *h, struct event *e, struct host_apply *a)
{
	while (e->end > e->first)
		host_remove(h, e->list, --e->end, a->changes);
	e->same = e->end;
	e->look_alikes = 0;
}

static unsigned apply4(struct host *h, struct event *e, struct host_apply *a)
{
	uint32_t table = e->value.route.info.table;
	unsigned stale = ask_tables(h, table);
	if (!h->routes4_read || !host_wants4(h, table))
		return stale;
	bool unsure = a->unsure & DUMP_ROUTES4;
	find_equals(h, e);
	bool open = unsure && leaves_open(e, a);
	bool alone = e->same == e->first && e->end == e->first + 1;
	if (unsure && had_no_equals(e) && !alone)
		remove_equals(h, e, a);
	bool sure = e->del ? remove_route(h, e, unsure, a) : put4(h, e, unsure, a);
	return stale | (open || !sure ? DUMP_ROUTES4 : 0);
}

static unsigned apply6(struct host *h, struct event *e, struct host_apply *a)
{
	const struct route_info *info = &e->value.route.info;
	bool unsure = a->unsure & DUMP_ROUTES6;
	if (!host_wants6(h, info->table, info->type)) {
		// It may have replaced one that we keep.
		find_equals(h, e);
		return e->flags & NLM_F_REPLACE && !e->del && e->first != e->end ? DUMP_ROUTES6 : 0;
	}
	find_equals(h, e);
	bool open = unsure && leaves_open(e, a);
	bool sure = e->del ? remove_route(h, e, unsure, a) : put6(h, e, unsure, a);
	return ask_address(h, e) | (open || !sure ? DUMP_ROUTES6 : 0);
}

unsigned host_apply_route(struct host *h, const struct nlmsghdr *m, struct host_apply *a)
{
	struct event e;
	int err;
	if (!parse(m, &e, &err))
		return err == -ENOMSG ? 0 : DUMP_ROUTES4 | DUMP_ROUTES6;
	return e.list == HOST_ROUTES4 ? apply4(h, &e, a) : apply6(h, &e, a);
}

unsigned host_foresee(const struct host *before, const struct nlmsghdr *m)
{
	struct event e;
	int err;
	if (!parse(m, &e, &err))
		return 0;
	find_equals(before, &e);
	return e.end - e.first > 1 ? kind_of(&e) : 0;
}
