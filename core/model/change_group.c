// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/change_group.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const union host_value *value_of(const struct host_change *c)
{
	return c->how == CHANGE_REMOVED ? &c->before : &c->after;
}

// -------------------------------------------------------------------------------------------- consequences

static bool in_subnet(const struct host_addr *of, const struct addr *a)
{
	struct prefix subnet = {addr_masked(&of->addr, of->prefixlen), of->prefixlen};
	return prefix_covers(&subnet, a);
}

// The kernel itself adds these addresses to a link that comes up.
static bool is_made_by_kernel(const struct host_addr *a)
{
	static const struct addr loopback6 = {.family = AF_INET6, .bytes = {[15] = 1}};
	return a->addr.family == AF_INET ? a->addr.bytes[0] == 127
					 : addr6_class(&a->addr) & ADDR6_LINKLOCAL || addr_equal(&a->addr, &loopback6);
}

enum direction { LOSES, GAINS, TURNS };

static enum direction direction_of(const struct host_change *link)
{
	switch (change_link_turn(link)) {
	case LINK_DELETED:
	case LINK_DOWN:
	case LINK_NO_CARRIER:
	case LINK_IPV6_OFF:
		return LOSES;
	case LINK_CREATED:
	case LINK_UP:
	case LINK_CARRIER:
	case LINK_IPV6_ON:
		return GAINS;
	default:
		return TURNS;
	}
}

// A link that goes down keeps its IPv4 addresses; an address added by somebody is not a consequence.
static bool link_explains(const struct change_group *g, const struct host_change *c)
{
	const struct host_change *cause = &g->cause;
	uint32_t index = value_of(cause)->link.index;
	enum direction to = direction_of(cause);
	const union host_value *v = value_of(c);
	if (c->list == HOST_ADDRS) {
		if (!g->summed && v->addr.index != index)
			return false;
		if (c->how == CHANGE_REMOVED)
			return cause->how == CHANGE_REMOVED || (v->addr.addr.family == AF_INET6 && to != GAINS);
		return c->how == CHANGE_ADDED && to != LOSES && is_made_by_kernel(&v->addr);
	}
	if (!host_list_is_routes(c->list) || (!g->summed && !route_info_uses(&v->route.info, index)))
		return false;
	if (c->how == CHANGE_ALTERED)
		return true;
	return c->how == CHANGE_REMOVED ? to != GAINS : to != LOSES && v->route.info.protocol == RTPROT_KERNEL;
}

// The kernel's own routes for an address (fib_add_ifaddr(), net/ipv4/fib_frontend.c; addrconf_prefix_route(),
// net/ipv6/addrconf.c): to itself, to its network, to its broadcast, anycast and multicast addresses.
static bool is_route_of(const struct host_addr *a, const struct host_route *r)
{
	bool itself = addr_equal(&r->dst.addr, &a->addr);
	return r->dst.addr.family == a->addr.family && (itself || route_info_uses(&r->info, a->index)) &&
	       (itself || prefix_covers(&r->dst, &a->addr) || in_subnet(a, &r->dst.addr) ||
		addr_is_multicast(&r->dst.addr));
}

// With the last IPv4 address of a device go all routes through it (fib_del_ifaddr()), with any the routes that have it
// as their source (fib_sync_down_addr()).
static bool takes_route(const struct host *h, const struct host_addr *a, const struct host_route *r)
{
	bool four = a->addr.family == AF_INET;
	if (r->info.protocol == RTPROT_KERNEL)
		return is_route_of(a, r);
	return four && r->dst.addr.family == AF_INET &&
	       ((r->info.prefsrc && r->info.prefsrc == addr_v4(&a->addr)) ||
		(!host_has_addr(h, a->index, AF_INET) && route_info_uses(&r->info, a->index)));
}

