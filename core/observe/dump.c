// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/dump.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/host_order.h"
#include "core/observe/nl_parse.h"
#include "core/observe/proc.h"

// One list of one family: what of its messages is taken.
struct list {
	struct dump *dump;
	uint8_t family;                      // AF_UNSPEC: links
	bool any_table;                      // the kernel does not filter by table
	uint32_t table;                      // else this one
	uint8_t type;                        // routes of this type only, 0 for all
	const struct nlmsghdr *begin, *last; // of the present datagram
	uint32_t last_dst;
	size_t used;    // bytes of that datagram
	size_t largest; // message
};

// All bodies begin with the family. A kernel without one answers for all others.
static bool is_of_family(const struct nlmsghdr *m, uint8_t family)
{
	return m->nlmsg_len > sizeof *m && *(const uint8_t *)(m + 1) == family;
}

static int take(const struct nlmsghdr *m, void *data)
{
	struct list *l = data;
	return is_of_family(m, l->family) ? host_take(l->dump->host, m) : 0;
}

static int read_links(struct dump *d)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
		struct rtattr attr;
		uint32_t mask;
	} req = {
		.head = {.nlmsg_len = sizeof req, .nlmsg_type = RTM_GETLINK},
		.attr = {.rta_len = sizeof req.attr + sizeof req.mask, .rta_type = IFLA_EXT_MASK},
		.mask = RTEXT_FILTER_SKIP_STATS,
	};
	struct list l = {.dump = d};
	host_clear_links(d->host);
	return nl_dump(d->route, &req.head, take, &l);
}

static int read_addrs(struct dump *d)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	host_clear_addrs(d->host);
	for (unsigned i = 0; i < sizeof families; i++) {
		struct {
			struct nlmsghdr head;
			struct ifaddrmsg addr;
		} req = {.head = {.nlmsg_len = sizeof req, .nlmsg_type = RTM_GETADDR}, .addr.ifa_family = families[i]};
		struct list l = {.dump = d, .family = families[i]};
		int err = nl_dump(d->route, &req.head, take, &l);
		if (err)
			return err;
	}
	return 0;
}

static int read_rules(struct dump *d)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	host_clear_rules(d->host);
	d->host->lacks_rules4 = false;
	for (unsigned i = 0; i < sizeof families; i++) {
		struct {
			struct nlmsghdr head;
			struct fib_rule_hdr rule;
		} req = {.head = {.nlmsg_len = sizeof req, .nlmsg_type = RTM_GETRULE}, .rule.family = families[i]};
		struct list l = {.dump = d, .family = families[i]};
		int err = nl_dump(d->route, &req.head, take, &l);
		if (err == -EOPNOTSUPP || err == -EAFNOSUPPORT) {
			d->host->lacks_rules4 |= families[i] == AF_INET;
			err = 0;
		}
		if (err)
			return err;
	}
	return 0;
}

static int add_edge(struct dump *d, uint32_t from, uint32_t to)
{
	if (d->nedges == d->edges_cap) {
		size_t cap = d->edges_cap ? d->edges_cap * 2 : 64;
		void *grown = realloc(d->edges, cap * sizeof *d->edges);
		if (!grown)
			return -ENOMEM;
		d->edges = grown;
		d->edges_cap = cap;
	}
	d->edges[d->nedges++] = (struct dump_edge){from, to};
	return 0;
}

// Notes where a datagram ended: the next one begins at the front of the buffer.
static int note_part(struct list *l, const struct nlmsghdr *m, const struct prefix *dst)
{
	bool begins = !l->last || m <= l->last;
	uint32_t first = l->family == AF_INET ? addr_v4(&dst->addr) : 0;
	int err = 0;
	if (begins && l->family == AF_INET6)
		l->dump->parts6++;
	else if (begins && l->last)
		err = add_edge(l->dump, l->last_dst, first);
	l->begin = begins ? m : l->begin;
	l->last = m;
	l->last_dst = first;
	l->used = (size_t)((const char *)m - (const char *)l->begin) + m->nlmsg_len;
	l->largest = m->nlmsg_len > l->largest ? m->nlmsg_len : l->largest;
	return err;
}

// Behind the last datagram there is an edge only if one more message may have been too much for it (netlink_dump(),
// net/netlink/af_netlink.c: a page, 8192 bytes or 32 KiB, without what the kernel needs for itself).
static bool may_be_full(const struct list *l)
{
	enum { OWN = 320 };
	static const size_t sizes[] = {4096, 8192, 32768};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (l->used <= sizes[i] && l->used + l->largest + OWN + NLMSG_ALIGNTO > sizes[i])
			return true;
	return false;
}

