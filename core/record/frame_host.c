// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/frame_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/host_equal.h"
#include "core/model/host_order.h"

// Of each kind, of a host that is too large to be kept whole.
enum { MOST = FRAME_OBJECTS / 4 };

// What is wanted of a large host: the addresses and devices that the attempt names.
struct wanted {
	struct addr addr[2]; // its own and the destination; family 0 for none
	uint32_t device[2];
};

static struct wanted wanted_by(const struct host *h, const struct attempt *a)
{
	struct wanted w = {0};
	const struct setting *device = a ? attempt_setting(a, OPT_DEVICE) : NULL;
	const struct link *l = device ? host_link_named(h, device->device) : NULL;
	if (!a)
		return w;
	const struct attempt read = attempt_as_read(a);
	w.addr[0] = addr_unmapped(&read.addr);
	w.addr[1] = addr_unmapped(&a->then.dest.addr);
	w.device[0] = read.scope;
	w.device[1] = l ? l->index : 0;
	return w;
}

static bool wants_addr(const struct wanted *w, const struct addr *a)
{
	return addr_equal(&w->addr[0], a) || addr_equal(&w->addr[1], a);
}

static bool routed(const struct route_infos *t, uint32_t device)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].uses && t->at[i].info.oif == device)
			return true;
	return false;
}

// Is there an address or a route of those kept on it, or is it named? Loopback always is.
static bool wants_link(const struct wanted *w, const struct host *kept, const struct link *l)
{
	return l->index == 1 || l->index == w->device[0] || l->index == w->device[1] ||
	       host_has_addr(kept, l->index, AF_UNSPEC) || routed(&kept->infos4, l->index) ||
	       routed(&kept->infos6, l->index);
}

static bool add_links(const struct wanted *w, const struct host *h, struct frame_host *out)
{
	for (size_t i = 0; i < h->nlinks; i++) {
		if (h->nlinks > MOST && !wants_link(w, out->host, &h->links[i]))
			out->left_links++;
		else if (host_add_link(out->host, &h->links[i]) < 0)
			return false;
	}
	for (size_t n = out->host->nlinks, i = 0; i < n && out->left_links; i++) { // a VRF counts for its members
		const struct link *vrf = host_link(h, out->host->links[i].master);
		bool has = false;
		for (size_t k = 0; k < out->host->nlinks && vrf; k++)
			has |= out->host->links[k].index == vrf->index;
		if (!vrf || has)
			continue;
		if (host_add_link(out->host, vrf) < 0)
			return false;
		out->left_links--;
	}
	for (size_t i = 0; i < h->naltnames && i < MOST; i++)
		if (host_add_altname(out->host, h->altnames[i].index, h->altnames[i].name) < 0)
			return false;
	return true;
}

static bool add_addrs(const struct wanted *w, const struct host *h, struct frame_host *out)
{
	for (size_t i = 0; i < h->naddrs; i++) {
		if (h->naddrs > MOST && i >= MOST / 2 && !wants_addr(w, &h->addrs[i].addr))
			out->left_addrs++;
		else if (host_add_addr(out->host, &h->addrs[i]) < 0)
			return false;
	}
	return true;
}

static bool add_rules(const struct host *h, struct frame_host *out)
{
	for (size_t i = 0; i < h->nrules; i++) {
		if (i >= MOST)
			out->left_rules++;
		else if (host_add_rule(out->host, &h->rules[i]) < 0)
			return false;
	}
	return true;
}

// The routes of one family that cover an address, or all. False when memory runs out.
static bool add_routes(const struct wanted *w, const struct host *h, int family, struct frame_host *out)
{
	size_t n = family == AF_INET ? h->nroutes4 : h->nroutes6, kept = 0;
	for (size_t i = 0; i < n; i++) {
		struct prefix p = family == AF_INET ? host_prefix4(h, i) : host_prefix6(h, i);
		bool covers = (w->addr[0].family && prefix_covers(&p, &w->addr[0])) ||
			      (w->addr[1].family && prefix_covers(&p, &w->addr[1]));
		if (n > MOST && (!covers || kept >= MOST))
			continue;
		if (host_add_route(out->host, &p, family == AF_INET ? host_info4(h, i) : host_info6(h, i)) < 0)
			return false;
		kept++;
	}
	*(family == AF_INET ? &out->left_routes4 : &out->left_routes6) = n - kept;
	return true;
}

