// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_host.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/fib.h"
#include "core/model/host_left.h"
#include "core/model/host_overlay.h"
#include "core/model/rt_names.h"

static struct remedy of_host(enum remedy_kind kind)
{
	return remedy_new(kind, REACH_HOST, NEEDS_NET_ADMIN);
}

static void keep_sysctl(struct remedy *r)
{
	// The command's own words: "NAME=VALUE".
	const char *what = r->commands[0] + strlen("sysctl -w ");
	size_t n = strlen(what), quoted = *what == '\'';
	remedy_keep(r, "%.*s in a file in /etc/sysctl.d", (int)(n - 2 * quoted), what + quoted);
}

void remedy_by_sysctl(struct remedy_list *l, enum sysctl_id id, int64_t value)
{
	struct host changed = *l->world.host; // shares all arrays; only read
	struct world v = l->world;
	struct remedy r = of_host(REMEDY_SYSCTL);
	if (changed.sysctl_known[id] && changed.sysctl[id] == value)
		return;
	changed.sysctl[id] = value;
	changed.sysctl_hidden[id] = false;
	v.host = &changed;
	remedy_command(&r, "sysctl -w %s=%lld", sysctl_info(id)->name, (long long)value);
	keep_sysctl(&r);
	remedy_offer(l, &v, &r, true);
}

static uint32_t looked_into(const struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct input *in = w->steps[i].step == STEP_TABLE ? step_input(&w->steps[i], IN_TABLE) : NULL;
		if (in)
			return (uint32_t)in->number;
	}
	return RT_TABLE_LOCAL;
}

// The kernel refuses a second route with the same prefix, TOS and metric in a table (fib_table_insert()).
static bool has_route(const struct host *h, uint32_t table, uint32_t dst)
{
	for (size_t i = fib_find_prefix4(h, dst, 32);
	     i < h->nroutes4 && h->routes4[i].dst == dst && h->routes4[i].len == 32; i++) {
		const struct route_info *info = host_info4(h, i);
		if (info->table == table && !info->tos && !info->metric)
			return true;
	}
	return false;
}

static const struct link *loopback(const struct host *h)
{
	for (size_t i = 0; i < h->nlinks; i++)
		if (h->links[i].flags & IFF_LOOPBACK || strcmp(h->links[i].name, "lo") == 0)
			return &h->links[i];
	return NULL;
}

void remedy_by_route(struct remedy_list *l)
{
	const struct host *h = l->world.host;
	struct addr a = addr_unmapped(&l->world.attempt.addr);
	struct prefix p = {.addr = a, .len = 32};
	uint32_t table = looked_into(l->walk);
	const struct link *dev = loopback(h), *vrf = host_vrf_of(h, l->walk->device_after);
	size_t entry = host_find_addr(h, &a);
	if (entry < h->naddrs) // its own device, as the kernel does it
		dev = host_link(h, h->addrs[entry].index);
	else if (vrf)
		dev = vrf;
	if (a.family != AF_INET || !h->routes4_read || !dev || (entry == h->naddrs && !addr_is_assignable(&a)) ||
	    has_route(h, table, addr_v4(&a)))
		return;
	struct overlay o;
	struct world v = l->world;
	struct remedy r = of_host(REMEDY_ROUTE);
	char text[ADDR_TEXT], in[24] = "";
	r.mends = entry < h->naddrs;
	overlay_begin(&o, h);
	v.host = &o.host;
	if (table != RT_TABLE_LOCAL)
		snprintf(in, sizeof in, " table %u", table);
	remedy_command(&r, "ip route add local %s dev %s%s", addr_print(&a, text), dev->name, in);
	remedy_keep(&r, "a route of type local in the network's configuration");
	if (overlay_add_route4(&o, addr_v4(&a), &p,
			       &(struct route_info){.table = table,
						    .type = RTN_LOCAL,
						    .protocol = RTPROT_BOOT,
						    .scope = RT_SCOPE_HOST,
						    .oif = dev->index}) == 0)
		remedy_offer(l, &v, &r, true);
	overlay_end(&o);
}

