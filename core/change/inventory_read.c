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

static int take_sysctl(const struct edit *e, void *data)
{
	return inventory_take_edit(data, e);
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
		rc = sysctl_each(take_sysctl, r);
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

struct around {
	const struct edit *edit;
	const struct inventory *back; // NULL for none
	size_t hint;
};

static bool is_around(const struct edit *fact, void *data)
{
	struct around *a = data;
	return fact->kind == EDIT_ROUTE || fact->kind == EDIT_RULE || edit_same_object(a->edit, fact) ||
	       inventory_endangers(a->edit, fact) || (fact->kind == EDIT_NEXTHOP && fact->nexthop.nmembers) ||
	       (a->back && inventory_find_from(a->back, fact, &a->hint));
}

static unsigned kinds_around(const struct edit *e)
{
	static const unsigned things = 1 << EDIT_ADDR | 1 << EDIT_NEXTHOP | 1 << EDIT_ROUTE;
	switch (e->kind) {
	case EDIT_LINK:
		return e->add ? 1 << EDIT_LINK : INVENTORY_ALL;
	case EDIT_UP:
	case EDIT_MASTER:
		return things;
	case EDIT_MTU:
		return things | 1 << EDIT_SYSCTL;
	case EDIT_ADDR:
		return e->add ? 0 : 1 << EDIT_ROUTE;
	case EDIT_NEXTHOP:
		return 1 << EDIT_ROUTE;
	case EDIT_SYSCTL:
		return strstr(e->sysctl.name, "disable_ipv6") ? things : 0;
	default:
		return 0;
	}
}

int inventory_read_around(struct inventory *out, const struct edit *e, const struct inventory *back)
{
	struct around around = {.edit = e, .back = back};
	struct inventory_reading r = {.out = out,
				      .kinds = kinds_around(e) | 1U << e->kind,
				      .wants = e->kind == EDIT_LINK ? NULL
								    : is_around, // of a veth pair the other end, too
				      .data = &around};
	for (size_t i = 0; back && i < back->n; i++)
		r.kinds |= 1U << back->edits[i].kind;
	if (r.kinds == 1 << EDIT_SYSCTL && !inventory_sysctl_spreads(e->sysctl.name)) {
		*out = (struct inventory){0};
		r.wants = NULL;
		return sysctl_one(e->sysctl.name, take_sysctl, &r);
	}
	return read_inventory(&r);
}
