// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/fib_query.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "core/model/fib.h"
#include "core/observe/nl_parse.h"
#include "core/observe/proc.h"

// The body of request and answer (include/net/ip_fib.h; not among the headers for programs).
struct fib_message {
	uint32_t addr; // network order
	uint32_t mark;
	uint8_t tos, scope;
	uint8_t table_asked;
	uint8_t table, len, hop, type, scope_found;
	int32_t err;
};

static int take_answer(const struct nlmsghdr *m, void *data)
{
	if (m->nlmsg_len < sizeof *m + sizeof(struct fib_message))
		return -EBADMSG;
	memcpy(data, m + 1, sizeof(struct fib_message));
	return 0;
}

int fib_query_lookup(struct nl *fib, uint32_t table, uint32_t dst, struct fib_answer *out)
{
	if (table > UINT8_MAX)
		return -ENOTSUP;
	if (!fib)
		return -EPROTONOSUPPORT;
	struct {
		struct nlmsghdr head;
		struct fib_message body;
	} req = {.head.nlmsg_len = sizeof req, .body = {.addr = htonl(dst), .table_asked = (uint8_t)table}};
	struct fib_message answer;
	int err = nl_query(fib, &req.head, take_answer, &answer);
	if (err)
		return err;
	if (answer.addr != req.body.addr)
		return -EBADMSG;
	*out = (struct fib_answer){.present = true, .table = table, .dst = dst, .err = answer.err};
	if (answer.err == 0) {
		out->type = answer.type;
		out->len = answer.len;
	}
	return 0;
}

static enum tri table_exists(struct nl *fib, uint32_t table)
{
	struct fib_answer a = {0};
	if (fib_query_lookup(fib, table, INADDR_LOOPBACK, &a) < 0)
		return UNKNOWN;
	return a.err == -ENOENT ? NO : YES;
}

void fib_query_tables(struct nl *fib, enum tri *local, enum tri *main_table)
{
	*local = table_exists(fib, RT_TABLE_LOCAL);
	*main_table = table_exists(fib, RT_TABLE_MAIN);
	if ((*local == UNKNOWN || *main_table == UNKNOWN) && proc_tables("", local, main_table) < 0)
		*local = *main_table = UNKNOWN;
}

// Where routing finds an address: all zero when it finds nothing.
struct found {
	struct prefix dst;
	struct route_info info;
};

static int take_route(const struct nlmsghdr *m, void *data)
{
	struct found *f = data;
	return nl_parse_route(m, &f->dst, &f->info);
}

// As RTM_GETROUTE tells it.
static struct found route_to(struct nl *route, uint32_t dst)
{
	struct {
		struct nlmsghdr head;
		struct rtmsg rt;
		struct rtattr attr;
		uint32_t dst;
	} req = {
		.head = {.nlmsg_len = sizeof req, .nlmsg_type = RTM_GETROUTE},
		.rt = {.rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_flags = RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH},
		.attr = {.rta_len = sizeof req.attr + sizeof req.dst, .rta_type = RTA_DST},
		.dst = htonl(dst),
	};
	struct found f = {0};
	// cppcheck-suppress internalAstError ; it does not know this kind of literal here
	return nl_query(route, &req.head, take_route, &f) < 0 ? (struct found){0} : f;
}

// What one address tells. Table local must know it: then with two tries the rules are walked and the first one finds it
// there; with one trie no rule is looked at, and the answer is said to come from main (fib_lookup(),
// include/net/ip_fib.h).
static enum trie trie_by_address(struct nl *route, struct nl *fib, const struct rule_state *rules, uint32_t dst)
{
	struct fib_answer a = {0};
	if (fib_query_lookup(fib, RT_TABLE_LOCAL, dst, &a) < 0 || a.err)
		return TRIE_UNKNOWN;
	uint32_t table = route_to(route, dst).info.table;
	if (table == RT_TABLE_LOCAL)
		return TRIE_SPLIT;
	return table == RT_TABLE_MAIN && rules->local_first ? TRIE_MERGED : TRIE_UNKNOWN;
}

struct rule_state fib_query_rules(const struct host *h)
{
	struct rule_state s = {0};
	for (size_t i = 0; i < h->nrules; i++) {
		const struct rule *r = &h->rules[i];
		if (r->family != AF_INET)
			continue;
		s.added |= !r->builtin;
		s.local_first |= r->builtin && r->table == RT_TABLE_LOCAL;
		s.builtin += r->builtin;
	}
	return s;
}