enum { MOST_HIDING = 2 };

// Takes one route out, by the command that says which.
static bool delete_route(struct overlay *o, uint32_t dst, size_t route, struct remedy *r)
{
	const struct route_info *info = host_info4(&o->host, route);
	struct prefix p = host_prefix4(&o->host, route);
	char text[PREFIX_TEXT], table[12], tos[16] = "", metric[24] = "";
	if (info->nhid || r->ncommands == MOST_HIDING)
		return false; // of a next hop object a dump does not tell the type
	if (info->tos)
		snprintf(tos, sizeof tos, " tos %u", info->tos);
	if (info->metric)
		snprintf(metric, sizeof metric, " metric %u", info->metric);
	remedy_command(r, "ip route del %s %s table %s%s%s", rtn_name(info->type), prefix_print(&p, text),
		       table_name(info->table, table), tos, metric);
	return overlay_remove_route4(o, dst, route) == 0;
}

void remedy_by_unshadowing(struct remedy_list *l)
{
	const struct input *in = step_input(&l->walk->steps[l->walk->decisive], IN_ROUTE);
	struct addr a = addr_unmapped(&l->world.attempt.addr);
	struct overlay o;
	struct world v = l->world;
	struct remedy r = of_host(REMEDY_ROUTE);
	struct fib_result next = {.found = in && in->ref.kind == REF_ROUTE4, .type = RTN_UNREACHABLE};
	r.mends = true;
	overlay_begin(&o, l->world.host);
	v.host = &o.host;
	next.route = next.found ? in->ref.index : 0;
	while (next.found && next.type != RTN_LOCAL) {                           // there may be another one behind it
		r.mends &= host_info4(&o.host, next.route)->type != RTN_UNICAST; // that one carries packets
		if (!delete_route(&o, addr_v4(&a), next.route, &r))
			break;
		next = fib_lookup4(&o.host, looked_into(l->walk), addr_v4(&a));
	}
	if (r.ncommands == MOST_HIDING)
		remedy_change(&r, "%s, and %s", r.commands[0], r.commands[1]);
	remedy_keep(&r, "the network's configuration without %s", r.ncommands > 1 ? "those routes" : "that route");
	if (next.type == RTN_LOCAL)
		remedy_offer(l, &v, &r, true);
	overlay_end(&o);
}

static bool has_carrier(const struct link *l)
{
	return l->flags & IFF_UP && l->flags & FLAG_LOWER_UP;
}

// An IPv6 address on it shows that IPv6 is on there.
static bool has_ipv6(const struct host *h, uint32_t index)
{
	for (size_t i = 0; i < h->naddrs; i++)
		if (h->addrs[i].index == index && h->addrs[i].addr.family == AF_INET6)
			return true;
	return false;
}

// The kernel takes a new address there, and it can be used at once.
static bool takes_address(const struct host *h, const struct link *l, const struct addr *a)
{
	return a->family == AF_INET || (has_carrier(l) && has_ipv6(h, l->index));
}

// An interface with a subnet that the address is in; NULL for none. The longest subnet wins, then one that is up.
static const struct link *home(const struct host *h, const struct addr *a, const struct link *vrf)
{
	const struct link *best = NULL;
	unsigned best_rank = 0;
	for (size_t i = 0; i < h->naddrs; i++) {
		const struct host_addr *e = &h->addrs[i];
		struct prefix net = {.addr = addr_masked(&e->addr, e->prefixlen), .len = e->prefixlen};
		const struct link *l = prefix_covers(&net, a) ? host_link(h, e->index) : NULL; // of many, few do
		if (!l || host_vrf_of(h, l->index) != vrf || !takes_address(h, l, a))
			continue;
		unsigned rank = 2u * e->prefixlen + (l->flags & IFF_UP ? 1 : 0) + 1;
		if (rank > best_rank) {
			best = l;
			best_rank = rank;
		}
	}
	return best;
}

