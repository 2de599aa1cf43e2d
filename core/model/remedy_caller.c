// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_caller.h"

#include <stdio.h>

static const struct {
	const char *file; // as setcap(8) names it
	const char *name;
	enum spelled spelled;
} capabilities[] = {
	[REMEDY_NET_BIND_SERVICE] = {"cap_net_bind_service", "CAP_NET_BIND_SERVICE", SPELLED_CAP_BIND},
	[REMEDY_NET_RAW] = {"cap_net_raw", "CAP_NET_RAW", SPELLED_CAP_RAW},
	[REMEDY_NET_ADMIN] = {"cap_net_admin", "CAP_NET_ADMIN", SPELLED_NOT},
};

void remedy_by_capability(struct remedy_list *l, enum remedy_capability cap)
{
	struct world v = l->world;
	struct remedy r = remedy_new(REMEDY_CAPABILITY, REACH_PROGRAM, NEEDS_ROOT);
	struct caller *c = &v.caller;
	*(cap == REMEDY_NET_RAW ? &c->net_raw : cap == REMEDY_NET_ADMIN ? &c->net_admin : &c->net_bind_service) = YES;
	// What a program file grants counts in the user namespace of its process, which must own the network
	// namespace.
	if (c->owner[0])
		return;
	r.spelling.what = capabilities[cap].spelled;
	const enum lack lack = cap == REMEDY_NET_RAW            ? c->lack_raw
			       : cap == REMEDY_NET_BIND_SERVICE ? c->lack_bind_service
								: LACK_PLAIN;
	if (lack == LACK_DROPPED)
		r.spelling.what = SPELLED_NOT; // AmbientCapabilities= alone does not do
	if (lack == LACK_DROPPED)              // neither a file nor an ambient set grants what that one lacks
		remedy_change(&r, "start it with %s in its bounding set%s", capabilities[cap].name,
			      c->uid ? " and as an ambient capability" : "");
	else if (c->hooks.no_new_privs) // it voids what a file grants
		remedy_change(&r, "start it with %s as an ambient capability", capabilities[cap].name);
	else
		remedy_shell(&r, "setcap %s+ep PROGRAM", capabilities[cap].file);
	if (r.shell[0])
		remedy_change(&r, "%s", r.shell);
	if (lack == LACK_DROPPED)
		remedy_keep(&r, "%s in CapabilityBoundingSet=%s of its service unit", capabilities[cap].name,
			    c->uid ? " and AmbientCapabilities=" : "");
	else
		remedy_keep(&r, "AmbientCapabilities=%s in its service unit", capabilities[cap].name);
	remedy_offer(l, &v, &r, true);
}

void remedy_by_ping_group(struct remedy_list *l)
{
	struct host changed = *l->world.host; // shares all arrays; only read
	const int64_t low = changed.sysctl[SYSCTL_PING_GID_LOW], high = changed.sysctl[SYSCTL_PING_GID_HIGH];
	const char *name = sysctl_info(SYSCTL_PING_GID_LOW)->name;
	struct world v = l->world;
	v.caller.ping_group = YES;
	if (low <= high) {
		struct remedy in = remedy_new(REMEDY_GROUP, REACH_PROGRAM, NEEDS_ROOT);
		remedy_change(&in, "run it with group %lld%s", (long long)low,
			      low < high ? ", or another of the range" : "");
		remedy_shell(&in, "setpriv --groups=%lld PROGRAM", (long long)low);
		remedy_keep(&in, "SupplementaryGroups=%lld in its service unit", (long long)low);
		remedy_offer(l, &v, &in, true);
	}
	struct remedy r = remedy_new(REMEDY_SYSCTL, REACH_HOST, NEEDS_NET_ADMIN);
	// Its own group is one that its user namespace has a number for; others may have none.
	changed.sysctl[SYSCTL_PING_GID_LOW] = changed.sysctl[SYSCTL_PING_GID_HIGH] = v.caller.gid;
	v.host = &changed;
	remedy_command(&r, "sysctl -w '%s=%u %u'", name, v.caller.gid, v.caller.gid);
	remedy_keep(&r, "%s=%u %u in a file in /etc/sysctl.d", name, v.caller.gid, v.caller.gid);
	remedy_offer(l, &v, &r, true);
}

void remedy_by_user(struct remedy_list *l)
{
	const struct question *q = l->world.question;
	for (size_t i = 0; i < q->nsocks; i++) {
		struct world v = l->world;
		struct remedy r = remedy_new(REMEDY_USER, REACH_PROGRAM, NEEDS_ROOT);
		const struct sock *s = &q->socks[i];
		bool set = attempt_on(&v.attempt, OPT_REUSEPORT);
		if (s->port != v.attempt.port || s->reuseport == NO || s->uid_unmapped || s->uid == v.caller.uid)
			continue;
		if (!set && attempt_toggle(&v.attempt, OPT_REUSEPORT) < 0)
			return;
		v.caller.uid = s->uid;
		if (s->uid) // an ordinary user has none
			v.caller.net_bind_service = v.caller.net_raw = v.caller.net_admin = NO;
		remedy_change(&r, "run it as the user of the holder (uid %u)%s", s->uid,
			      set ? "" : " with SO_REUSEPORT set");
		remedy_shell(&r, "setpriv --reuid=%u --clear-groups PROGRAM", s->uid);
		remedy_keep(&r, "User= in its service unit");
		r.spelling.what = SPELLED_USER;
		snprintf(r.spelling.name, sizeof r.spelling.name, "%u", s->uid);
		remedy_offer(l, &v, &r, true);
	}
}
