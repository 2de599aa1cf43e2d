// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/inventory_read.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "core/change/inventory_sysctl.h"
#include "core/change/lab.h"
#include "core/observe/nl.h"

static int take(const struct nlmsghdr *m, void *data)
{
	return inventory_take(data, m);
}

// The family's header is as large as that of any of them.
static int dump(struct nl *nl, struct inventory_reading *r, uint16_t type, size_t head, int family)
{
	_Alignas(struct nlmsghdr) char buf[128];
	int rc = -EAGAIN;
	size_t before = r->out->n;
	for (int i = 0; i < NL_DUMP_TRIES && rc == -EAGAIN; i++) {
		struct nlmsghdr *m = mnl_nlmsg_put_header(buf);
		m->nlmsg_type = type;
		*(uint8_t *)mnl_nlmsg_put_extra_header(m, head) = (uint8_t)family;
		r->out->n = before;
		if (type == RTM_GETLINK)
			r->nlinks = 0;
		rc = nl_dump(nl, m, take, r);
	}
	// A kernel without the family, or without next hop objects.
	return rc == -EOPNOTSUPP || rc == -EAFNOSUPPORT ? 0 : rc;
}

static bool reads(const struct inventory_reading *r, enum edit_kind kind)
{
	return r->kinds & 1U << kind;
}

static int read_all(struct nl *nl, struct inventory_reading *r)
{
	static const struct {
		enum edit_kind kind;
		uint16_t type;
		size_t head;
		int family;
	} dumps[] = {
		{EDIT_ADDR, RTM_GETADDR, sizeof(struct ifaddrmsg), AF_INET},
		{EDIT_ADDR, RTM_GETADDR, sizeof(struct ifaddrmsg), AF_INET6},
		{EDIT_NEXTHOP, RTM_GETNEXTHOP, sizeof(struct nhmsg), AF_UNSPEC},
		{EDIT_ROUTE, RTM_GETROUTE, sizeof(struct rtmsg), AF_INET},
		{EDIT_ROUTE, RTM_GETROUTE, sizeof(struct rtmsg), AF_INET6},
		{EDIT_RULE, RTM_GETRULE, sizeof(struct fib_rule_hdr), AF_INET},
		{EDIT_RULE, RTM_GETRULE, sizeof(struct fib_rule_hdr), AF_INET6},
	};
	int rc = dump(nl, r, RTM_GETLINK, sizeof(struct ifinfomsg), AF_UNSPEC);
	rc = rc ? rc : inventory_take_links(r);
	for (size_t i = 0; i < sizeof dumps / sizeof *dumps && rc == 0; i++)
		if (reads(r, dumps[i].kind))
			rc = dump(nl, r, dumps[i].type, dumps[i].head, dumps[i].family);
	return rc;
}

static int read_inventory(struct inventory_reading *r)
{
	struct nl *nl = NULL;
	*r->out = (struct inventory){0};
	r->has_neighbour = lab_has_neighbour();
	int rc = 0;
	if (r->kinds & ~(1U << EDIT_SYSCTL)) {
		rc = nl_open(&nl, NETLINK_ROUTE);
		if (rc == 0)
			rc = read_all(nl, r);
	}
	if (rc == 0 && reads(r, EDIT_SYSCTL))
		rc = sysctl_each(r);
	nl_close(nl);
	free(r->links);
	if (rc < 0)
		inventory_free(r->out);
	return rc;
}

int inventory_read(struct inventory *out, unsigned kinds, inventory_wants *wants, void *data)
{
	return read_inventory(&(struct inventory_reading){.out = out, .kinds = kinds, .wants = wants, .data = data});
}

// Of routes, those with its prefix in its table: there may be a million others.
static bool is_near(const struct edit *fact, void *data)
{
	const struct edit_route *a = &((const struct edit *)data)->route, *b = &fact->route;
	return fact->kind != EDIT_ROUTE ||
	       (a->dst.len == b->dst.len && addr_equal(&a->dst.addr, &b->dst.addr) && a->table == b->table);
}

int inventory_read_around(struct inventory *out, const struct edit *e)
{
	static const unsigned things = 1 << EDIT_LINK | 1 << EDIT_ADDR | 1 << EDIT_NEXTHOP;
	struct inventory_reading r = {.out = out, .data = (void *)(uintptr_t)e}; // only read
	bool sysctls = e->kind == EDIT_LINK || e->kind == EDIT_MTU || e->kind == EDIT_SYSCTL;
	*out = (struct inventory){0};
	r.kinds = sysctls ? INVENTORY_ALL : INVENTORY_ALL & ~(1U << EDIT_SYSCTL);
	// A new thing takes nothing along; neither does a route, a rule, or a sysctl that is not about interfaces.
	if (e->kind == EDIT_ROUTE || e->kind == EDIT_RULE || (e->add && things & 1U << e->kind))
		r.kinds = 1U << e->kind;
	else if (e->kind == EDIT_SYSCTL && !strstr(e->sysctl.name, ".conf.") && !strstr(e->sysctl.name, "ip_forward"))
		return sysctl_one(e->sysctl.name, &r);
	if (e->kind == EDIT_ROUTE)
		r.wants = is_near;
	return read_inventory(&r);
}

struct objects {
	const struct inventory *of;
	const struct edit *edit;
	size_t hint;
};

static bool is_among(const struct edit *fact, void *data)
{
	struct objects *o = data;
	return fact->kind == EDIT_ADDR || edit_same_object(o->edit, fact) || inventory_find_from(o->of, fact, &o->hint);
}

int inventory_read_objects(struct inventory *out, const struct edit *e, const struct inventory *of)
{
	struct objects o = {of, e, 0};
	struct inventory_reading r = {
		.out = out, .kinds = 1U << e->kind | 1U << EDIT_ADDR, .wants = is_among, .data = &o};
	for (size_t i = 0; i < of->n; i++)
		r.kinds |= 1U << of->edits[i].kind;
	r.kinds &= ~(1U << EDIT_SYSCTL); // one by one
	int rc = read_inventory(&r);
	r.kinds = 1U << EDIT_SYSCTL;
	for (size_t i = 0; i < of->n && rc == 0; i++)
		if (of->edits[i].kind == EDIT_SYSCTL)
			rc = sysctl_one(of->edits[i].sysctl.name, &r);
	if (rc < 0)
		inventory_free(out);
	return rc;
}