// The kernel's own route to an address of its own.
static int add_own_route(struct overlay *o, const struct addr *a, const struct link *vrf, uint32_t device)
{
	const struct route_info info = {.table = vrf ? vrf->vrf_table : RT_TABLE_LOCAL,
					.type = RTN_LOCAL,
					.protocol = RTPROT_KERNEL,
					.scope = RT_SCOPE_HOST,
					.oif = device};
	return a->family == AF_INET6
		       ? 0
		       : overlay_add_route4(o, addr_v4(a), &(struct prefix){.addr = *a, .len = 32}, &info);
}

// One more address of the host, by `ip addr add`.
static void add_address(struct remedy_list *l, struct remedy *r, const struct link *dev, uint8_t len, const char *note)
{
	const struct host *h = l->world.host;
	struct addr a = addr_unmapped(&l->world.attempt.addr);
	bool six = a.family == AF_INET6;
	struct overlay o;
	struct world v = l->world;
	char text[ADDR_TEXT];
	const struct host_addr e = {.addr = a,
				    .prefixlen = len,
				    .scope = RT_SCOPE_UNIVERSE,
				    .index = dev->index,
				    .flags = IFA_F_PERMANENT | (six ? IFA_F_NODAD : 0),
				    .valid = UINT32_MAX,
				    .preferred = UINT32_MAX};
	overlay_begin(&o, h);
	v.host = &o.host;
	addr_print(&a, text);
	remedy_command(r, "ip addr add %s/%u dev %s%s", text, len, dev->name,
		       six ? " nodad" : ""); // at once, even on lo detection takes a moment
	if (*note)
		remedy_change(r, "%s%s", r->commands[0], note);
	if (!r->keep[0])
		remedy_keep(r, "%s/%u among the addresses of %s in the network's configuration", text, len, dev->name);
	r->spelling.what = SPELLED_ADDRESS;
	snprintf(r->spelling.name, sizeof r->spelling.name, "%s/%u dev %s", text, len, dev->name);
	if (overlay_add_addr(&o, &e) == 0 && add_own_route(&o, &a, host_vrf_of(h, dev->index), dev->index) == 0)
		remedy_offer(l, &v, r, true);
	overlay_end(&o);
}

// Is there no address yet that could be added?
static bool is_addable(const struct host *h, const struct addr *a)
{
	return addr_is_assignable(a) && host_find_addr(h, a) == h->naddrs && (a->family == AF_INET6 || h->routes4_read);
}

void remedy_by_adding(struct remedy_list *l)
{
	const struct host *h = l->world.host;
	struct addr a = addr_unmapped(&l->world.attempt.addr);
	const struct link *vrf = host_vrf_of(h, l->walk->device_after), *dev = home(h, &a, vrf);
	const struct left_addr *left = host_find_left(h, &a);
	const struct link *back = left ? host_link(h, left->entry.index) : NULL;
	uint8_t len = a.family == AF_INET6 ? 128 : 32;
	bool near = dev != NULL;
	struct remedy r = of_host(REMEDY_ADDRESS);
	if (back) { // where it was, with its length
		dev = back;
		len = left->entry.prefixlen;
		near = r.mends = true;
		if (left->primary.family)
			remedy_keep(&r, "net.ipv4.conf.%s.promote_secondaries=1 in a file in /etc/sysctl.d", dev->name);
	}
	if (!dev)
		dev = vrf ? vrf : loopback(h);
	if (is_addable(h, &a) && dev && takes_address(h, dev, &a))
		add_address(l, &r, dev, len, near ? "" : " (any interface will do)");
}

static int add_local(struct overlay *o, uint32_t dst, struct prefix p, uint32_t table, uint8_t type, uint32_t oif)
{
	p.addr = addr_masked(&p.addr, p.len);
	return overlay_add_route4(o, dst, &p,
				  &(struct route_info){.table = table,
						       .type = type,
						       .protocol = RTPROT_KERNEL,
						       .scope = type == RTN_BROADCAST ? RT_SCOPE_LINK : RT_SCOPE_HOST,
						       .oif = oif});
}