enum trie fib_query_trie(struct nl *route, struct nl *fib, const struct host *h, enum trie_by *by)
{
	enum { TRIES = 8 }; // mostly the first one tells
	const struct rule_state state = fib_query_rules(h), *rules = &state;
	*by = TRIE_BY_RULES;
	if (h->lacks_rules4)
		return TRIE_MERGED;
	if (rules->added)
		return TRIE_SPLIT;
	*by = TRIE_BY_ADDRESS;
	enum trie found = TRIE_UNKNOWN;
	size_t left = TRIES;
	for (size_t i = 0; i < h->naddrs && found == TRIE_UNKNOWN && left; i++, left--)
		if (h->addrs[i].addr.family == AF_INET)
			found = trie_by_address(route, fib, rules, addr_v4(&h->addrs[i].addr));
	if (found == TRIE_UNKNOWN)
		found = trie_by_address(route, fib, rules, INADDR_LOOPBACK);
	left = TRIES;
	for (size_t i = 0; i < h->nroutes4 && found == TRIE_UNKNOWN && left; i++)
		if (host_info4(h, i)->table == RT_TABLE_LOCAL && left--)
			found = trie_by_address(route, fib, rules, h->routes4[i].dst);
	return found;
}

static bool answers_alike(const struct host *h, const struct fib_result *r, int err, uint8_t type, uint8_t len)
{
	if (r->err || err)
		return r->err == err;
	return r->type == type && h->routes4[r->route].len == len;
}

static bool has_route(const struct host *h, const struct prefix *dst, uint32_t table)
{
	for (size_t i = 0; i < h->nroutes4; i++)
		if (h->routes4[i].dst == addr_v4(&dst->addr) && h->routes4[i].len == dst->len &&
		    host_info4(h, i)->table == table)
			return true;
	return false;
}

// A route of table local that routing finds "in table main", which has none like it: then both are one. For when the
// rule for table local is gone, which on some kernels changes nothing.
static bool found_as_main(struct nl *route, const struct host *h)
{
	enum { TRIES = 8 };
	for (size_t i = 0, tried = 0; i < h->nroutes4 && tried < TRIES; i++) {
		if (host_info4(h, i)->table != RT_TABLE_LOCAL)
			continue;
		tried++;
		struct found f = route_to(route, h->routes4[i].dst);
		if (f.info.table == RT_TABLE_MAIN && !has_route(h, &f.dst, RT_TABLE_MAIN))
			return true;
	}
	return false;
}

// What one address tells when a lookup of it ends differently in one trie than in two. -errno when the kernel can't be
// asked.
static int trie_at(struct nl *fib, struct host *h, uint32_t dst, enum trie *found)
{
	h->trie = TRIE_SPLIT;
	struct fib_result split = fib_lookup4(h, RT_TABLE_LOCAL, dst);
	h->trie = TRIE_MERGED;
	struct fib_result merged = fib_lookup4(h, RT_TABLE_LOCAL, dst);
	uint8_t len = merged.err ? 0 : h->routes4[merged.route].len;
	if (answers_alike(h, &split, merged.err, merged.type, len))
		return 0;
	struct fib_answer a = {0};
	int err = fib_query_lookup(fib, RT_TABLE_LOCAL, dst, &a);
	if (err < 0 || a.err == -ENOENT)
		return err < 0 ? err : a.err;
	bool like_merged = answers_alike(h, &merged, a.err, a.type, a.len);
	bool like_split = answers_alike(h, &split, a.err, a.type, a.len);
	if (like_merged != like_split)
		*found = like_merged ? TRIE_MERGED : TRIE_SPLIT;
	return 0;
}

enum trie fib_query_trie_by_route(struct nl *route, struct nl *fib, struct host *h)
{
	enum { ROUTES = 4096 }; // where one differs, the first ones do
	if (found_as_main(route, h))
		return TRIE_MERGED;
	enum trie before = h->trie, found = TRIE_UNKNOWN;
	int err = 0;
	// Answers change only where a route begins, and behind its end: who asks at all of these misses no address.
	for (size_t i = 0, tried = 0; i < h->nroutes4 && found == TRIE_UNKNOWN && tried < ROUTES && !err; i++) {
		uint32_t table = host_info4(h, i)->table;
		if (table != RT_TABLE_MAIN && table != RT_TABLE_LOCAL)
			continue;
		tried++;
		uint32_t first = h->routes4[i].dst;
		uint32_t behind = (uint32_t)(first + (UINT64_C(1) << (32 - h->routes4[i].len)));
		err = trie_at(fib, h, first, &found);
		if (!err && found == TRIE_UNKNOWN && behind)
			err = trie_at(fib, h, behind, &found);
	}
	h->trie = before;
	return found;
}
