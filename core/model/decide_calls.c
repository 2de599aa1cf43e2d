// SPDX-License-Identifier: GPL-3.0-or-later
// The calls before bind: socket() and setsockopt().
#include "core/model/decide_calls.h"

#include <netinet/in.h>
#include <sys/socket.h>

static bool has_protocol(const struct context *c)
{
	enum kind kind = c->attempt->kind;
	if (kind == KIND_UDPLITE && !kernel_has(&c->host->kernel, TRAIT_UDPLITE))
		return false;
	return c->host->has_kind[kind] != NO;
}

enum finding_id decide_socket(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	put_number(s, IN_FAMILY, V_FAMILY, a->family);
	put_number(s, IN_SOCKTYPE, V_SOCKTYPE, a->kind);
	if (a->family == AF_INET6 && c->host->has_inet6 == NO)
		return SOCKET_NO_INET6;
	put_number(s, IN_PROTOCOL, V_PROTOCOL, a->kind);
	if (!has_protocol(c))
		return SOCKET_NO_PROTOCOL;
	if (a->kind == KIND_MPTCP && !c->host->sysctl[SYSCTL_MPTCP]) {
		put_text(s, IN_SYSCTL, sysctl_info(SYSCTL_MPTCP)->name);
		put_sysctl(s, IN_VALUE, c->host, SYSCTL_MPTCP);
		return SOCKET_SWITCHED_OFF;
	}
	enum tri may = a->kind == KIND_RAW ? c->caller->net_raw : a->kind == KIND_PING ? c->caller->ping_group : YES;
	if (may != YES && a->kind == KIND_RAW) {
		put_text(s, IN_CAPABILITY, "CAP_NET_RAW");
		c->lack = c->caller->lack_raw;
	} else if (may != YES) {
		put_text(s, IN_SYSCTL, sysctl_info(SYSCTL_PING_GID_LOW)->name);
		put_sysctl(s, IN_LOW, c->host, SYSCTL_PING_GID_LOW);
		put_sysctl(s, IN_HIGH, c->host, SYSCTL_PING_GID_HIGH);
	}
	if (may == NO)
		return a->kind == KIND_RAW ? SOCKET_UNPRIVILEGED : SOCKET_NO_PING_GROUP;
	// The sysctl is the initial value; one bit of it is kept (inet6_create(), net/ipv6/af_inet6.c); IPv6 ping
	// sockets are made IPv6 only.
	c->v6only = a->family == AF_INET6 && (a->kind == KIND_PING || c->host->sysctl[SYSCTL_BINDV6ONLY] & 1);
	c->reuseaddr = a->kind == KIND_PING;
	if (may == YES)
		return SOCKET_OPEN;
	return a->kind == KIND_RAW ? SOCKET_CAPABILITY_UNREAD : SOCKET_GROUPS_UNREAD;
}

static bool option_exists(const struct context *c, const struct sockopt *o)
{
	const struct attempt *a = c->attempt;
	bool six = a->family == AF_INET6;
	enum option_id id = (enum option_id)(o - option_info((enum option_id)0));
	if (six ? !o->inet6 : !o->inet)
		return false;
	if (six && a->kind == KIND_RAW && o->level == SOL_IP)
		return false; // rawv6_setsockopt() knows no SOL_IP
	if (id == OPT_PORTRANGE)
		return kernel_has(&c->host->kernel, a->kind == KIND_MPTCP ? TRAIT_PORT_RANGE_MPTCP : TRAIT_PORT_RANGE);
	return true;
}

// mptcp_setsockopt() knows these options, but hands them on to its TCP socket only in newer releases.
static bool lost_in_mptcp(const struct context *c, enum option_id id)
{
	if (c->attempt->kind != KIND_MPTCP)
		return false;
	switch (id) {
	case OPT_FREEBIND:
	case OPT_FREEBIND6:
	case OPT_TRANSPARENT:
	case OPT_TRANSPARENT6:
		return !kernel_has(&c->host->kernel, TRAIT_MPTCP_OPTIONS);
	case OPT_NOPORT:
		return !kernel_has(&c->host->kernel, TRAIT_PORT_RANGE_MPTCP);
	default:
		return false;
	}
}

static enum tri either(enum tri a, enum tri b)
{
	return a == YES || b == YES ? YES : a == NO && b == NO ? NO : UNKNOWN;
}

