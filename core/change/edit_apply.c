// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, made for real.
#include "core/change/edit_apply.h"

#include <errno.h>

#include "core/change/edit.h"
#include "core/change/lab.h"

static const char *or_null(const char *name)
{
	return name[0] ? name : NULL;
}

static int apply_link(struct changer *c, const struct edit *e)
{
	struct edit_link l = e->link;
	if (!e->add)
		return change_link_del(c, e->dev);
	if (l.neighbour)
		l.peer_index = lab_peer_index(l.index);
	int rc = l.neighbour ? lab_veth_add(c, e->dev, &l) : change_link_add(c, e->dev, &l, -1);
	if (rc != -EBUSY)
		return rc;
	l.index = l.peer_index = 0; // one of them is taken, so the kernel chooses
	return l.neighbour ? lab_veth_add(c, e->dev, &l) : change_link_add(c, e->dev, &l, -1);
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
		return change_addr(c, e->add, e->dev, &e->addr);
	case EDIT_NEXTHOP:
		return change_nexthop(c, e->add, e->nexthop.family, e->nexthop.id,
				      e->nexthop.blackhole ? NULL : e->dev);
	case EDIT_ROUTE:
		return change_route(c, e->add, or_null(e->dev), &e->route);
	case EDIT_RULE:
		return change_rule(c, e->add, &e->rule);
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
