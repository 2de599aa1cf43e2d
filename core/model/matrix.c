// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/matrix.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/counterpart.h"
#include "core/model/decide.h"

const char *matrix_way_name(enum matrix_way w)
{
	static const char *const names[WAY_COUNT] = {
		[WAY_NOTHING] = "nothing",   [WAY_CONFIGURED] = "address configured", [WAY_ANYIP] = "Any-IP route",
		[WAY_FREEBIND] = "FREEBIND", [WAY_TRANSPARENT] = "TRANSPARENT",       [WAY_SYSCTL] = "ip_nonlocal_bind",
	};
	return names[w];
}

const char *matrix_way_heading(enum matrix_way w)
{
	static const char *const headings[WAY_COUNT] = {
		[WAY_NOTHING] = "without any of these",    [WAY_CONFIGURED] = "with the address configured",
		[WAY_ANYIP] = "with an Any-IP route",      [WAY_FREEBIND] = "with IP_FREEBIND",
		[WAY_TRANSPARENT] = "with IP_TRANSPARENT", [WAY_SYSCTL] = "with ip_nonlocal_bind = 1",
	};
	return headings[w];
}

const char *matrix_column_name(enum matrix_column c)
{
	static const char *const names[AS_COUNT] = {[AS_IPV4] = "IPv4", [AS_MAPPED] = "v4-mapped", [AS_IPV6] = "IPv6"};
	return names[c];
}

static struct attempt as_ipv4(const struct host *h, const struct attempt *a)
{
	return a->addr.family == AF_INET ? *a : counterpart(h, a);
}

// The attempt in a column, without the options that rows set.
static struct attempt as_column(const struct host *h, const struct attempt *a, enum matrix_column c)
{
	struct attempt four = as_ipv4(h, a);
	switch (c) {
	case AS_IPV4:
		return four;
	case AS_MAPPED: {
		struct attempt out = a->family == AF_INET6 ? *a : counterpart(h, a);
		out.addr = addr_mapped(addr_v4(&four.addr));
		out.scope = 0;
		out.scope_name[0] = '\0';
		return out;
	}
	default:
		return a->addr.family == AF_INET6 && !addr_is_mapped(&a->addr) ? *a : counterpart(h, &four);
	}
}

static struct attempt as_attempt(const struct host *h, const struct attempt *a, enum matrix_way w, enum matrix_column c)
{
	struct attempt out = as_column(h, a, c);
	attempt_unset(&out, OPT_FREEBIND);
	attempt_unset(&out, OPT_TRANSPARENT);
	if (w == WAY_FREEBIND)
		attempt_toggle(&out, OPT_FREEBIND);
	if (w == WAY_TRANSPARENT)
		attempt_toggle(&out, OPT_TRANSPARENT);
	return out;
}

// The device that an address or a route would be added to, so that this socket finds it: the scope's, the bound one or
// its VRF, else lo.
static const struct link *home(const struct host *h, const struct attempt *a, bool of_route)
{
	const struct setting *s = attempt_setting(a, OPT_DEVICE);
	const struct link *dev = s ? host_link_named(h, s->device) : NULL,
			  *vrf = dev ? host_vrf_of(h, dev->index) : NULL;
	if (a->scope && !of_route)
		return host_link(h, a->scope);
	if (vrf)
		return of_route ? vrf : dev;
	// An IPv6 socket that is bound to a device finds only that device's addresses.
	if (dev && !of_route && addr_unmapped(&a->addr).family == AF_INET6)
		return dev;
	return host_link_named(h, "lo");
}

// Can an interface have this address, and does bind then look for it?
static bool is_assignable(const struct addr *a)
{
	if (addr_is_any(a) || addr_is_multicast(a))
		return false;
	return a->family == AF_INET ? a->bytes[0] != 0 && a->bytes[0] < 224 : !(addr6_class(a) & ADDR6_MAPPED);
}

static bool adds(const struct host *h, const struct attempt *a, enum matrix_way w, const struct link **dev)
{
	struct addr real = addr_unmapped(&a->addr);
	*dev = home(h, a, w == WAY_ANYIP);
	bool off = real.family == AF_INET6 && *dev && (*dev)->disables_ipv6;
	if (!*dev || off || !is_assignable(&real))
		return false;
	return w == WAY_ANYIP || (w == WAY_CONFIGURED && host_find_addr(h, &real) == h->naddrs);
}

