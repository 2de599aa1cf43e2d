// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/decide.h"
#include "core/model/host_order.h"

struct list {
	const struct facts *facts;
	const struct host *host; // of the facts
	const struct walk *walk;
	struct remedy *out;
	unsigned n;
};

static bool accepts(const struct facts *f, const struct attempt *a)
{
	struct walk w;
	decide(f, a, &w);
	return w.predicted.err == 0;
}

// The same, and nothing about it is open, as it is when another socket's options could not be read.
static bool accepts_for_sure(const struct facts *f, const struct attempt *a)
{
	struct walk w;
	decide(f, a, &w);
	return w.predicted.err == 0 && w.predicted.certain;
}

// On another host, or by another caller.
static bool accepts_on(const struct list *l, const struct host *h)
{
	struct facts f = *l->facts;
	f.host = h;
	return accepts(&f, &l->walk->attempt);
}

static bool accepts_of(const struct list *l, const struct host *h, const struct caller *c)
{
	struct facts f = *l->facts;
	f.host = h;
	f.caller = c;
	return accepts(&f, &l->walk->attempt);
}

static struct remedy *add(struct list *l, const char *price, bool verified)
{
	struct remedy *r = &l->out[l->n < REMEDIES ? l->n++ : REMEDIES - 1];
	r->price = price;
	r->verified = verified;
	return r;
}

static bool v4_rules(const struct attempt *a)
{
	return a->family == AF_INET || addr_is_mapped(&a->addr);
}

static void by_option(struct list *l, enum option_id id, const char *price)
{
	struct attempt a = l->walk->attempt;
	if (attempt_on(&a, id) || attempt_toggle(&a, id) < 0 || !accepts(l->facts, &a))
		return;
	bool sure = code_info(l->walk->code)->class != CLASS_PORT || accepts_for_sure(l->facts, &a);
	snprintf(add(l, price, sure)->change, sizeof l->out->change, "set %s on the socket", option_info(id)->symbol);
}

static void by_sysctl(struct list *l)
{
	enum sysctl_id id = v4_rules(&l->walk->attempt) ? SYSCTL_V4_NONLOCAL : SYSCTL_V6_NONLOCAL;
	struct host changed = *l->host; // shares all arrays; only read
	changed.sysctl[id] = 1;
	if (accepts_on(l, &changed))
		snprintf(add(l, "every process in the namespace; CAP_NET_ADMIN", true)->change, sizeof l->out->change,
			 "sysctl -w %s=1", sysctl_info(id)->name);
}

static void by_route(struct list *l)
{
	struct addr v4 = addr_from_v4(addr_v4(&l->walk->attempt.addr));
	struct prefix p = {.addr = v4, .len = 32};
	char text[PREFIX_TEXT];
	struct host *changed = host_copy(l->host);
	bool ok = false, tried = false;
	if (changed) {
		changed->routes4_read = true;
		tried = !host_add_route(
			changed, &p,
			&(struct route_info){.table = RT_TABLE_LOCAL, .type = RTN_LOCAL, .protocol = RTPROT_BOOT});
		host_sort(changed);
		ok = tried && accepts_on(l, changed);
	}
	if (ok || !tried)
		snprintf(add(l, "the whole namespace; CAP_NET_ADMIN; IPv4 only", ok)->change, sizeof l->out->change,
			 "ip route add local %s dev lo", prefix_print(&p, text));
	host_free(changed);
}

// How well an interface suits an address: lo is for want of another, then one that is up, then one with an address near
// by.
static unsigned suits(const struct host *h, const struct link *l, const struct addr *a)
{
	enum { NOT_LO = 1, IS_UP = 2, NEAR = 4 };
	unsigned near = 0;
	for (size_t i = 0; i < h->naddrs; i++) {
		unsigned bits = h->addrs[i].index == l->index ? addr_common_bits(&h->addrs[i].addr, a) : 0;
		if (bits > near)
			near = bits;
	}
	if (strcmp(l->name, "lo") == 0)
		return 0;
	return NOT_LO + (l->flags & IFF_UP ? IS_UP + near * NEAR : 0);
}

