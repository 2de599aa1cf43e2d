// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/matrix.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/decide.h"
#include "core/model/host_order.h"

const char *matrix_way_name(enum matrix_way w)
{
	static const char *const names[WAY_COUNT] = {
		[WAY_NOTHING] = "nothing",         [WAY_ANYIP] = "Any-IP route",      [WAY_FREEBIND] = "FREEBIND",
		[WAY_TRANSPARENT] = "TRANSPARENT", [WAY_SYSCTL] = "ip_nonlocal_bind",
	};
	return names[w];
}

const char *matrix_column_name(enum matrix_column c)
{
	static const char *const names[AS_COUNT] = {[AS_IPV4] = "IPv4", [AS_MAPPED] = "v4-mapped", [AS_IPV6] = "IPv6"};
	return names[c];
}

// An address of the other family on the interface that has this one.
static bool on_same_link(const struct host *h, const struct addr *a, struct addr *out)
{
	size_t i = host_find_addr(h, a);
	if (i == h->naddrs)
		return false;
	for (size_t j = 0; j < h->naddrs; j++) {
		const struct host_addr *other = &h->addrs[j];
		if (other->index == h->addrs[i].index && other->addr.family != a->family &&
		    !addr6_needs_scope(&other->addr)) {
			*out = other->addr;
			return true;
		}
	}
	return false;
}

struct addr matrix_counterpart(const struct host *h, const struct addr *a)
{
	struct addr out = {.family = a->family == AF_INET ? AF_INET6 : AF_INET};
	if (addr_is_any(a))
		return out;
	if (addr_is_mapped(a))
		return addr_from_v4(addr_v4(a));
	if (on_same_link(h, a, &out))
		return out;
	if (a->family == AF_INET) {
		addr_parse(addr_is_multicast(a) ? "ff0e::" : a->bytes[0] == 127 ? "::" : "2001:db8:ffff::", &out);
		if (a->bytes[0] == 127)
			out.bytes[15] = 1;
		else
			memcpy(out.bytes + 12, a->bytes, 4);
	} else {
		addr_parse(addr_is_multicast(a)              ? "239.255.0.1"
			   : addr6_class(a) & ADDR6_LOOPBACK ? "127.0.0.1"
							     : "203.0.113.0",
			   &out);
		if (out.bytes[0] == 203)
			out.bytes[3] = a->bytes[15];
	}
	return out;
}

struct prefix matrix_anyip(const struct addr *a)
{
	uint8_t len = a->family == AF_INET ? 24 : 64;
	return (struct prefix){.addr = addr_masked(a, len), .len = len};
}

static struct addr as_column(const struct host *h, const struct addr *a, enum matrix_column c)
{
	bool v4 = a->family == AF_INET || addr_is_mapped(a);
	struct addr other = matrix_counterpart(h, a);
	struct addr four = a->family == AF_INET ? *a : other;
	struct addr mapped = {.family = AF_INET6, .bytes = {[10] = 0xff, [11] = 0xff}};
	switch (c) {
	case AS_IPV4:
		return four;
	case AS_MAPPED:
		memcpy(mapped.bytes + 12, four.bytes, 4);
		return mapped;
	default:
		return !v4 ? *a : a->family == AF_INET ? other : matrix_counterpart(h, &four);
	}
}

static struct attempt as_attempt(const struct host *h, const struct attempt *a, enum matrix_way w, enum matrix_column c)
{
	struct attempt out = *a;
	out.addr = as_column(h, &a->addr, c);
	out.family = out.addr.family;
	if (!addr6_needs_scope(&out.addr) || out.family == AF_INET) {
		out.scope = 0;
		out.scope_name[0] = '\0';
	}
	attempt_unset(&out, OPT_FREEBIND);
	attempt_unset(&out, OPT_TRANSPARENT);
	if (out.family == AF_INET)
		attempt_unset(&out, OPT_V6ONLY);
	if (w == WAY_FREEBIND)
		attempt_toggle(&out, OPT_FREEBIND);
	if (w == WAY_TRANSPARENT)
		attempt_toggle(&out, OPT_TRANSPARENT);
	return out;
}

static int add_anyip(struct host *h, const struct addr *a)
{
	struct route_info info = {.table = RT_TABLE_LOCAL, .type = RTN_LOCAL, .protocol = RTPROT_BOOT};
	struct addr real = addr_is_mapped(a) ? addr_from_v4(addr_v4(a)) : *a;
	struct prefix p = matrix_anyip(&real);
	const struct link *lo = host_link_named(h, "lo");
	info.oif = lo ? lo->index : 1;
	h->has_local4 = YES;
	int err = addr_is_any(&real) || addr_is_multicast(&real) ? 0 : host_add_route(h, &p, &info);
	host_sort(h);
	return err;
}

static int predict(const struct facts *f, struct matrix_cell *cell, enum matrix_way w)
{
	struct host *copy = w == WAY_ANYIP ? host_copy(f->host) : NULL;
	struct host changed = *f->host; // shares all arrays; only read
	struct walk walk;
	if (w == WAY_ANYIP && (!copy || add_anyip(copy, &cell->attempt.addr) < 0)) {
		host_free(copy);
		return -ENOMEM;
	}
	struct host *use = copy ? copy : &changed;
	use->sysctl[SYSCTL_V4_NONLOCAL] = use->sysctl[SYSCTL_V6_NONLOCAL] = w == WAY_SYSCTL;
	// What the kernel said is about the host as it is.
	struct question unasked = {0};
	decide(&(struct facts){use, f->caller, &unasked}, &cell->attempt, &walk);
	cell->err = walk.predicted.err;
	cell->code = walk.code;
	cell->certain = walk.predicted.certain;
	host_free(copy);
	return 0;
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