// What the kernel adds when a loopback device comes up (inetdev_event(), addrconf_notify()).
static int set_loopback_up(struct overlay *o, const struct link *lo, const struct addr *a)
{
	struct addr here = a->family == AF_INET ? addr_from_v4(0x7f000001)
						: (struct addr){.family = AF_INET6, .bytes = {[15] = 1}};
	struct host_addr e = {.addr = here,
			      .prefixlen = a->family == AF_INET ? 8 : 128,
			      .scope = RT_SCOPE_HOST,
			      .index = lo->index,
			      .flags = IFA_F_PERMANENT,
			      .valid = UINT32_MAX,
			      .preferred = UINT32_MAX};
	int err = host_find_addr(&o->host, &here) < o->host.naddrs ? 0 : overlay_add_addr(o, &e);
	if (err || a->family == AF_INET6)
		return err;
	enum { LOOPBACK_BROADCAST = 0x7fffffff };
	err = add_local(o, addr_v4(a), (struct prefix){here, 8}, RT_TABLE_LOCAL, RTN_LOCAL, lo->index);
	return err || addr_v4(a) != LOOPBACK_BROADCAST
		       ? err
		       : add_local(o, addr_v4(a), (struct prefix){*a, 32}, RT_TABLE_LOCAL, RTN_BROADCAST, lo->index);
}

// The last address of an IPv4 subnet becomes a broadcast address when its interface comes up (fib_add_ifaddr()).
static int set_broadcasts(struct overlay *o, const struct link *dev, const struct addr *a)
{
	const struct link *vrf = host_vrf_of(&o->host, dev->index);
	int err = 0;
	for (size_t i = 0; i < o->host.naddrs && !err; i++) {
		const struct host_addr *e = &o->host.addrs[i];
		if (e->index != dev->index || e->addr.family != AF_INET || e->prefixlen >= 31 ||
		    e->flags & IFA_F_SECONDARY)
			continue;
		if ((addr_v4(&e->addr) | UINT32_C(0xffffffff) >> e->prefixlen) == addr_v4(a))
			err = add_local(o, addr_v4(a), (struct prefix){*a, 32}, vrf ? vrf->vrf_table : RT_TABLE_LOCAL,
					RTN_BROADCAST, dev->index);
	}
	return err;
}

static void link_up(struct remedy_list *l, const struct link *dev)
{
	struct addr a = addr_unmapped(&l->world.attempt.addr);
	bool lo = dev->flags & IFF_LOOPBACK || strcmp(dev->name, "lo") == 0;
	bool sure = lo || (a.family == AF_INET && !dev->ignores_linkdown); // else it also takes a carrier
	struct overlay o;
	struct world v = l->world;
	struct remedy r = of_host(REMEDY_LINK);
	r.mends = lo || l->walk->code == CODE_LINK_DOWN;
	overlay_begin(&o, l->world.host);
	v.host = &o.host;
	remedy_command(&r, "ip link set %s up", dev->name);
	remedy_keep(&r, "%s up in the network's configuration", dev->name);
	struct link *mine = overlay_link(&o, dev->index);
	int err = !mine || overlay_own_addrs(&o);
	if (!err) {
		mine->flags |= IFF_UP | FLAG_LOWER_UP;
		err = lo ? set_loopback_up(&o, dev, &a) : a.family == AF_INET ? set_broadcasts(&o, dev, &a) : 0;
	}
	for (size_t i = 0; !err && i < o.host.naddrs; i++) // then duplicate detection runs, if there is a carrier
		if (o.host.addrs[i].index == dev->index)
			o.host.addrs[i].flags &= ~(uint32_t)IFA_F_TENTATIVE;
	if (!err)
		remedy_offer(l, &v, &r, sure);
	overlay_end(&o);
}

