// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, made for real.
#include "core/change/edit_apply.h"

#include <errno.h>
#include <string.h>

#include "core/change/edit.h"
#include "core/change/lab.h"

static const char *or_null(const char *name)
{
	return name[0] ? name : NULL;
}

static const struct addr *given(const struct addr *a)
{
	return a->family ? a : NULL;
}

static int apply_link(struct changer *c, const struct edit *e)
{
	if (!e->add)
		return change_link_del(c, e->dev);
	if (e->link.neighbour)
		return lab_veth_add(c, e->dev, e->link.peer);
	if (strcmp(e->link.type, "veth") == 0)
		return change_veth_add(c, e->dev, e->link.peer, -1);
	if (strcmp(e->link.type, "vrf") == 0)
		return change_vrf_add(c, e->dev, e->link.table);
	if (strcmp(e->link.type, "dummy") == 0)
		return change_dummy_add(c, e->dev);
	return -EOPNOTSUPP;
}

static int apply_addr(struct changer *c, const struct edit *e)
{
	return change_addr(c, e->add, e->dev,
			   &(struct addr_change){
				   .addr = e->addr.addr,
				   .len = e->addr.len,
				   .flags = e->addr.flags,
				   .valid = e->addr.valid,
				   .preferred = e->addr.preferred,
				   .broadcast = given(&e->addr.broadcast),
				   .peer = given(&e->addr.peer),
				   .scope = e->addr.has_scope ? e->addr.scope : -1,
			   });
}

static int apply_route(struct changer *c, const struct edit *e)
{
	return change_route(c, e->add,
			    &(struct route_change){
				    .dst = e->route.dst,
				    .type = e->route.type,
				    .tos = e->route.tos,
				    .table = e->route.table,
				    .metric = e->route.metric,
				    .dev = or_null(e->dev),
				    .via = given(&e->route.via),
				    .nhid = e->route.nhid,
				    .append = e->route.append,
				    .replace = e->route.replace,
				    .src = given(&e->route.src),
				    .protocol = e->route.protocol,
				    .has_scope = e->route.has_scope,
				    .scope = e->route.scope,
				    .onlink = e->route.onlink,
			    });
}

static int apply_rule(struct changer *c, const struct edit *e)
{
	const struct rule *r = &e->rule.rule;
	return change_rule(c, e->add,
			   &(struct rule_change){
				   .family = r->family,
				   .priority = r->priority,
				   .has_priority = e->rule.has_priority,
				   .table = r->table,
				   .from = r->from,
				   .to = r->to,
				   .action = r->action,
				   .iif = or_null(r->iif),
				   .oif = or_null(r->oif),
				   .mark = r->mark,
				   .mask = r->mask,
				   .tos = e->rule.tos,
				   .protocol = e->rule.protocol,
				   .l3mdev = r->l3mdev,
				   .invert = e->rule.invert,
				   .append = e->rule.append,
			   });
}

int edit_apply(struct changer *c, const struct edit *e)
{
	switch (e->kind) {
	case EDIT_LINK:
		return apply_link(c, e);
	case EDIT_UP:
		return change_link_up(c, e->dev, e->add);
	case EDIT_MASTER:
		return change_link_master(c, e->dev, or_null(e->master));
	case EDIT_MTU:
		return change_link_mtu(c, e->dev, e->mtu);
	case EDIT_ADDR:
		return apply_addr(c, e);
	case EDIT_NEXTHOP:
		return change_nexthop_of(c, e->add, e->nexthop.family, e->nexthop.id, or_null(e->dev),
					 e->nexthop.blackhole);
	case EDIT_ROUTE:
		return apply_route(c, e);
	case EDIT_RULE:
		return apply_rule(c, e);
	case EDIT_SYSCTL:
		return change_sysctl(e->sysctl.name, e->sysctl.value);
	case EDIT_KINDS:
		break;
	}
	return -EINVAL;
}

int edit_apply_anew(struct changer *c, const struct edit *e)
{
	int rc = edit_apply(c, e);
	if (rc != -EINVAL || e->kind != EDIT_ROUTE || !e->route.src.family)
		return rc;
	struct edit without = *e;
	without.route.src = (struct addr){0};
	return edit_apply(c, &without);
}