static bool addr_explains(const struct host *h, const struct change_group *g, const struct host_change *c)
{
	enum change_how how = g->cause.how;
	const struct host_addr *a = &value_of(&g->cause)->addr;
	const union host_value *v = value_of(c);
	if (c->list == HOST_ADDRS) // secondary addresses go with the primary one, or one of them takes its place
		return how == CHANGE_REMOVED && c->how != CHANGE_ADDED && c->before.addr.flags & IFA_F_SECONDARY &&
		       v->addr.addr.family == AF_INET && v->addr.index == a->index && in_subnet(a, &v->addr.addr);
	if (!host_list_is_routes(c->list) || (c->how == CHANGE_ALTERED && how != CHANGE_ALTERED))
		return false;
	if (c->how == CHANGE_REMOVED && how != CHANGE_ADDED)
		return takes_route(h, a, &v->route);
	return c->how != CHANGE_REMOVED && how != CHANGE_REMOVED && v->route.info.protocol == RTPROT_KERNEL &&
	       is_route_of(a, &v->route);
}

// Another number of the same file, which is written with it: later it is a change of its own. A switch for all
// interfaces is written to each.
static bool sysctl_explains(const struct change_group *g, const struct host_change *c)
{
	enum sysctl_id id = g->cause.after.sysctl.id;
	if (c->list == HOST_SYSCTLS)
		return g->fresh && id < SYSCTL_COUNT && c->after.sysctl.id < SYSCTL_COUNT &&
		       strcmp(sysctl_info(id)->name, sysctl_info(c->after.sysctl.id)->name) == 0;
	if (c->list == HOST_LINKS) {
		enum link_turn turn = change_link_turn(c);
		return (id == SYSCTL_ALL_PROMOTE && turn == LINK_SWITCHED) ||
		       (id == SYSCTL_ALL_DISABLE6 &&
			turn == (g->cause.after.sysctl.value ? LINK_IPV6_OFF : LINK_IPV6_ON));
	}
	if (id != SYSCTL_ALL_DISABLE6)
		return false;
	enum change_how how = g->cause.after.sysctl.value ? CHANGE_REMOVED : CHANGE_ADDED;
	if (c->list == HOST_ADDRS)
		return value_of(c)->addr.addr.family == AF_INET6 && c->how == how;
	return c->list == HOST_ROUTES6 && c->how == how;
}

// The first rule of one's own splits the tables local and main (fib_unmerge(), net/ipv4/fib_frontend.c): the routes of
// main remain, but no lookup for bind finds them any more.
static bool counts_no_more(const struct host *h, const struct host_change *c)
{
	return c->list == HOST_ROUTES4 && c->how == CHANGE_REMOVED && h->trie == TRIE_SPLIT &&
	       c->before.route.info.table == RT_TABLE_MAIN && c->before.route.info.type == RTN_UNICAST;
}

static bool explains(const struct host *h, const struct change_group *g, const struct host_change *c)
{
	switch (g->cause.list) {
	case HOST_RULES:
		return counts_no_more(h, c);
	case HOST_LINKS:
		return link_explains(g, c);
	case HOST_ADDRS:
		return addr_explains(h, g, c);
	case HOST_SYSCTLS:
		return sysctl_explains(g, c);
	default:
		return false;
	}
}

// ----------------------------------------------------------------------------------------------- grouping

struct grouping {
	struct change_groups *g;
	const struct host *h;
	const struct host_changes *c;
	change_is_own *own;
	const void *data;
	int64_t now;
};

static void forget_old(struct change_groups *g, int64_t now)
{
	size_t n = 0;
	for (size_t i = 0; i < g->n; i++) {
		if (now - g->at[i].grown > CHANGE_TOGETHER || now - g->at[i].began > CHANGE_AT_MOST)
			continue;
		if (n != i)
			g->at[n] = g->at[i];
		g->at[n++].fresh = false;
	}
	g->n = n;
}

static bool same_kind(const struct host_change *a, const struct host_change *b)
{
	return a->list == b->list && a->how == b->how &&
	       (a->list != HOST_LINKS || change_link_turn(a) == change_link_turn(b));
}

static void forget_first(struct change_groups *all)
{
	memmove(all->at, all->at + 1, --all->n * sizeof *all->at);
	for (size_t i = 0; i < HOST_CHANGES; i++)
		if (all->of[i] < CHANGE_GROUPS)
			all->of[i] = all->of[i] ? (uint8_t)(all->of[i] - 1) : CHANGE_GROUPS;
}