// All that is no list.
static struct host *without_lists(const struct host *h)
{
	struct host *c = malloc(sizeof *c);
	if (!c)
		return NULL;
	*c = *h;
	c->links = NULL;
	c->altnames = NULL;
	c->addrs = NULL;
	c->rules = NULL;
	c->routes4 = NULL;
	c->routes6 = NULL;
	c->nlinks = c->naltnames = c->naddrs = c->nrules = c->nroutes4 = c->nroutes6 = 0;
	c->links_cap = c->altnames_cap = c->addrs_cap = c->rules_cap = c->routes4_cap = c->routes6_cap = 0;
	c->infos4 = c->infos6 = (struct route_infos){0};
	return c;
}

// The parts of a large host that the attempt meets. False when memory runs out.
static bool take_parts(const struct host *h, const struct attempt *a, struct frame_host *out)
{
	const struct wanted w = wanted_by(h, a);
	out->host = without_lists(h);
	if (!out->host || !add_addrs(&w, h, out) || !add_rules(h, out) || !add_routes(&w, h, AF_INET, out) ||
	    !add_routes(&w, h, AF_INET6, out) || !add_links(&w, h, out)) // links last: those that the others are on
		return false;
	host_sort(out->host);
	return true;
}

static bool is_large(const struct host *h)
{
	return h->nlinks + h->naltnames + h->naddrs + h->nrules + h->nroutes4 + h->nroutes6 > FRAME_OBJECTS;
}

// Also in what host_equal() does not look at, and a walk does.
static bool says_the_same(const struct frame_host *f, const struct host *h)
{
	for (unsigned i = 0; i < HOST_LEFT; i++)
		if (!addr_equal(&f->host->left[i].entry.addr, &h->left[i].entry.addr))
			return false;
	return f->host->nleft == h->nleft && strcmp(f->host->kernel.release, h->kernel.release) == 0 &&
	       host_equal(f->host, h);
}

struct frame_host *frame_host_take(struct frame_host *last, const struct host *h, const struct attempt *a)
{
	struct frame_host *f = NULL;
	if (is_large(h)) {
		f = calloc(1, sizeof *f);
		if (f && !take_parts(h, a, f)) {
			host_free(f->host);
			free(f);
			return NULL;
		}
	} else if (!last || !says_the_same(last, h)) {
		f = calloc(1, sizeof *f);
		if (f && !(f->host = host_copy(h))) {
			free(f);
			return NULL;
		}
	} else {
		last->frames++;
		return last;
	}
	if (f && last && says_the_same(last, f->host)) {
		host_free(f->host);
		free(f);
		f = last;
	}
	if (f)
		f->frames++;
	return f;
}

void frame_host_drop(struct frame_host *f)
{
	if (!f || --f->frames > 0)
		return;
	host_free(f->host);
	free(f);
}

size_t frame_host_size(const struct frame_host *f)
{
	const struct host *h = f->host;
	return sizeof *f + sizeof *h + h->nlinks * sizeof *h->links + h->naltnames * sizeof *h->altnames +
	       h->naddrs * sizeof *h->addrs + h->nrules * sizeof *h->rules + h->nroutes4 * sizeof *h->routes4 +
	       h->nroutes6 * sizeof *h->routes6 +
	       (h->infos4.used + h->infos6.used) * (sizeof(struct route_info) + sizeof(uint64_t));
}

char *frame_host_left(const struct frame_host *f, char *buf, size_t len)
{
	const struct {
		size_t n;
		const char *one;
	} parts[] = {{f->left_links, "interface"},
		     {f->left_addrs, "address"},
		     {f->left_rules, "rule"},
		     {f->left_routes4, "IPv4 route"},
		     {f->left_routes6, "IPv6 route"}};
	size_t used = 0;
	buf[0] = '\0';
	for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (!parts[i].n || used >= len)
			continue;
		const char *plural = parts[i].n == 1 ? "" : i == 1 ? "es" : "s";
		used += (size_t)snprintf(buf + used, len - used, "%s%zu %s%s", used ? ", " : "left out: ", parts[i].n,
					 parts[i].one, plural);
	}
	return buf;
}
