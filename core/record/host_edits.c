// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/host_edits.h"

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/fib.h"
#include "core/model/host_equal.h"

enum { HOST_LEN = 32, METRIC6 = 1024 }; // METRIC6: what the kernel makes of IPv6 metric 0

struct work {
	const struct host *from, *to; // from may be NULL
	host_edit_fn *emit;
	void *data;
};

static void emit(const struct work *w, const struct edit *e)
{
	w->emit(e, w->data);
}

static struct edit edit_of(enum edit_kind kind, bool add, const char *dev)
{
	struct edit e = {.kind = kind, .add = add};
	snprintf(e.dev, sizeof e.dev, "%s", dev);
	return e;
}

// A name with a dot in it is told apart by slashes.
__attribute__((format(printf, 3, 4))) static void emit_sysctl(const struct work *w, const char *value, const char *fmt,
							      ...)
{
	struct edit e = edit_of(EDIT_SYSCTL, true, "");
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(e.sysctl.name, sizeof e.sysctl.name, fmt, args);
	va_end(args);
	int m = snprintf(e.sysctl.value, sizeof e.sysctl.value, "%s", value);
	if (n < (int)sizeof e.sysctl.name && m < (int)sizeof e.sysctl.value)
		emit(w, &e);
}

static int64_t value_before(const struct work *w, int id)
{
	return w->from && !w->from->sysctl_hidden[id] ? w->from->sysctl[id] : sysctl_info((enum sysctl_id)id)->initial;
}

static bool sysctl_differs(const struct work *w, int id)
{
	return !w->to->sysctl_hidden[id] && w->to->sysctl[id] != value_before(w, id);
}

// Two numbers of one file follow each other in the table.
static void sysctls(const struct work *w)
{
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *s = sysctl_info((enum sysctl_id)i);
		bool pair = i + 1 < SYSCTL_COUNT && sysctl_info((enum sysctl_id)(i + 1))->field == 1;
		char value[48];
		if (pair && (sysctl_differs(w, i) || sysctl_differs(w, i + 1))) {
			snprintf(value, sizeof value, "%lld %lld", (long long)w->to->sysctl[i],
				 (long long)w->to->sysctl[i + 1]);
			emit_sysctl(w, value, "%s", s->name);
		} else if (!pair && s->field == 0 && sysctl_differs(w, i)) {
			snprintf(value, sizeof value, "%lld", (long long)w->to->sysctl[i]);
			emit_sysctl(w, value, "%s", s->name);
		}
	}
}

static bool is_reserved(const struct host *h, unsigned port)
{
	return h && h->reserved_ports[port / 8] >> port % 8 & 1;
}

static void reserved_ports(const struct work *w)
{
	char text[EDIT_VALUE] = "";
	size_t used = 0;
	bool differs = false;
	for (unsigned port = 0, last; port < 65536 && used < sizeof text; port = last + 1) {
		last = port;
		differs = differs || is_reserved(w->to, port) != is_reserved(w->from, port);
		if (!is_reserved(w->to, port))
			continue;
		while (last < 65535 && is_reserved(w->to, last + 1)) {
			last++;
			differs = differs || !is_reserved(w->from, last);
		}
		used += (size_t)snprintf(text + used, sizeof text - used, last > port ? "%s%u-%u" : "%s%u",
					 used ? "," : "", port, last);
	}
	if (differs && used < sizeof text)
		emit_sysctl(w, text, "net.ipv4.ip_local_reserved_ports");
}

static bool same_link(const struct link *a, const struct link *b)
{
	return a && b && strcmp(a->kind, b->kind) == 0 && a->vrf_table == b->vrf_table;
}

static const struct link *named(const struct host *h, const char *name)
{
	for (size_t i = 0; h && i < h->nlinks; i++)
		if (strcmp(h->links[i].name, name) == 0)
			return &h->links[i];
	return NULL;
}

static bool is_lo(const struct link *l)
{
	return l->flags & IFF_LOOPBACK;
}

static bool is_up(const struct link *l)
{
	return l && l->flags & IFF_UP;
}

// The same link before; NULL for one that is new. `lo` is never new, but it begins down and without anything.
static const struct link *before(const struct work *w, const struct link *l)
{
	const struct link *old = named(w->from, l->name);
	return same_link(old, l) ? old : NULL;
}