static struct change_group *new_group(struct grouping *g, const struct host_change *cause, bool own)
{
	struct change_groups *all = g->g;
	if (all->n == CHANGE_GROUPS)
		forget_first(all);
	struct change_group *made = &all->at[all->n++];
	*made = (struct change_group){
		.cause = *cause, .n = 1, .own = own, .fresh = true, .began = g->now, .grown = g->now};
	if (host_list_is_routes(cause->list))
		made->cover = value_of(cause)->route.dst;
	return made;
}

static void go_along(struct grouping *g, struct change_group *with, const struct host_change *c)
{
	with->fresh = true;
	with->grown = g->now;
	if (host_list_is_routes(c->list))
		with->routes[c->how]++;
	if (c->list != HOST_ADDRS)
		return;
	with->addrs[c->how]++;
	if (c->how == CHANGE_REMOVED && with->nwith < CHANGE_WITH)
		with->with[with->nwith++] = c->before.addr;
}

// How well a cause explains a change; 0: not at all. An address explains it better than its link does, and of two
// addresses of one network, each explains the route to itself.
static unsigned how_well(const struct host *h, const struct change_group *g, const struct host_change *c)
{
	enum { ANY = 1, ADDRESS = 2, ITSELF = 3, THIS_BATCH = 4 };
	if (!explains(h, g, c))
		return 0;
	unsigned rank = g->fresh ? THIS_BATCH : 0;
	if (g->cause.list != HOST_ADDRS || !host_list_is_routes(c->list))
		return rank + ANY;
	return rank + (addr_equal(&value_of(&g->cause)->addr.addr, &value_of(c)->route.dst.addr) ? ITSELF : ADDRESS);
}

// The first of the best explanations.
static bool explain(struct grouping *g, const struct host_change *c)
{
	size_t best = 0;
	unsigned most = 0;
	for (size_t i = 0; i < g->g->n; i++) {
		unsigned rank = how_well(g->h, &g->g->at[i], c);
		if (rank > most)
			best = i;
		most = rank > most ? rank : most;
	}
	if (!most)
		return false;
	go_along(g, &g->g->at[best], c);
	g->g->of[c - g->c->item] = (uint8_t)best;
	return true;
}

// Joins a summed group of its kind.
static struct change_group *group_of_kind(struct grouping *g, const struct host_change *c, bool own)
{
	struct change_group *last = NULL;
	size_t singles = 0;
	for (size_t i = 0; i < g->g->n; i++) {
		struct change_group *at = &g->g->at[i];
		if (at->own != own || !same_kind(&at->cause, c))
			continue;
		if (!last || !last->summed || at->summed)
			last = at;
		singles++;
	}
	return last && (last->summed || singles > CHANGE_SINGLES) ? last : NULL;
}

static void sum_up(struct grouping *g, struct change_group *to, size_t n, const struct prefix *cover)
{
	to->summed = to->fresh = true;
	to->grown = g->now;
	to->n += n;
	if (cover && cover->addr.family)
		to->cover = change_cover(&to->cover, cover);
}

static void add_cause(struct grouping *g, const struct host_change *c, bool own, bool many)
{
	struct change_group *with = group_of_kind(g, c, own);
	if (with) {
		sum_up(g, with, 1, host_list_is_routes(c->list) ? &value_of(c)->route.dst : NULL);
	} else {
		with = new_group(g, c, own);
		with->summed = many;
	}
	g->g->of[c - g->c->item] = (uint8_t)(with - g->g->at);
}

static bool is_nothing(const struct host *h, const struct host_change *c)
{
	return (c->list == HOST_LINKS && change_link_turn(c) == LINK_SAME) || counts_no_more(h, c);
}