struct prefix matrix_anyip(const struct addr *a)
{
	uint8_t len = a->family == AF_INET ? 24 : 64;
	return (struct prefix){.addr = addr_masked(a, len), .len = len};
}

char *matrix_change(const struct host *h, const struct attempt *a, enum matrix_way w, char buf[static MATRIX_CHANGE])
{
	const struct link *dev;
	struct addr real = addr_unmapped(&a->addr);
	bool six = real.family == AF_INET6;
	struct prefix p = w == WAY_ANYIP ? matrix_anyip(&real) : (struct prefix){.addr = real, .len = six ? 128 : 32};
	char text[PREFIX_TEXT], table[24] = "";
	buf[0] = '\0';
	if (!adds(h, a, w, &dev))
		return buf;
	prefix_print(&p, text);
	if (w == WAY_CONFIGURED) {
		snprintf(buf, MATRIX_CHANGE, "address add %s dev %s%s", text, dev->name, six ? " nodad" : "");
		return buf;
	}
	if (dev->vrf_table)
		snprintf(table, sizeof table, " table %u", dev->vrf_table);
	snprintf(buf, MATRIX_CHANGE, "route add local %s dev %s%s", text, dev->name, table);
	return buf;
}

static int configure(struct overlay *o, const struct addr *a, const struct link *dev)
{
	const struct link *vrf = host_vrf_of(&o->host, dev->index);
	bool six = a->family == AF_INET6;
	const struct host_addr e = {.addr = *a,
				    .prefixlen = six ? 128 : 32,
				    .scope = six && addr6_needs_scope(a) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
				    .index = dev->index,
				    .flags = IFA_F_PERMANENT | (six ? IFA_F_NODAD : 0),
				    .valid = UINT32_MAX,
				    .preferred = UINT32_MAX};
	const struct route_info info = {.table = vrf ? vrf->vrf_table : RT_TABLE_LOCAL,
					.type = RTN_LOCAL,
					.protocol = RTPROT_KERNEL,
					.scope = RT_SCOPE_HOST,
					.oif = dev->index};
	int err = overlay_add_addr(o, &e);
	if (err || six)
		return err;
	return overlay_add_route4(o, addr_v4(a), &(struct prefix){.addr = *a, .len = 32}, &info);
}

static int add_anyip(struct overlay *o, const struct addr *a, const struct link *dev)
{
	const struct route_info info = {.table = dev->vrf_table ? dev->vrf_table : RT_TABLE_LOCAL,
					.type = RTN_LOCAL,
					.protocol = RTPROT_BOOT,
					.scope = RT_SCOPE_HOST,
					.metric = a->family == AF_INET6 ? 1024 : 0,
					.oif = dev->index};
	struct prefix p = matrix_anyip(a);
	return a->family == AF_INET ? overlay_add_route4(o, addr_v4(a), &p, &info)
				    : overlay_add_route6(o, a, &p, &info);
}

int matrix_host(const struct host *base, const struct attempt *a, enum matrix_way w, struct overlay *out)
{
	struct addr real = addr_unmapped(&a->addr);
	const struct link *dev;
	overlay_begin(out, base);
	out->host.sysctl[SYSCTL_V4_NONLOCAL] = out->host.sysctl[SYSCTL_V6_NONLOCAL] = w == WAY_SYSCTL;
	if (!adds(base, a, w, &dev))
		return 0;
	return w == WAY_ANYIP ? add_anyip(out, &real, dev) : configure(out, &real, dev);
}

static int predict(const struct facts *f, struct matrix_cell *cell, enum matrix_way w)
{
	struct question asked = question_of_ports(f->question);
	struct overlay o;
	struct walk walk;
	int err = matrix_host(f->host, &cell->attempt, w, &o);
	if (err == 0) {
		decide(&(struct facts){&o.host, f->caller, &asked}, &cell->attempt, &walk);
		cell->err = walk.predicted.err;
		cell->code = walk.code;
		cell->certain = walk.predicted.certain;
	}
	overlay_end(&o);
	return err;
}

int matrix_predict(const struct facts *f, const struct attempt *a, struct matrix *out)
{
	*out = (struct matrix){0};
	for (int w = 0; w < WAY_COUNT; w++)
		for (int c = 0; c < AS_COUNT; c++) {
			struct matrix_cell *cell = &out->cells[w][c];
			cell->attempt = as_attempt(f->host, a, (enum matrix_way)w, (enum matrix_column)c);
			int err = predict(f, cell, (enum matrix_way)w);
			if (err < 0)
				return err;
		}
	return 0;
}