// An interface for the address: the scope's, the one that the socket is bound to, or of the socket's routing domain the
// one that suits it best.
static const struct link *home(const struct host *h, const struct walk *w, const struct addr *a)
{
	const struct link *dev = host_link(h, w->attempt.scope);
	unsigned best = 0;
	if (!dev)
		dev = host_link(h, w->device_after);
	if (dev) // a VRF may have addresses as well
		return dev;
	for (size_t i = 0; i < h->nlinks; i++) {
		const struct link *l = &h->links[i];
		if (host_vrf_of(h, l->index) != host_vrf_of(h, w->device_after))
			continue;
		unsigned how = suits(h, l, a);
		if (!dev || how > best) {
			dev = l;
			best = how;
		}
	}
	return dev;
}

static void by_address(struct list *l)
{
	const struct attempt *a = &l->walk->attempt;
	struct addr addr = v4_rules(a) ? addr_from_v4(addr_v4(&a->addr)) : a->addr;
	struct host *changed = host_copy(l->host);
	const struct link *dev = home(l->host, l->walk, &addr), *vrf = dev ? host_vrf_of(l->host, dev->index) : NULL;
	char text[ADDR_TEXT];
	bool ok = false, tried = false;
	if (changed && dev) {
		struct host_addr e = {.addr = addr,
				      .prefixlen = addr.family == AF_INET ? 32 : 128,
				      .index = dev->index,
				      .flags = IFA_F_PERMANENT};
		struct prefix p = {.addr = addr, .len = e.prefixlen};
		changed->routes4_read = true;
		tried = !host_add_addr(changed, &e) &&
			!host_add_route(changed, &p,
					&(struct route_info){.table = vrf ? vrf->vrf_table : RT_TABLE_LOCAL,
							     .type = RTN_LOCAL,
							     .protocol = RTPROT_KERNEL,
							     .oif = dev->index});
		host_sort(changed);
		ok = tried && accepts_on(l, changed);
	}
	if (dev && (ok || !tried))
		snprintf(add(l, "the whole host answers for the address; CAP_NET_ADMIN", ok)->change,
			 sizeof l->out->change, "ip addr add %s/%d dev %s", addr_print(&addr, text),
			 addr.family == AF_INET ? 32 : 128, dev->name);
	host_free(changed);
}

static void by_scope(struct list *l)
{
	struct attempt a = l->walk->attempt;
	size_t i = host_find_addr(l->host, &a.addr);
	char text[ADDR_TEXT];
	for (; i < l->host->naddrs && addr_equal(&l->host->addrs[i].addr, &a.addr); i++) {
		const struct link *dev = host_link(l->host, l->host->addrs[i].index);
		a.scope = l->host->addrs[i].index;
		if (dev && accepts(l->facts, &a))
			snprintf(add(l, "this socket alone; no right needed", true)->change, sizeof l->out->change,
				 "bind to %s%%%s", addr_print(&a.addr, text), dev->name);
	}
}

static void by_port(struct list *l, uint16_t port, const char *price)
{
	struct attempt a = l->walk->attempt;
	a.port = port;
	if (accepts(l->facts, &a))
		snprintf(add(l, price, true)->change, sizeof l->out->change,
			 port ? "bind to port %u or above" : "bind to port %u: the kernel chooses", port);
}

static void by_privilege(struct list *l)
{
	const struct attempt *a = &l->walk->attempt;
	by_port(l, (uint16_t)l->host->sysctl[SYSCTL_UNPRIV_PORT], "this socket alone; no right needed");
	struct host changed = *l->host;
	changed.sysctl[SYSCTL_UNPRIV_PORT] = a->port;
	snprintf(add(l, "every process in the namespace; CAP_NET_ADMIN", accepts_on(l, &changed))->change,
		 sizeof l->out->change, "sysctl -w %s=%u", sysctl_info(SYSCTL_UNPRIV_PORT)->name, a->port);
	snprintf(add(l, "this program; root, once", accepts_on(l, &changed))->change, sizeof l->out->change,
		 "setcap cap_net_bind_service+ep PROGRAM");
}