static void make_link(const struct work *w, const struct link *l)
{
	struct edit e = edit_of(EDIT_LINK, true, l->name);
	bool plain = strcmp(l->kind, "dummy") == 0;
	if (strcmp(l->kind, "vrf") == 0 || plain) {
		snprintf(e.link.type, sizeof e.link.type, "%s", l->kind);
		e.link.table = l->vrf_table;
	} else {
		snprintf(e.link.type, sizeof e.link.type, "veth");
		snprintf(e.link.peer, sizeof e.link.peer, "%s", l->name);
		e.link.neighbour = true;
		e.link.no_carrier = is_up(l) && !(l->flags & FLAG_LOWER_UP);
	}
	emit(w, &e);
}

static void link_sysctl(const struct work *w, bool now, bool then, const char *family, const char *dev,
			const char *name)
{
	char sep = strchr(dev, '.') ? '/' : '.';
	if (now != then)
		emit_sysctl(w, then ? "1" : "0", "net%c%s%cconf%c%s%c%s", sep, family, sep, sep, dev, sep, name);
}

static void link_sysctls(const struct work *w, const struct link *l, const struct link *old)
{
	bool all6 = !w->to->sysctl_hidden[SYSCTL_ALL_DISABLE6] && w->to->sysctl[SYSCTL_ALL_DISABLE6];
	if (!old && !is_lo(l) && w->to->has_inet6 != NO) // the addresses are the recorded ones, and no others
		link_sysctl(w, false, true, "ipv6", l->name, "addr_gen_mode");
	link_sysctl(w, old ? old->disables_ipv6 : all6, l->disables_ipv6, "ipv6", l->name, "disable_ipv6");
	link_sysctl(w, old && old->ignores_linkdown, l->ignores_linkdown, "ipv4", l->name,
		    "ignore_routes_with_linkdown");
	link_sysctl(w, old && old->promotes, l->promotes, "ipv4", l->name, "promote_secondaries");
}

static const char *vrf_name(const struct host *h, const struct link *l)
{
	const struct link *vrf = l && h ? host_link(h, l->master) : NULL;
	return vrf && vrf->vrf_table ? vrf->name : "";
}

static void set_up(const struct work *w, const char *name, bool up)
{
	struct edit e = edit_of(EDIT_UP, up, name);
	emit(w, &e);
}

// IPv4's local route of an address on a device.
static bool has_route(const struct host *h, const struct host_addr *a, uint8_t type, uint32_t dst)
{
	const struct link *vrf = host_vrf_of(h, a->index);
	uint32_t table = vrf ? vrf->vrf_table : RT_TABLE_LOCAL;
	for (size_t i = fib_find_prefix4(h, dst, HOST_LEN);
	     i < h->nroutes4 && h->routes4[i].dst == dst && h->routes4[i].len == HOST_LEN; i++) {
		const struct route_info *info = host_info4(h, i);
		if (info->type == type && info->table == table && info->oif == a->index)
			return true;
	}
	return false;
}

static bool has_local_route(const struct host *h, const struct host_addr *a)
{
	return a->addr.family == AF_INET && has_route(h, a, RTN_LOCAL, addr_v4(&a->addr));
}

// Local routes stay when a device goes down, but none come while it is down.
static bool needs_up_for_addresses(const struct host *h, const struct link *l)
{
	for (size_t i = 0; i < h->naddrs; i++)
		if (h->addrs[i].index == l->index && has_local_route(h, &h->addrs[i]))
			return true;
	return false;
}

static void links(const struct work *w)
{
	for (size_t i = 0; w->from && i < w->from->nlinks; i++) {
		const struct link *l = &w->from->links[i];
		if (is_lo(l) || same_link(named(w->to, l->name), l))
			continue;
		struct edit e = edit_of(EDIT_LINK, false, l->name);
		emit(w, &e);
	}
	for (size_t i = 0; i < w->to->nlinks; i++)
		if (!is_lo(&w->to->links[i]) && !before(w, &w->to->links[i]))
			make_link(w, &w->to->links[i]);
	for (size_t i = 0; i < w->to->nlinks; i++) {
		const struct link *l = &w->to->links[i], *old = before(w, l);
		const char *master = vrf_name(w->to, l);
		link_sysctls(w, l, old);
		if (strcmp(master, vrf_name(w->from, old)) != 0) {
			struct edit e = edit_of(EDIT_MASTER, true, l->name);
			snprintf(e.master, sizeof e.master, "%s", master);
			emit(w, &e);
		}
		if (is_up(l) ? !is_up(old) : !old && needs_up_for_addresses(w->to, l))
			set_up(w, l->name, true);
	}
}

