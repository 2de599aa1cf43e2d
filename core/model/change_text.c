// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/change_text.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/walk_text.h"

static void print_link(const struct host *h, const struct host_change *c, char *buf, size_t len)
{
	const struct link *was = &c->before.link, *is = &c->after.link;
	char master[16];
	uint32_t turned = was->flags ^ is->flags;
	if (c->how == CHANGE_ADDED)
		snprintf(buf, len, "%s was created", is->name);
	else if (c->how == CHANGE_REMOVED)
		snprintf(buf, len, "%s was deleted", was->name);
	else if (turned & IFF_UP)
		snprintf(buf, len, "%s went %s", is->name, is->flags & IFF_UP ? "up" : "down");
	else if (turned & FLAG_LOWER_UP)
		snprintf(buf, len, "%s %s its carrier", is->name, is->flags & FLAG_LOWER_UP ? "has" : "lost");
	else if (was->master != is->master)
		snprintf(buf, len, "%s %s %s", is->name, is->master ? "joined" : "left",
			 host_link_name(h, is->master ? is->master : was->master, master));
	else if (strcmp(was->name, is->name) != 0)
		snprintf(buf, len, "%s is now called %s", was->name, is->name);
	else
		snprintf(buf, len, "%s changed", is->name);
}

static void print_addr(const struct host *h, const struct host_change *c, char *buf, size_t len)
{
	const struct host_addr *was = &c->before.addr, *is = c->how == CHANGE_REMOVED ? was : &c->after.addr;
	char addr[ADDR_TEXT], dev[16];
	addr_print(&is->addr, addr);
	host_link_name(h, is->index, dev);
	uint32_t began = is->flags & ~was->flags, ended = was->flags & ~is->flags;
	if (c->how == CHANGE_ADDED)
		snprintf(buf, len, "%s/%u was added to %s%s", addr, is->prefixlen, dev,
			 is->flags & IFA_F_TENTATIVE && is->addr.family == AF_INET6 ? ", tentative" : "");
	else if (c->how == CHANGE_REMOVED)
		snprintf(buf, len, "%s/%u left %s", addr, is->prefixlen, dev);
	else if (began & IFA_F_DADFAILED)
		snprintf(buf, len, "duplicate address detection of %s on %s failed", addr, dev);
	else if (ended & IFA_F_TENTATIVE)
		snprintf(buf, len, "duplicate address detection of %s on %s has finished", addr, dev);
	else
		snprintf(buf, len, "%s/%u on %s changed", addr, is->prefixlen, dev);
}

char *change_print(const struct host *h, const struct host_change *c, char buf[static CHANGE_TEXT])
{
	static const char *const hows[] = {"added", "deleted", "changed"};
	const union host_value *v = c->how == CHANGE_REMOVED ? &c->before : &c->after;
	char route[128];
	switch (c->list) {
	case HOST_LINKS:
		print_link(h, c, buf, CHANGE_TEXT);
		break;
	case HOST_ADDRS:
		print_addr(h, c, buf, CHANGE_TEXT);
		break;
	case HOST_RULES:
		snprintf(buf, CHANGE_TEXT, "%s rule %u %s", v->rule.family == AF_INET6 ? "IPv6" : "IPv4",
			 v->rule.priority, hows[c->how]);
		break;
	case HOST_SYSCTLS:
		if (v->sysctl.id == SYSCTL_COUNT)
			snprintf(buf, CHANGE_TEXT, "net.ipv4.ip_local_reserved_ports changed");
		else
			snprintf(buf, CHANGE_TEXT, "%s is now %lld", sysctl_info(v->sysctl.id)->name,
				 (long long)v->sysctl.value);
		break;
	default:
		snprintf(buf, CHANGE_TEXT, "route %s: %s", hows[c->how],
			 route_print(h, &v->route.dst, &v->route.info, route, sizeof route));
		break;
	}
	return buf;
}

static bool names_device(const struct walk *w, uint32_t index)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		for (unsigned n = 0; n < w->steps[i].ninputs; n++) {
			const struct input *in = &w->steps[i].inputs[n];
			if (in->type == V_DEVICE && (uint32_t)in->number == index)
				return true;
		}
	return w->attempt.scope == index;
}

static bool has_address(const struct host *h, const struct addr *a, uint32_t index)
{
	for (size_t i = host_find_addr(h, a); i < h->naddrs && addr_equal(&h->addrs[i].addr, a); i++)
		if (h->addrs[i].index == index)
			return true;
	return false;
}

static bool reads_sysctl(const struct walk *w, enum sysctl_id id)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		for (unsigned n = 0; n < w->steps[i].ninputs; n++) {
			const struct ref *r = &w->steps[i].inputs[n].ref;
			if (r->kind == REF_SYSCTL &&
			    (r->index == id ||
			     strcmp(sysctl_info((enum sysctl_id)r->index)->name,
				    id == SYSCTL_COUNT ? "net.ipv4.ip_local_port_range" : sysctl_info(id)->name) == 0))
				return true;
		}
	return false;
}

bool change_concerns(const struct host *h, const struct walk *w, const struct host_change *c)
{
	bool four = w->attempt.family == AF_INET || addr_is_mapped(&w->attempt.addr);
	struct addr a = four ? addr_from_v4(addr_v4(&w->attempt.addr)) : w->attempt.addr;
	const union host_value *v = c->how == CHANGE_REMOVED ? &c->before : &c->after;
	switch (c->list) {
	case HOST_LINKS: {
		static const struct addr loopback6 = {.family = AF_INET6, .bytes = {[15] = 1}};
		bool loopback = four ? a.bytes[0] == 127 : addr_equal(&a, &loopback6);
		return names_device(w, v->link.index) || has_address(h, &a, v->link.index) ||
		       (loopback && v->link.flags & IFF_LOOPBACK);
	}
	case HOST_ADDRS:
		return addr_equal(&v->addr.addr, &a);
	case HOST_RULES:
		return four && v->rule.family == AF_INET;
	case HOST_SYSCTLS:
		return reads_sysctl(w, v->sysctl.id);
	default: // the kernel's own routes to a link's neighbours come and go with its addresses
		return (c->list == HOST_ROUTES4) == four && prefix_covers(&v->route.dst, &a) &&
		       (v->route.info.type != RTN_UNICAST || v->route.info.protocol != RTPROT_KERNEL);
	}
}
