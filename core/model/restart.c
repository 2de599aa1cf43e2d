// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/restart.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/decide.h"
#include "core/model/walk_text.h"

enum { STATE_ESTABLISHED = 1, STATE_TIME_WAIT = 6, STATE_CLOSE = 7, STATE_LISTEN = 10, STATE_BOUND_ONLY = 13 };

bool restart_counts(const struct sock *s)
{
	return s->protocol == IPPROTO_TCP || s->protocol == IPPROTO_SCTP
		       ? s->state == STATE_LISTEN || s->state == STATE_CLOSE || s->state == STATE_BOUND_ONLY
		       : !s->peer.family;
}

static bool covers(const struct addr *all, const struct addr *one)
{
	bool four = one->family == AF_INET || addr_is_mapped(one);
	if (addr_is_any(all))
		return all->family == AF_INET6 || four;
	return all->family == one->family ? addr_equal(all, one)
					  : four && addr_is_mapped(all) && addr_v4(all) == addr_v4(one);
}

bool restart_is_of(const struct sock *s, const struct sock *listener)
{
	return listener->state == STATE_LISTEN && s->peer.family && s->state != STATE_TIME_WAIT &&
	       s->protocol == listener->protocol && s->port == listener->port && covers(&listener->addr, &s->addr);
}

static enum kind kind_of(const struct sock *s)
{
	switch (s->protocol) {
	case IPPROTO_TCP:
		return KIND_TCP;
	case IPPROTO_UDP:
		return KIND_UDP;
	case IPPROTO_UDPLITE:
		return KIND_UDPLITE;
	case IPPROTO_SCTP:
		return KIND_SCTP;
	case IPPROTO_ICMP:
		return KIND_PING;
	default:
		return KIND_RAW;
	}
}

static void set(struct attempt *a, enum option_id id, uint32_t value)
{
	attempt_set(a, &(struct setting){.option = id, .value = value});
}

// `unseen`: how the options are that can't be seen.
static struct attempt attempt_again(const struct sock *s, bool unseen)
{
	struct attempt a = attempt_new(&s->addr);
	a.family = s->family;
	a.kind = kind_of(s);
	if (a.kind == KIND_RAW)
		a.raw_protocol = (uint8_t)s->port;
	else
		a.port = s->port;
	// Binding to a link-local address is what has tied it to the device.
	if (s->addr.family == AF_INET6 && addr6_needs_scope(&s->addr))
		a.scope = s->device;
	else if (s->device)
		set(&a, OPT_IFINDEX, s->device);
	if (s->family == AF_INET6 && s->v6only != UNKNOWN && a.kind != KIND_RAW && a.kind != KIND_PING)
		set(&a, OPT_V6ONLY, s->v6only == YES && !addr_is_mapped(&s->addr));
	if (s->reuseaddr == YES || (s->reuseaddr == UNKNOWN && unseen))
		set(&a, OPT_REUSEADDR, 1);
	if (s->reuseport == YES || (s->reuseport == UNKNOWN && unseen))
		set(&a, OPT_REUSEPORT, 1);
	if (s->nonlocal == YES || (s->nonlocal == UNKNOWN && unseen))
		set(&a, OPT_FREEBIND, 1);
	return a;
}

static void walk_again(const struct facts *f, const struct sock *s, bool unseen, struct walk *w)
{
	struct attempt a = attempt_again(s, unseen);
	decide(f, &a, w);
}

static void take(const struct facts *f, const struct walk *w, enum tri binds, struct restart *out)
{
	out->binds = binds;
	out->err = w->predicted.err;
	out->code = w->code;
	walk_sentence(f, w, out->why, sizeof out->why);
}

void restart_check(const struct host *h, const struct sock *s, struct sock *others, size_t nothers, struct restart *out)
{
	static const struct caller anybody = {
		.net_bind_service = true, .net_raw = true, .net_admin = true, .ping_group = true};
	struct caller caller = anybody;
	// A TCP socket that is bound only and does not show has let this one in already.
	struct question q = {.socks = others,
			     .nsocks = nothers,
			     .socks_cap = nothers,
			     .socks_known = YES,
			     .socks_bound = YES,
			     .socks_port = s->port,
			     .socks_protocol = s->protocol};
	const struct facts f = {h, &caller, &q};
	struct walk w;
	caller.uid = s->uid;
	if (s->device && !host_link(h, s->device)) {
		// Programs name the interface, and its name is not known: one that was made anew has another index.
		*out = (struct restart){.binds = UNKNOWN, .err = ENODEV, .code = CODE_DEVICE_UNKNOWN};
		snprintf(
			out->why, sizeof out->why,
			"It is bound to interface %u, which is gone: ENODEV, unless an interface of that name is back.",
			s->device);
		return;
	}
	walk_again(&f, s, false, &w);
	bool refused = w.predicted.err != 0, certain = w.predicted.certain;
	bool unseen = s->reuseaddr == UNKNOWN || s->reuseport == UNKNOWN || s->nonlocal == UNKNOWN;
	take(&f, &w, certain ? (refused ? NO : YES) : UNKNOWN, out);
	if (!refused || !unseen)
		return;
	walk_again(&f, s, true, &w);
	if (w.predicted.certain && w.predicted.err)
		take(&f, &w, NO, out);
	else
		out->binds = UNKNOWN;
}

void restart_leaves(const struct sock *s, size_t accepted, struct restart *out)
{
	if (out->binds != YES || !accepted || s->reuseaddr == YES || s->reuseport == YES)
		return;
	*out = (struct restart){.binds = UNKNOWN, .err = EADDRINUSE, .code = CODE_PORT_TAKEN};
	snprintf(out->why, sizeof out->why,
		 "%zu accepted connection%s may hold the port for a minute after the process ends, %s.", accepted,
		 accepted == 1 ? "" : "s",
		 s->reuseaddr == NO ? "because the socket does not set SO_REUSEADDR"
				    : "unless the socket sets SO_REUSEADDR, which is not visible");
}