static int take_route(const struct nlmsghdr *m, void *data)
{
	struct list *l = data;
	struct dump *d = l->dump;
	struct prefix dst;
	struct route_info info;
	int err = nl_parse_route(m, &dst, &info);
	if (err)
		return err == -ENOMSG ? 0 : err;
	if (dst.addr.family != l->family)
		return 0;
	d->routes++;
	if (d->tick && d->routes % DUMP_TICK == 0 && (err = d->tick(d, d->data)) != 0)
		return err;
	if (d->limit && ++d->counted > d->limit)
		return -EFBIG;
	if ((err = note_part(l, m, &dst)) < 0)
		return err;
	if (!l->any_table && info.table != l->table)
		return 0;
	if (l->type && info.type != l->type)
		return 0;
	bool wanted =
		l->family == AF_INET ? host_wants4(d->host, info.table) : host_wants6(d->host, info.table, info.type);
	return wanted ? host_add_route(d->host, &dst, &info) : 0;
}

static int dump_routes(struct list *l)
{
	struct {
		struct nlmsghdr head;
		struct rtmsg rt;
		struct rtattr attr;
		uint32_t table;
	} req = {
		.head = {.nlmsg_len = sizeof req, .nlmsg_type = RTM_GETROUTE},
		.rt = {.rtm_family = l->family, .rtm_type = l->type},
		.attr = {.rta_len = sizeof req.attr + sizeof req.table, .rta_type = RTA_TABLE},
		.table = l->table,
	};
	if (l->any_table)
		req.head.nlmsg_len = NLMSG_LENGTH(sizeof req.rt);
	l->last = NULL;
	l->largest = 0;
	int err = nl_dump(l->dump->route, &req.head, take_route, l);
	if (!err && l->last && l->family == AF_INET && may_be_full(l))
		err = add_edge(l->dump, l->last_dst, UINT32_MAX);
	return err == -ENOENT ? 0 : err; // a table that does not exist has no routes
}

// The tables of all VRFs, each once: how many, or -ENOMEM. The caller frees *out.
static ssize_t vrf_tables(const struct host *h, uint32_t **out)
{
	size_t n = 0;
	uint32_t *tables = malloc((h->nlinks + 1) * sizeof *tables);
	if (!tables)
		return -ENOMEM;
	for (size_t i = 0; i < h->nlinks; i++) {
		uint32_t table = h->links[i].vrf_table;
		bool known = !table || table == RT_TABLE_LOCAL;
		for (size_t k = 0; k < n && !known; k++)
			known = tables[k] == table;
		if (!known)
			tables[n++] = table;
	}
	*out = tables;
	return (ssize_t)n;
}

static bool wants_main(const struct host *h)
{
	return h->trie != TRIE_SPLIT;
}

// Each wanted table on its own, which a kernel with strict checks does without sending the others.
static int dump_tables4(struct dump *d, bool main_first)
{
	struct list l = {.dump = d, .family = AF_INET};
	uint32_t *vrfs;
	ssize_t n = vrf_tables(d->host, &vrfs);
	if (n < 0)
		return (int)n;
	uint32_t pair[] = {main_first ? RT_TABLE_MAIN : RT_TABLE_LOCAL, main_first ? RT_TABLE_LOCAL : RT_TABLE_MAIN};
	int err = 0;
	for (unsigned i = 0; i < 2 && !err; i++) {
		l.table = pair[i];
		if (l.table == RT_TABLE_LOCAL || wants_main(d->host))
			err = dump_routes(&l);
	}
	for (ssize_t i = 0; i < n && !err; i++) {
		l.table = vrfs[i];
		if (l.table != RT_TABLE_MAIN || !wants_main(d->host))
			err = dump_routes(&l);
	}
	free(vrfs);
	return err;
}

// In a trie that both tables share, a dump of the one walks the other's routes in silence, which takes long where they
// are a million. So the one that seems to be large comes first: it shows at once that there are too many.
static bool main_seems_larger(const struct host *h)
{
	enum { SAMPLE = 512 };
	unsigned unicast = 0;
	int n = wants_main(h) ? proc_trie_sample("", SAMPLE, &unicast) : 0;
	return n > 0 && unicast * 2 >= (unsigned)n;
}

static int read_routes4(struct dump *d)
{
	struct list any = {.dump = d, .family = AF_INET, .any_table = true};
	host_clear_routes(d->host, AF_INET);
	d->host->routes4_read = true;
	d->counted = d->nedges = 0;
	int err = !nl_strict(d->route) ? dump_routes(&any) : dump_tables4(d, d->limit && main_seems_larger(d->host));
	if (err != -EFBIG)
		return err;
	host_clear_routes(d->host, AF_INET);
	d->host->routes4_read = false;
	return nl_reopen(d->route);
}