void remedy_by_link(struct remedy_list *l)
{
	const struct host *h = l->world.host;
	struct addr a = addr_unmapped(&l->world.attempt.addr);
	for (size_t i = 0; i < h->nlinks; i++) {
		const struct link *dev = &h->links[i];
		bool lo = dev->flags & IFF_LOOPBACK || strcmp(dev->name, "lo") == 0;
		if (dev->flags & IFF_UP || (a.family == AF_INET && !h->routes4_read))
			continue;
		bool concerned = lo && (a.family == AF_INET ? a.bytes[0] == 127 : addr6_class(&a) & ADDR6_LOOPBACK);
		for (size_t k = 0; k < h->naddrs && !concerned && !lo; k++) {
			const struct host_addr *e = &h->addrs[k];
			struct prefix net = {.addr = addr_masked(&e->addr, e->prefixlen), .len = e->prefixlen};
			concerned = e->index == dev->index && prefix_covers(&net, &a);
		}
		if (concerned)
			link_up(l, dev);
	}
}

// IPv6 is off on every interface that could have the address: on, and the address added where it is not ::1.
void remedy_by_ipv6(struct remedy_list *l)
{
	const struct host *h = l->world.host;
	const struct addr *a = &l->world.attempt.addr;
	const struct link *dev = host_link(h, l->walk->device_after);
	bool loopback6 = addr6_class(a) & ADDR6_LOOPBACK;
	if (loopback6)
		dev = loopback(h);
	for (size_t i = 0; i < h->nlinks && !dev; i++)
		if (has_carrier(&h->links[i]) && !(h->links[i].flags & IFF_LOOPBACK) && !h->links[i].vrf_table &&
		    !h->links[i].master)
			dev = &h->links[i];
	if (!dev || !dev->disables_ipv6 || !has_carrier(dev) || (!loopback6 && !addr_is_assignable(a)))
		return;
	struct overlay o;
	struct world v = l->world;
	struct remedy r = of_host(REMEDY_SYSCTL);
	char text[ADDR_TEXT];
	const struct host_addr e = {.addr = *a,
				    .prefixlen = 128,
				    .scope = loopback6 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
				    .index = dev->index,
				    .flags = IFA_F_PERMANENT | IFA_F_NODAD,
				    .valid = UINT32_MAX,
				    .preferred = UINT32_MAX};
	r.mends = true;
	overlay_begin(&o, h);
	v.host = &o.host;
	remedy_command(&r, "sysctl -w net.ipv6.conf.%s.disable_ipv6=0", dev->name);
	keep_sysctl(&r);
	if (!loopback6) {
		remedy_command(&r, "ip addr add %s/128 dev %s nodad", addr_print(a, text), dev->name);
		remedy_change(&r, "%s, and %s", r.commands[0], r.commands[1]);
	}
	struct link *mine = overlay_link(&o, dev->index);
	if (mine && overlay_add_addr(&o, &e) == 0) {
		mine->disables_ipv6 = false;
		remedy_offer(l, &v, &r, true);
	}
	overlay_end(&o);
}

// Duplicate detection waits for a carrier, which no command gives.
void remedy_by_carrier(struct remedy_list *l)
{
	const struct host *h = l->world.host;
	const struct addr *a = &l->world.attempt.addr;
	for (size_t i = host_find_addr(h, a); i < h->naddrs && addr_equal(&h->addrs[i].addr, a); i++) {
		const struct link *dev = host_link(h, h->addrs[i].index);
		struct overlay o;
		struct world v = l->world;
		struct remedy r = of_host(REMEDY_LINK);
		if (!dev || !(dev->flags & IFF_UP) || has_carrier(dev) || !(h->addrs[i].flags & IFA_F_TENTATIVE))
			continue;
		overlay_begin(&o, h);
		v.host = &o.host;
		r.mends = true;
		r.needs = NEEDS_NOTHING;
		r.by_hand = true;
		remedy_change(&r, "give %s a carrier: its cable, or the other end set up", dev->name);
		struct link *mine = overlay_own_addrs(&o) == 0 ? overlay_link(&o, dev->index) : NULL;
		if (mine) {
			mine->flags |= FLAG_LOWER_UP;
			o.host.addrs[i].flags &= ~(uint32_t)IFA_F_TENTATIVE;
			remedy_offer(l, &v, &r, false);
		}
		overlay_end(&o);
	}
}