static void links_down(const struct work *w)
{
	for (size_t i = 0; i < w->to->nlinks; i++) {
		const struct link *l = &w->to->links[i], *old = before(w, l);
		if (!is_up(l) && (is_up(old) || (!old && needs_up_for_addresses(w->to, l))))
			set_up(w, l->name, false);
	}
}

static bool is_tentative(const struct host_addr *a)
{
	return a->addr.family == AF_INET6 && a->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED);
}

// The same address on the same device, in the same state as far as bind is concerned.
static const struct host_addr *find_addr(const struct host *h, const struct host *other, const struct host_addr *a)
{
	const struct link *l = host_link(other, a->index);
	const struct link *there = l ? named(h, l->name) : NULL;
	size_t i = there ? host_find_addr_on(h, &a->addr, there->index) : 0;
	if (!there || i >= h->naddrs || h->addrs[i].prefixlen != a->prefixlen ||
	    is_tentative(&h->addrs[i]) != is_tentative(a))
		return NULL;
	return &h->addrs[i];
}

// Is it there as soon as the loopback device is up?
static bool is_made_by_kernel(const struct link *l, const struct host_addr *a)
{
	uint32_t v4 = addr_v4(&a->addr);
	struct in6_addr in6;
	if (!is_lo(l))
		return false;
	addr_to_in6(&a->addr, &in6);
	return a->addr.family == AF_INET ? v4 == INADDR_LOOPBACK && a->prefixlen == 8 : IN6_IS_ADDR_LOOPBACK(&in6);
}

static struct edit addr_edit(bool add, const struct link *l, const struct host_addr *a)
{
	struct edit e = edit_of(EDIT_ADDR, add, l->name);
	bool loopback = addr_v4(&a->addr) >> 24 == 127;
	e.addr = (struct edit_addr){.addr = a->addr,
				    .len = a->prefixlen,
				    .tentative = is_tentative(a),
				    .valid = UINT32_MAX,
				    .preferred = a->flags & IFA_F_DEPRECATED ? 0 : UINT32_MAX};
	if (a->addr.family == AF_INET6 && !is_tentative(a))
		e.addr.flags = IFA_F_NODAD;
	e.addr.scope = a->scope;
	e.addr.has_scope = a->addr.family == AF_INET && a->scope != (loopback ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE);
	return e;
}

static void emit_addr(const struct work *w, bool add, const struct link *l, const struct host_addr *a)
{
	struct edit e = addr_edit(add, l, a);
	emit(w, &e);
}

static void addresses_gone(const struct work *w)
{
	for (size_t i = 0; w->from && i < w->from->naddrs; i++) {
		const struct host_addr *a = &w->from->addrs[i];
		const struct link *l = host_link(w->from, a->index);
		if (l && same_link(named(w->to, l->name), l) && !find_addr(w->to, w->from, a))
			emit_addr(w, false, l, a);
	}
	for (size_t i = 0; i < w->to->nlinks; i++) { // lo came up without what it always gets
		const struct link *l = &w->to->links[i];
		const struct host_addr v4 = {.addr = addr_from_v4(INADDR_LOOPBACK), .prefixlen = 8};
		bool came = is_lo(l) && !before(w, l) && (is_up(l) || needs_up_for_addresses(w->to, l));
		if (came && host_find_addr_on(w->to, &v4.addr, l->index) >= w->to->naddrs)
			emit_addr(w, false, l, &v4);
	}
}