static enum tri right_held(const struct context *c, const struct setting *set)
{
	const struct caller *caller = c->caller;
	switch (option_info(set->option)->cap) {
	case CAP_RAW_OR_ADMIN:
		if (set->option == OPT_MARK && !kernel_has(&c->host->kernel, TRAIT_MARK_NET_RAW))
			return caller->net_admin;
		return set->option != OPT_MARK && !set->value ? YES : either(caller->net_raw, caller->net_admin);
	case CAP_RAW_TO_REBIND:
		return !c->device ? YES : caller->net_raw;
	case CAP_NONE:
		break;
	}
	return YES;
}

// What the option needs, where it is not held for sure: OPTION_SET goes on.
static enum finding_id ask_right(struct context *c, struct walk_step *s, const struct setting *set, const char *needed)
{
	enum tri held = right_held(c, set);
	if (held == YES)
		return OPTION_SET;
	put_text(s, IN_CAPABILITY, needed);
	c->lack = c->caller->lack_raw;
	return held == NO ? OPTION_NO_RIGHT : OPTION_CAPABILITY_UNREAD;
}

// sock_setsockopt() and sock_bindtoindex_locked(), net/core/sock.c: the name is looked up before the right is asked
// for.
static enum finding_id set_device(struct context *c, struct walk_step *s, const struct setting *set)
{
	uint32_t index = set->value;
	if (set->option == OPT_DEVICE) {
		const struct link *l = host_link_named(c->host, set->device);
		if (!l)
			return OPTION_NO_DEVICE;
		put_device(s, c->host, l->index);
		index = l->index;
	}
	enum finding_id right = ask_right(c, s, set, "CAP_NET_RAW");
	if (right != OPTION_SET)
		put_text(s, IN_HINT, "the socket is bound to a device already");
	if (right == OPTION_NO_RIGHT)
		return right;
	if (index > INT32_MAX)
		return OPTION_BAD_VALUE;
	c->device = index;
	return right;
}

enum finding_id decide_setsockopt(struct context *c, struct walk_step *s)
{
	const struct setting *set = &c->attempt->settings[s->setting];
	put_ref(s, IN_OPTION, V_OPTION, REF_OPTION, set->option);
	put_number(s, IN_VALUE, V_SETTING, s->setting);
	put_number(s, IN_FAMILY, V_FAMILY, c->attempt->family);
	put_number(s, IN_SOCKTYPE, V_SOCKTYPE, c->attempt->kind);
	if (!option_exists(c, option_info(set->option)))
		return OPTION_NOT_HERE;
	if (lost_in_mptcp(c, set->option))
		return OPTION_NOT_BY_MPTCP;
	if (set->option == OPT_DEVICE || set->option == OPT_IFINDEX)
		return set_device(c, s, set);
	bool admin_only = set->option == OPT_MARK && !kernel_has(&c->host->kernel, TRAIT_MARK_NET_RAW);
	enum finding_id right = ask_right(c, s, set, admin_only ? "CAP_NET_ADMIN" : "CAP_NET_RAW or CAP_NET_ADMIN");
	if (admin_only)
		c->lack = LACK_PLAIN; // nothing was read of it
	if (right == OPTION_NO_RIGHT)
		return right;
	switch (set->option) {
	case OPT_FREEBIND:
	case OPT_FREEBIND6:
		c->freebind = set->value;
		break;
	case OPT_TRANSPARENT:
	case OPT_TRANSPARENT6:
		c->transparent = set->value;
		break;
	case OPT_V6ONLY:
		if (c->attempt->kind == KIND_RAW)
			return OPTION_BAD_VALUE; // its protocol number counts as a port, so the option comes too late
		c->v6only = set->value;
		break;
	case OPT_REUSEADDR:
		c->reuseaddr = set->value;
		break;
	case OPT_REUSEPORT:
		c->reuseport = set->value;
		break;
	case OPT_NOPORT:
		c->noport = set->value;
		break;
	case OPT_PORTRANGE:
		if ((set->value & 0xffff) && set->value >> 16 && (set->value & 0xffff) > set->value >> 16)
			return OPTION_BAD_VALUE;
		c->range_low = (uint16_t)(set->value & 0xffff);
		c->range_high = (uint16_t)(set->value >> 16);
		break;
	default:
		break;
	}
	return right;
}
