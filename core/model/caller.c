// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/caller.h"

#include <string.h>

// Who made the user namespace keeps them with their uid, which may be so where it is not known.
static enum tri without(enum tri held, bool same_uid)
{
	return held == UNKNOWN && same_uid ? UNKNOWN : NO;
}

struct caller caller_unprivileged(const struct caller *c)
{
	struct caller low = *c;
	low.unprivileged = UNPRIVILEGED_ON;
	low.uid = c->ordinary_uid ? c->ordinary_uid : c->uid;
	if (!c->as_owner || low.uid != c->uid) {
		low.as_owner = false;
		low.net_bind_service = without(c->net_bind_service, low.uid == c->uid);
		low.net_raw = without(c->net_raw, low.uid == c->uid);
		low.net_admin = without(c->net_admin, low.uid == c->uid);
		low.lack_bind_service = low.lack_raw = LACK_PLAIN;
	}
	return low;
}

struct caller caller_lowered(const struct caller *c, enum unprivileged how)
{
	if (how == UNPRIVILEGED_OFF)
		return *c;
	struct caller low = caller_unprivileged(c);
	low.unprivileged = how;
	if (how == UNPRIVILEGED_AMBIENT) {
		low.net_bind_service = c->net_bind_service;
		low.lack_bind_service = c->lack_bind_service;
	} else if (how == UNPRIVILEGED_BOUNDING && low.net_bind_service == NO) {
		low.lack_bind_service = c->net_bind_service == YES ? LACK_BOUNDING : c->lack_bind_service;
	}
	return low;
}

const char *unprivileged_name(enum unprivileged u)
{
	static const char *const names[] = {
		[UNPRIVILEGED_OFF] = "",
		[UNPRIVILEGED_ON] = "unprivileged",
		[UNPRIVILEGED_BOUNDING] = "unprivileged bounding",
		[UNPRIVILEGED_AMBIENT] = "unprivileged ambient",
	};
	return names[u];
}

bool caller_equal(const struct caller *a, const struct caller *b)
{
	const struct hooks *x = &a->hooks, *y = &b->hooks;
	return a->uid == b->uid && a->gid == b->gid && a->net_bind_service == b->net_bind_service &&
	       a->net_raw == b->net_raw && a->net_admin == b->net_admin &&
	       a->lack_bind_service == b->lack_bind_service && a->lack_raw == b->lack_raw &&
	       a->as_owner == b->as_owner && a->ping_group == b->ping_group && a->unprivileged == b->unprivileged &&
	       a->ordinary_uid == b->ordinary_uid && strcmp(a->owner, b->owner) == 0 && strcmp(x->lsms, y->lsms) == 0 &&
	       x->seccomp == y->seccomp && x->no_new_privs == y->no_new_privs && x->cgroup_bind == y->cgroup_bind &&
	       a->pid == b->pid && strcmp(a->comm, b->comm) == 0 && a->stand_in == b->stand_in &&
	       a->differs == b->differs;
}

const char *differs_name(enum differs d)
{
	static const char *const names[DIFFERS_COUNT] = {
		[DIFFERS_USER_NS] = "user_namespace",
		[DIFFERS_UID] = "uid",
		[DIFFERS_GROUPS] = "groups",
		[DIFFERS_CAPABILITIES] = "capabilities",
		[DIFFERS_NO_NEW_PRIVS] = "no_new_privs",
		[DIFFERS_SECCOMP] = "seccomp",
		[DIFFERS_LANDLOCK] = "landlock",
		[DIFFERS_LABEL] = "label",
		[DIFFERS_CGROUP] = "cgroup",
	};
	return names[d];
}