static int dump_tables6(struct dump *d)
{
	struct list l = {.dump = d, .family = AF_INET6, .table = RT_TABLE_LOCAL, .any_table = !nl_strict(d->route)};
	int err = dump_routes(&l);
	if (err || l.any_table)
		return err;
	uint32_t *vrfs;
	ssize_t n = vrf_tables(d->host, &vrfs);
	if (n < 0)
		return (int)n;
	static const uint8_t types[] = {RTN_LOCAL, RTN_ANYCAST};
	for (ssize_t i = 0; i < n && !err; i++) {
		l.table = vrfs[i];
		for (unsigned t = 0; t < sizeof types && !err; t++) {
			l.type = types[t];
			err = dump_routes(&l);
		}
	}
	free(vrfs);
	return err;
}

// No bind ever asks for them, so a host with too many does without.
static int read_routes6(struct dump *d)
{
	host_clear_routes(d->host, AF_INET6);
	d->counted = d->parts6 = 0;
	int err = dump_tables6(d);
	if (err != -EFBIG)
		return err;
	host_clear_routes(d->host, AF_INET6);
	return nl_reopen(d->route);
}

static int retried(struct dump *d, int (*read)(struct dump *), const char *what)
{
	int err = -EAGAIN;
	d->what = what;
	for (int i = 0; i < NL_DUMP_TRIES && err == -EAGAIN; i++)
		err = read(d);
	return err;
}

static int read_proc(struct dump *d)
{
	struct host *h = d->host;
	int err = proc_kernel(h);
	proc_protocols("", h->has_kind, &h->has_inet6);
	proc_sysctls("", h);
	return err;
}

// With the routes at hand: what the first look could not tell.
static enum trie find_trie_again(struct dump *d)
{
	enum { BUILTIN = 3 };
	const struct rule_state rules = fib_query_rules(d->host);
	enum trie trie = fib_query_trie(d->route, d->fib, d->host, &d->trie_by);
	if (trie == TRIE_UNKNOWN) {
		d->trie_by = TRIE_BY_ROUTES;
		trie = fib_query_trie_by_route(d->route, d->fib, d->host);
	}
	// It makes no difference now, but may after the next change.
	if (trie == TRIE_UNKNOWN && rules.builtin < BUILTIN && kernel_has(&d->host->kernel, TRAIT_RULE_DEL_SPLITS))
		trie = TRIE_SPLIT;
	return trie;
}

// Which routes are kept depends on the tries and on the VRFs, and what the tries are is asked with the help of
// addresses.
static unsigned with_needed(unsigned kinds)
{
	if (kinds & DUMP_ROUTES4)
		kinds |= DUMP_RULES;
	if (kinds & DUMP_RULES)
		kinds |= DUMP_ADDRS | DUMP_LINKS;
	if (kinds & DUMP_ROUTES6)
		kinds |= DUMP_LINKS;
	return kinds;
}

static int read_all_routes(struct dump *d)
{
	int err = 0;
	if (d->scoped)
		d->scoped(d, d->data);
	if (d->read & DUMP_ROUTES4)
		err = retried(d, read_routes4, "IPv4 routes");
	if (!err && d->read & DUMP_ROUTES6)
		err = retried(d, read_routes6, "IPv6 routes");
	if (err)
		return err;
	host_sort(d->host);
	return 0;
}

int dump_read(struct dump *d, unsigned kinds)
{
	static const struct {
		enum dump_kind kind;
		int (*read)(struct dump *);
		const char *what;
	} lists[] = {
		{DUMP_PROC, read_proc, "the kernel's release"},
		{DUMP_LINKS, read_links, "interfaces"},
		{DUMP_ADDRS, read_addrs, "addresses"},
		{DUMP_RULES, read_rules, "rules"},
	};
	int err = 0;
	struct host *h = d->host;
	d->routes = d->done = 0;
	d->trie_by = TRIE_BY_RULES;
	d->read = kinds = with_needed(kinds);
	for (size_t i = 0; i < sizeof lists / sizeof *lists && !err; i++) {
		if (!(kinds & lists[i].kind))
			continue;
		err = retried(d, lists[i].read, lists[i].what);
		d->done |= lists[i].kind;
		if (!err && d->tick)
			err = d->tick(d, d->data);
	}
	if (err)
		return err;
	if (kinds & DUMP_RULES) {
		fib_query_tables(d->fib, &h->has_local4, &h->has_main4);
		enum trie trie = fib_query_trie(d->route, d->fib, h, &d->trie_by);
		// What table main holds counts or does not count from now on; or it takes the routes to tell.
		if (trie != h->trie || trie == TRIE_UNKNOWN)
			d->read |= DUMP_ROUTES4;
		h->trie = trie;
	}
	err = read_all_routes(d);
	if (err || h->trie != TRIE_UNKNOWN || !(d->read & DUMP_ROUTES4) || !h->routes4_read)
		return err;
	h->trie = find_trie_again(d);
	return h->trie == TRIE_SPLIT ? read_all_routes(d) : 0; // without those of table main
}