// For a raw socket, and for options such as IP_TRANSPARENT.
static void by_raw_right(struct list *l)
{
	struct caller able = *l->facts->caller;
	able.net_raw = true;
	snprintf(add(l, "this program; root, once", accepts_of(l, l->host, &able))->change, sizeof l->out->change,
		 "setcap cap_net_raw+ep PROGRAM");
}

static void by_ping_groups(struct list *l)
{
	struct host changed = *l->host;
	struct caller member = *l->facts->caller;
	changed.sysctl[SYSCTL_PING_GID_LOW] = 0;
	changed.sysctl[SYSCTL_PING_GID_HIGH] = INT32_MAX;
	member.ping_group = true; // as everybody is
	snprintf(add(l, "everybody in the namespace may open ping sockets; CAP_NET_ADMIN",
		     accepts_of(l, &changed, &member))
			 ->change,
		 sizeof l->out->change, "sysctl -w '%s=0 %d'", sysctl_info(SYSCTL_PING_GID_LOW)->name, INT32_MAX);
}

static void by_waiting(struct list *l)
{
	struct host *changed = host_copy(l->host);
	for (size_t i = 0; changed && i < changed->naddrs; i++)
		if (addr_equal(&changed->addrs[i].addr, &l->walk->attempt.addr))
			changed->addrs[i].flags &= ~(uint32_t)IFA_F_TENTATIVE;
	bool ok = changed && accepts_on(l, changed);
	snprintf(add(l, "no change at all, if no other host has the address", ok)->change, sizeof l->out->change,
		 "wait until duplicate detection is done");
	host_free(changed);
}

static void by_clearing_v6only(struct list *l)
{
	struct attempt a = l->walk->attempt;
	attempt_unset(&a, OPT_V6ONLY);
	if (attempt_set(&a, &(struct setting){.option = OPT_V6ONLY, .value = 0}) == 0 && accepts(l->facts, &a))
		snprintf(add(l, "this socket alone; no right needed", true)->change, sizeof l->out->change,
			 "set IPV6_V6ONLY to 0 on the socket");
}

unsigned remedies(const struct facts *f, const struct walk *w, struct remedy out[static REMEDIES])
{
	struct list l = {.facts = f, .host = f->host, .walk = w, .out = out};
	const char *socket_only = "this socket alone; no right needed";
	bool raw6 = w->attempt.kind == KIND_RAW && w->attempt.family == AF_INET6; // knows no options of the IP level
	switch (w->predicted.err ? code_info(w->code)->class : CLASS_NONE) {
	case CLASS_ADDRESS:
		if (w->code == CODE_ADDR_TENTATIVE)
			by_waiting(&l);
		by_option(&l, raw6 ? OPT_FREEBIND6 : OPT_FREEBIND, socket_only);
		by_option(&l, raw6 ? OPT_TRANSPARENT6 : OPT_TRANSPARENT,
			  "this socket alone; CAP_NET_RAW or CAP_NET_ADMIN");
		if (v4_rules(&w->attempt))
			by_route(&l);
		if (w->code != CODE_ADDR_TENTATIVE && w->code != CODE_ADDR_DADFAILED)
			by_address(&l);
		by_sysctl(&l);
		by_scope(&l);
		break;
	case CLASS_ARGUMENT:
		by_scope(&l);
		by_clearing_v6only(&l);
		break;
	case CLASS_PERMISSION: {
		enum finding_id found = w->steps[w->decisive].finding;
		if (found == PRIVILEGE_MISSING)
			by_privilege(&l);
		else if (found == SOCKET_UNPRIVILEGED || found == OPTION_NO_RIGHT)
			by_raw_right(&l);
		else if (found == SOCKET_NO_PING_GROUP)
			by_ping_groups(&l);
		break;
	}
	case CLASS_PORT:
		by_option(&l, OPT_REUSEADDR, "both sockets must set it");
		by_option(&l, OPT_REUSEPORT, "both sockets must set it, as the same user");
		by_port(&l, 0, socket_only);
		break;
	case CLASS_NONE:
		break;
	}
	return l.n;
}
