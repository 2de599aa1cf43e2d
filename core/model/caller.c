// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/caller.h"

#include <string.h>

struct caller caller_unprivileged(const struct caller *c)
{
	struct caller low = *c;
	low.unprivileged = true;
	if (!c->as_owner)
		low.net_bind_service = low.net_raw = low.net_admin = false;
	return low;
}

bool caller_equal(const struct caller *a, const struct caller *b)
{
	const struct hooks *x = &a->hooks, *y = &b->hooks;
	return a->uid == b->uid && a->net_bind_service == b->net_bind_service && a->net_raw == b->net_raw &&
	       a->net_admin == b->net_admin && a->as_owner == b->as_owner && a->ping_group == b->ping_group &&
	       a->unprivileged == b->unprivileged && strcmp(a->owner, b->owner) == 0 && strcmp(x->lsms, y->lsms) == 0 &&
	       x->seccomp == y->seccomp && x->no_new_privs == y->no_new_privs && x->cgroup_bind == y->cgroup_bind;
}
