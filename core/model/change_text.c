// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/change_text.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/walk_text.h"

enum link_turn change_link_turn(const struct host_change *c)
{
	const struct link *was = &c->before.link, *is = &c->after.link;
	uint32_t turned = was->flags ^ is->flags;
	if (c->how != CHANGE_ALTERED)
		return c->how == CHANGE_ADDED ? LINK_CREATED : LINK_DELETED;
	if (turned & IFF_UP)
		return is->flags & IFF_UP ? LINK_UP : LINK_DOWN;
	if (turned & FLAG_LOWER_UP)
		return is->flags & FLAG_LOWER_UP ? LINK_CARRIER : LINK_NO_CARRIER;
	if (was->master != is->master)
		return is->master ? LINK_JOINED : LINK_PARTED;
	if (strcmp(was->name, is->name) != 0)
		return LINK_RENAMED;
	if (was->disables_ipv6 != is->disables_ipv6)
		return is->disables_ipv6 ? LINK_IPV6_OFF : LINK_IPV6_ON;
	if (was->promotes != is->promotes || was->ignores_linkdown != is->ignores_linkdown)
		return LINK_SWITCHED;
	if (was->vrf_table != is->vrf_table || was->tunnel_port != is->tunnel_port || strcmp(was->kind, is->kind) != 0)
		return LINK_REMADE;
	return turned || was->operstate != is->operstate ? LINK_SAME : LINK_OTHER_NAMES;
}

static void print_switch(const struct link *was, const struct link *is, char *buf, size_t len)
{
	bool promotes = was->promotes != is->promotes;
	snprintf(buf, len, "net.ipv4.conf.%s.%s is now %d", is->name,
		 promotes ? "promote_secondaries" : "ignore_routes_with_linkdown",
		 promotes ? is->promotes : is->ignores_linkdown);
}

static void print_link(const struct host *h, const struct host_change *c, char *buf, size_t len)
{
	static const char *const texts[] = {
		[LINK_CREATED] = "was created",
		[LINK_DELETED] = "was deleted",
		[LINK_UP] = "went up",
		[LINK_DOWN] = "went down",
		[LINK_CARRIER] = "has its carrier",
		[LINK_NO_CARRIER] = "lost its carrier",
		[LINK_IPV6_ON] = "has IPv6 again",
		[LINK_IPV6_OFF] = "lost IPv6: disable_ipv6 is on",
		[LINK_OTHER_NAMES] = "has other altnames",
		[LINK_REMADE] = "changed",
		[LINK_SAME] = "changed",
	};
	const struct link *was = &c->before.link, *is = c->how == CHANGE_REMOVED ? was : &c->after.link;
	enum link_turn turn = change_link_turn(c);
	char master[16];
	if (turn == LINK_JOINED || turn == LINK_PARTED)
		snprintf(buf, len, "%s %s %s", is->name, turn == LINK_JOINED ? "joined" : "left",
			 host_link_name(h, turn == LINK_JOINED ? is->master : was->master, master));
	else if (turn == LINK_RENAMED)
		snprintf(buf, len, "%s is now called %s", was->name, is->name);
	else if (turn == LINK_SWITCHED)
		print_switch(was, is, buf, len);
	else
		snprintf(buf, len, "%s %s", is->name, texts[turn]);
}

// "eth0"; of a device that is not there any more what is known of it.
static const char *device(const struct host *h, uint32_t index, char buf[static 40])
{
	if (host_link(h, index)) {
		host_link_name(h, index, buf);
		return buf;
	}
	for (unsigned i = h->nleft; i > 0 && h->nleft - i < HOST_LEFT; i--) {
		const struct left_addr *l = &h->left[(i - 1) % HOST_LEFT];
		if (l->entry.index == index && l->device[0] && (l->device[0] < '0' || l->device[0] > '9'))
			return l->device;
	}
	snprintf(buf, 40, "interface %u, which is gone", index);
	return buf;
}

static void print_addr(const struct host *h, const struct host_change *c, char *buf, size_t len)
{
	const struct host_addr *was = &c->before.addr, *is = c->how == CHANGE_REMOVED ? was : &c->after.addr;
	char addr[ADDR_TEXT], name[40];
	addr_print(&is->addr, addr);
	const char *dev = device(h, is->index, name);
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
	else if (is->addr.family == AF_INET && ended & IFA_F_SECONDARY)
		snprintf(buf, len, "%s/%u on %s is a primary address now", addr, is->prefixlen, dev);
	else if (began & IFA_F_DEPRECATED)
		snprintf(buf, len, "%s on %s is deprecated now", addr, dev);
	else
		snprintf(buf, len, "%s/%u on %s changed", addr, is->prefixlen, dev);
}

// All numbers of the file.
static void print_sysctl(const struct host *h, const struct host_sysctl *s, char *buf, size_t len)
{
	const char *name = sysctl_info(s->id)->name;
	size_t used = (size_t)snprintf(buf, len, "%s is now", name);
	for (int i = 0; i < SYSCTL_COUNT && used < len; i++)
		if (strcmp(sysctl_info((enum sysctl_id)i)->name, name) == 0)
			used += (size_t)snprintf(buf + used, len - used, " %lld", (long long)h->sysctl[i]);
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
			print_sysctl(h, &v->sysctl, buf, CHANGE_TEXT);
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
		return names_device(w, v->link.index) || host_find_addr_on(h, &a, v->link.index) < h->naddrs ||
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