// Changes that no other change explains. A link's change can explain an address, and both can explain a route.
static void find_causes(struct grouping *g, enum host_list list, bool secondaries)
{
	size_t found = 0;
	size_t at[HOST_CHANGES];
	bool own[HOST_CHANGES];
	for (size_t i = 0; i < g->c->n; i++) {
		const struct host_change *c = &g->c->item[i];
		bool secondary =
			c->list == HOST_ADDRS && c->how != CHANGE_ADDED && c->before.addr.flags & IFA_F_SECONDARY;
		if (c->list == list && secondary == secondaries && !explain(g, c) && !is_nothing(g->h, c))
			at[found++] = i;
	}
	for (size_t i = 0; i < found; i++)
		own[i] = g->own && g->own(g->data, g->h, &g->c->item[at[i]]);
	for (size_t i = 0; i < found; i++) {
		const struct host_change *c = &g->c->item[at[i]];
		size_t same = 0;
		// The first of a sysctl's numbers explains the others.
		if (list == HOST_SYSCTLS && explain(g, c))
			continue;
		for (size_t k = 0; k < found; k++)
			same += own[i] == own[k] && same_kind(c, &g->c->item[at[k]]);
		add_cause(g, c, own[i], list != HOST_SYSCTLS && same > CHANGE_SINGLES);
	}
}

static bool is_of(const struct change_group *g, enum host_list list, enum change_how how)
{
	return g->cause.list == list && g->cause.how == how;
}

// What the record left out goes with those of its kind that it has; else with what took them along; else it stands for
// itself.
static void add_left_out(struct grouping *g, enum host_list list, enum change_how how)
{
	const struct change_sum *sum = &g->c->sum[list][how];
	struct change_group *to = NULL;
	for (size_t i = 0; i < g->g->n; i++) {
		struct change_group *at = &g->g->at[i];
		if (at->fresh && is_of(at, list, how) && (!to || !at->own))
			to = at;
	}
	for (size_t i = 0; !to && i < g->g->n; i++) {
		struct change_group *at = &g->g->at[i];
		if (!at->fresh ||
		    (list == HOST_ADDRS ? !at->addrs[how] : !host_list_is_routes(list) || !at->routes[how]))
			continue;
		*(list == HOST_ADDRS ? &at->addrs[how] : &at->routes[how]) += sum->n;
		return;
	}
	if (to) {
		sum_up(g, to, sum->n, &sum->cover);
		return;
	}
	const struct host_change unknown = {
		.list = list, .how = how, .before.route.dst = sum->cover, .after.route.dst = sum->cover};
	to = new_group(g, &unknown, false);
	to->summed = true;
	to->n = sum->n;
	to->cover = sum->cover;
}

void change_group(struct change_groups *all, const struct host *h, const struct host_changes *c, change_is_own *own,
		  const void *data, int64_t now)
{
	struct grouping g = {all, h, c, own, data, now};
	static const enum host_list order[] = {HOST_SYSCTLS, HOST_LINKS,   HOST_ADDRS,
					       HOST_RULES,   HOST_ROUTES4, HOST_ROUTES6};
	forget_old(all, now);
	memset(all->of, CHANGE_GROUPS, sizeof all->of);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		find_causes(&g, order[i], false);
		find_causes(&g, order[i], true);
	}
	for (int list = 0; list < HOST_LISTS; list++)
		for (int how = 0; how < CHANGE_HOWS; how++)
			if (c->sum[list][how].n)
				add_left_out(&g, (enum host_list)list, (enum change_how)how);
}

// ------------------------------------------------------------------------------------------------- in words

bool change_by_kernel(const struct host_change *c)
{
	uint32_t turned = c->before.addr.flags ^ c->after.addr.flags;
	return c->list == HOST_ADDRS && c->how == CHANGE_ALTERED &&
	       turned & (IFA_F_TENTATIVE | IFA_F_DADFAILED | IFA_F_DEPRECATED);
}

const struct change_group *change_group_of(const struct change_groups *g, size_t item)
{
	return item < HOST_CHANGES && g->of[item] < g->n ? &g->at[g->of[item]] : NULL;
}

bool change_group_went_along(const struct change_group *g)
{
	for (int how = 0; how < CHANGE_HOWS; how++)
		if (g->addrs[how] || g->routes[how])
			return true;
	return false;
}