void remedy_by_dad(struct remedy_list *l)
{
	struct overlay o;
	struct world v = l->world;
	struct remedy r = remedy_new(REMEDY_WAIT, REACH_SOCKET, NEEDS_NOTHING);
	bool runs = false;
	r.mends = true;
	overlay_begin(&o, l->world.host);
	v.host = &o.host;
	if (overlay_own_addrs(&o) == 0)
		for (size_t i = 0; i < o.host.naddrs; i++) {
			struct host_addr *e = &o.host.addrs[i];
			const struct link *dev = host_link(&o.host, e->index);
			bool this = addr_equal(&e->addr, &l->world.attempt.addr) && e->flags & IFA_F_TENTATIVE;
			if (this && dev && has_carrier(dev) && !(e->flags & IFA_F_DADFAILED)) {
				e->flags &= ~(uint32_t)IFA_F_TENTATIVE;
				runs = true;
			}
		}
	remedy_change(&r, "wait a second or two, until duplicate detection ends");
	if (runs)
		remedy_offer(l, &v, &r, false); // another host may have the address
	overlay_end(&o);
}

static void range_sysctl(struct remedy_list *l, int64_t low, int64_t high)
{
	struct host changed = *l->world.host;
	struct world v = l->world;
	struct remedy r = of_host(REMEDY_SYSCTL);
	changed.sysctl[SYSCTL_PORT_LOW] = low;
	changed.sysctl[SYSCTL_PORT_HIGH] = high;
	v.host = &changed;
	remedy_command(&r, "sysctl -w '%s=%lld %lld'", sysctl_info(SYSCTL_PORT_LOW)->name, (long long)low,
		       (long long)high);
	keep_sysctl(&r);
	remedy_offer(l, &v, &r, true);
}

void remedy_by_range(struct remedy_list *l)
{
	const struct host *h = l->world.host;
	const struct sysctl *low = sysctl_info(SYSCTL_PORT_LOW), *high = sysctl_info(SYSCTL_PORT_HIGH);
	static const uint8_t none[sizeof h->reserved_ports];
	if (attempt_setting(&l->world.attempt, OPT_PORTRANGE)) {
		struct world v = l->world;
		struct remedy r = remedy_new(REMEDY_OPTION, REACH_SOCKET, NEEDS_NOTHING);
		attempt_unset(&v.attempt, OPT_PORTRANGE);
		remedy_change(&r, "do not set IP_LOCAL_PORT_RANGE on the socket");
		remedy_offer(l, &v, &r, true);
	}
	if (memcmp(h->reserved_ports, none, sizeof none) != 0) {
		struct host changed = *h;
		struct world v = l->world;
		struct remedy r = of_host(REMEDY_SYSCTL);
		memset(changed.reserved_ports, 0, sizeof changed.reserved_ports);
		v.host = &changed;
		remedy_command(&r, "sysctl -w net.ipv4.ip_local_reserved_ports=");
		remedy_change(&r, "reserve fewer ports, or none: %s", r.commands[0]);
		remedy_keep(&r, "fewer ports in net.ipv4.ip_local_reserved_ports in /etc/sysctl.d");
		remedy_offer(l, &v, &r, true);
	}
	if (h->sysctl[SYSCTL_PORT_LOW] > low->initial || h->sysctl[SYSCTL_PORT_HIGH] < high->initial)
		range_sysctl(l, h->sysctl[SYSCTL_PORT_LOW] < low->initial ? h->sysctl[SYSCTL_PORT_LOW] : low->initial,
			     h->sysctl[SYSCTL_PORT_HIGH] > high->initial ? h->sysctl[SYSCTL_PORT_HIGH] : high->initial);
	else
		range_sysctl(l, 1024, 65535);
}