// Primary addresses first: the first one of a subnet is.
static void addresses(const struct work *w, bool secondary)
{
	for (size_t i = 0; i < w->to->naddrs; i++) {
		const struct host_addr *a = &w->to->addrs[i];
		const struct link *l = host_link(w->to, a->index);
		bool is_secondary = a->addr.family == AF_INET && a->flags & IFA_F_SECONDARY;
		bool there = l && w->from && find_addr(w->from, w->to, a);
		if (l && is_secondary == secondary && !there && !(is_made_by_kernel(l, a) && !before(w, l)))
			emit_addr(w, true, l, a);
	}
}

static struct edit route_edit(bool add, const struct host *h, const struct prefix *dst, const struct route_info *info)
{
	char name[16];
	bool bare = info->type == RTN_BLACKHOLE || info->type == RTN_UNREACHABLE || info->type == RTN_PROHIBIT ||
		    info->type == RTN_THROW;
	struct edit e = edit_of(EDIT_ROUTE, add, bare ? "" : info->oif ? host_link_name(h, info->oif, name) : "lo");
	e.route = (struct edit_route){.dst = *dst,
				      .table = info->table,
				      .metric = info->metric,
				      .type = info->type,
				      .tos = info->tos,
				      .protocol = info->protocol};
	if (dst->addr.family == AF_INET6 && info->metric == METRIC6)
		e.route.metric = 0;
	return e;
}

// How a host's routes of a family are reached.
struct routes {
	const struct host *h;
	int family;
};

static size_t route_count(struct routes r)
{
	return !r.h ? 0 : r.family == AF_INET ? r.h->nroutes4 : r.h->nroutes6;
}

static const struct route_info *route_at(struct routes r, size_t i, struct prefix *dst)
{
	*dst = r.family == AF_INET ? host_prefix4(r.h, i) : host_prefix6(r.h, i);
	return r.family == AF_INET ? host_info4(r.h, i) : host_info6(r.h, i);
}

static bool same_device(const struct host *a, uint32_t x, const struct host *b, uint32_t y)
{
	const struct link *one = host_link(a, x), *two = host_link(b, y);
	return one && two ? strcmp(one->name, two->name) == 0 : one == two;
}

static bool has_same(struct routes in, struct routes of, const struct prefix *dst, const struct route_info *info)
{
	if (!in.h)
		return false;
	size_t i = in.family == AF_INET ? fib_find_prefix4(in.h, addr_v4(&dst->addr), dst->len)
					: fib_find_prefix6(in.h, dst);
	for (struct prefix p; i < route_count(in); i++) {
		const struct route_info *other = route_at(in, i, &p);
		if (p.len != dst->len || !addr_equal(&p.addr, &dst->addr))
			return false;
		if (other->table == info->table && other->type == info->type && other->tos == info->tos &&
		    other->metric == info->metric && same_device(in.h, other->oif, of.h, info->oif))
			return true;
	}
	return false;
}

// What the kernel adds and removes along with addresses and devices is left to it.
static bool is_kernels(const struct route_info *info)
{
	return info->protocol == RTPROT_KERNEL || info->protocol == RTPROT_RA || info->protocol == RTPROT_REDIRECT;
}

// Did the route go with its device?
static bool went_along(const struct work *w, const struct route_info *info)
{
	const struct link *l = host_link(w->from, info->oif), *now = l ? named(w->to, l->name) : NULL;
	return l && (!now || (!is_up(now) && info->type != RTN_LOCAL));
}

static void routes_gone(const struct work *w, int family)
{
	struct routes from = {w->from, family}, to = {w->to, family};
	for (size_t i = 0; i < route_count(from); i++) {
		struct prefix dst;
		const struct route_info *info = route_at(from, i, &dst);
		if (is_kernels(info) || went_along(w, info) || has_same(to, from, &dst, info))
			continue;
		struct edit e = route_edit(false, w->from, &dst, info);
		emit(w, &e);
	}
}

static void routes(const struct work *w, int family)
{
	struct routes from = {w->from, family}, to = {w->to, family};
	struct edit last = {0};
	for (size_t i = 0; i < route_count(to); i++) {
		struct prefix dst;
		const struct route_info *info = route_at(to, i, &dst);
		if (is_kernels(info) || has_same(from, to, &dst, info))
			continue;
		struct edit e = route_edit(true, w->to, &dst, info);
		e.route.append = edit_same_key(&last, &e) && last.kind == EDIT_ROUTE;
		emit(w, &e);
		last = e;
	}
}