struct text {
	char *buf;
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void say(struct text *t, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(t->buf + t->used, CHANGE_GROUP_TEXT - t->used, fmt, args);
	va_end(args);
	if (n > 0)
		t->used += (size_t)n;
	if (t->used >= CHANGE_GROUP_TEXT)
		t->used = CHANGE_GROUP_TEXT - 1;
}

static void say_count(struct text *t, size_t n, const char *one, const char *many)
{
	say(t, "%zu %s", n, n == 1 ? one : many);
}

static void say_sum(struct text *t, const struct change_group *g)
{
	static const struct {
		const char *one, *many;
	} nouns[HOST_LISTS] = {
		[HOST_LINKS] = {"interface", "interfaces"},
		[HOST_ADDRS] = {"address", "addresses"},
		[HOST_RULES] = {"rule", "rules"},
		[HOST_ROUTES4] = {"IPv4 route", "IPv4 routes"},
		[HOST_ROUTES6] = {"IPv6 route", "IPv6 routes"},
		[HOST_SYSCTLS] = {"sysctl", "sysctls"},
	};
	static const char *const hows[] = {"added", "deleted", "changed"};
	static const char *const turns[] = {
		[LINK_CREATED] = "created",
		[LINK_DELETED] = "deleted",
		[LINK_UP] = "went up",
		[LINK_DOWN] = "went down",
		[LINK_CARRIER] = "have their carrier",
		[LINK_NO_CARRIER] = "lost their carrier",
		[LINK_JOINED] = "joined another interface",
		[LINK_PARTED] = "left another interface",
		[LINK_RENAMED] = "have another name",
		[LINK_IPV6_ON] = "have IPv6 again",
		[LINK_IPV6_OFF] = "lost IPv6",
		[LINK_SWITCHED] = "changed",
		[LINK_REMADE] = "changed",
		[LINK_OTHER_NAMES] = "have other altnames",
		[LINK_SAME] = "changed",
	};
	const struct host_change *c = &g->cause;
	char prefix[PREFIX_TEXT];
	say_count(t, g->n, nouns[c->list].one, nouns[c->list].many);
	say(t, " %s", c->list == HOST_LINKS ? turns[change_link_turn(c)] : hows[c->how]);
	if (g->cover.addr.family && g->cover.len)
		say(t, ", all of them in %s", prefix_print(&g->cover, prefix));
}

// "192.0.2.8/24, 192.0.2.9/24 and 3 routes".
static void say_along(struct text *t, const struct change_group *g, enum change_how how)
{
	char addr[ADDR_TEXT];
	size_t addrs = g->addrs[how], routes = g->routes[how];
	if (how == CHANGE_REMOVED && addrs && addrs <= CHANGE_WITH)
		for (size_t i = 0; i < g->nwith; i++)
			say(t, "%s%s/%u",
			    !i                           ? ""
			    : routes || i + 1 < g->nwith ? ", "
							 : " and ",
			    addr_print(&g->with[i].addr, addr), g->with[i].prefixlen);
	else if (addrs)
		say_count(t, addrs, "address", "addresses");
	if (addrs && routes)
		say(t, " and ");
	if (routes)
		say_count(t, routes, "route", "routes");
}

char *change_group_print(const struct host *h, const struct change_group *g, char buf[static CHANGE_GROUP_TEXT])
{
	static const char *const words[CHANGE_HOWS] = {"came", "went", "changed"};
	struct text t = {.buf = buf};
	bool any = false;
	buf[0] = '\0';
	if (g->summed)
		say_sum(&t, g);
	else
		t.used = strlen(change_print(h, &g->cause, buf));
	if (g->cause.list == HOST_RULES && g->routes[CHANGE_REMOVED]) {
		say(&t, ": local and main are split, ");
		say_count(&t, g->routes[CHANGE_REMOVED], "route of main no longer counts",
			  "routes of main no longer count");
		return buf;
	}
	for (int i = 0; i < CHANGE_HOWS; i++) {
		enum change_how how = (enum change_how)((i + 1) % CHANGE_HOWS); // what went comes first
		if (!g->addrs[how] && !g->routes[how])
			continue;
		say(&t, any ? ", " : ": ");
		say_along(&t, g, how);
		say(&t, " %s with %s", words[how], g->n > 1 ? "them" : "it");
		any = true;
	}
	return buf;
}