// A route that the kernel made for an address, and that somebody has deleted or brought back.
static void address_routes(const struct work *w)
{
	for (size_t i = 0; i < w->to->naddrs; i++) {
		const struct host_addr *a = &w->to->addrs[i], *old = w->from ? find_addr(w->from, w->to, a) : NULL;
		const struct link *l = host_link(w->to, a->index), *vrf = host_vrf_of(w->to, a->index);
		if (a->addr.family != AF_INET || !l)
			continue;
		uint32_t mask = a->prefixlen ? UINT32_MAX << (HOST_LEN - a->prefixlen) : 0;
		const struct {
			uint8_t type;
			uint32_t dst;
			bool made;
		} made[] = {{RTN_LOCAL, addr_v4(&a->addr), true},
			    {RTN_BROADCAST, addr_v4(&a->addr) | ~mask, a->prefixlen < 31 && is_up(l)}};
		for (size_t n = 0; n < 2; n++) {
			bool came = is_up(l) || needs_up_for_addresses(w->to, l);
			bool then = old && is_up(l) == is_up(host_link(w->from, old->index))
					    ? has_route(w->from, old, made[n].type, made[n].dst)
					    : came;
			bool now = has_route(w->to, a, made[n].type, made[n].dst);
			if (!made[n].made || now == then)
				continue;
			struct edit e = edit_of(EDIT_ROUTE, now, l->name);
			e.route = (struct edit_route){.dst = {.addr = addr_from_v4(made[n].dst), .len = HOST_LEN},
						      .table = vrf ? vrf->vrf_table : RT_TABLE_LOCAL,
						      .type = made[n].type};
			if (now)
				e.route.protocol = RTPROT_KERNEL;
			emit(w, &e);
		}
	}
}

static bool has_rule(const struct host *h, const struct rule *r)
{
	for (size_t i = 0; h && i < h->nrules; i++)
		if (rule_equal(&h->rules[i], r))
			return true;
	return false;
}

// Those of the kernel for its VRFs come with the first VRF. What the language has no words for is left out: for bind it
// counts only that there are rules.
static bool can_say(const struct rule *r)
{
	return !r->builtin && !r->l3mdev && r->action != FR_ACT_GOTO && r->action != FR_ACT_NOP;
}

static void emit_rule(const struct work *w, bool add, const struct rule *r)
{
	struct edit e = edit_of(EDIT_RULE, add, "");
	e.rule.rule = *r;
	e.rule.has_priority = true;
	emit(w, &e);
}

static void rules(const struct work *w)
{
	const struct host *to = w->to;
	bool split = to->trie == TRIE_SPLIT && !to->lacks_rules4 && !(w->from && w->from->trie == TRIE_SPLIT);
	const struct rule once = {.family = AF_INET, .priority = 1, .action = FR_ACT_TO_TBL, .table = RT_TABLE_MAIN};
	for (size_t i = 0; i < to->nrules; i++)
		if (to->rules[i].family == AF_INET && can_say(&to->rules[i]) && !has_rule(w->from, &to->rules[i]))
			split = false;
	if (split) { // for good, also when the rule that did it is gone
		emit_rule(w, true, &once);
		emit_rule(w, false, &once);
	}
	for (size_t i = 0; w->from && i < w->from->nrules; i++)
		if (can_say(&w->from->rules[i]) && !has_rule(to, &w->from->rules[i]))
			emit_rule(w, false, &w->from->rules[i]);
	for (size_t i = 0; i < to->nrules; i++)
		if (can_say(&to->rules[i]) && !has_rule(w->from, &to->rules[i]))
			emit_rule(w, true, &to->rules[i]);
}

void host_edits(const struct host *from, const struct host *to, host_edit_fn *emit_fn, void *data)
{
	const struct work w = {.from = from, .to = to, .emit = emit_fn, .data = data};
	sysctls(&w);
	reserved_ports(&w);
	links(&w);
	rules(&w);
	routes_gone(&w, AF_INET);
	routes_gone(&w, AF_INET6);
	addresses_gone(&w);
	addresses(&w, false);
	addresses(&w, true);
	routes(&w, AF_INET);
	routes(&w, AF_INET6);
	links_down(&w);
	address_routes(&w);
}
