// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/port_conflict.h"

#include <sys/socket.h>

enum { STATE_LISTEN = 10, STATE_SYN_RECV = 3, STATE_NEW_SYN_RECV = 12 };

static bool is_v4(const struct addr *a)
{
	return a->family == AF_INET || addr_is_mapped(a);
}

static enum tri tri_not(enum tri a)
{
	return a == YES ? NO : a == NO ? YES : UNKNOWN;
}

static enum tri tri_and(enum tri a, enum tri b)
{
	return a == NO || b == NO ? NO : a == YES && b == YES ? YES : UNKNOWN;
}

// The IPv4 address by which ipv4_rcv_saddr_equal() (net/ipv4/inet_connection_sock.c) knows an IPv6 socket at an IPv6
// address of its own (LOOPBACK4_IPV6).
enum { SHADOW_V4 = 0x7f000006 };

// An AF_INET socket against an IPv6 one at an address of its own. bind() makes such a socket v6only, so that they never
// meet; connect() and accept() do not. TCP compares a given address only with its like since there is a second hash.
static enum tri overlap_shadow(const struct host *h, const struct claimant *b, const struct sock *a)
{
	uint32_t v4 = addr_v4(&b->addr);
	bool hashed = b->protocol == IPPROTO_TCP && kernel_has(&h->kernel, TRAIT_BHASH2);
	if (v4 != 0 && (v4 != SHADOW_V4 || hashed))
		return NO;
	return tri_not(a->v6only);
}

// inet_rcv_saddr_equal() with wildcards matched.
static enum tri overlap(const struct host *h, const struct claimant *b, const struct sock *a)
{
	bool v4 = is_v4(&b->addr), other_v4 = is_v4(&a->addr);
	if (v4 && other_v4) {
		uint32_t x = addr_v4(&b->addr), y = addr_v4(&a->addr);
		return x == y || x == 0 || y == 0 ? YES : NO;
	}
	bool any6 = !v4 && addr_is_any(&b->addr), other_any6 = !other_v4 && addr_is_any(&a->addr);
	if (v4 && !other_any6)
		return b->addr.family == AF_INET ? overlap_shadow(h, b, a) : NO;
	if (v4)
		return tri_not(a->v6only);
	if (other_v4)
		return any6 && !b->v6only ? YES : NO;
	return any6 || other_any6 || addr_equal(&b->addr, &a->addr) ? YES : NO;
}

// sctp_bind_addr_conflict(): one pair of addresses, compared by the IPv6 socket where there is one.
static enum tri overlap_sctp(const struct claimant *b, const struct sock *a)
{
	bool v4 = is_v4(&b->addr), other_v4 = is_v4(&a->addr);
	if (v4 != other_v4) {
		enum tri only = a->family == AF_INET6 ? a->v6only : b->v6only ? YES : NO;
		if (only != NO)
			return only == YES ? NO : UNKNOWN;
	}
	bool any = v4 ? addr_v4(&b->addr) == 0 : addr_is_any(&b->addr);
	bool other_any = other_v4 ? addr_v4(&a->addr) == 0 : addr_is_any(&a->addr);
	if (any || other_any)
		return YES;
	if (v4 != other_v4)
		return NO;
	if (v4)
		return addr_v4(&b->addr) == addr_v4(&a->addr) ? YES : NO;
	if (!addr_equal(&b->addr, &a->addr))
		return NO;
	return addr6_needs_scope(&a->addr) ? UNKNOWN : YES; // the holder's scope does not show
}

static uint32_t l3_domain(const struct host *h, uint32_t device)
{
	const struct link *vrf = host_vrf_of(h, device);
	return h->sysctl[SYSCTL_TCP_L3MDEV] || !vrf ? 0 : vrf->index;
}

// 6.1 to 6.7: a TCP socket on ::ffff:0.0.0.0 and another one on a mapped address were not compared (second hash).
static bool overlooked(const struct host *h, const struct claimant *b, const struct sock *a)
{
	return kernel_has(&h->kernel, TRAIT_BHASH2_MAPPED) && addr_is_mapped(&a->addr) && addr_v4(&a->addr) == 0 &&
	       addr_is_mapped(&b->addr) && addr_v4(&b->addr) != 0;
}

// SO_REUSEPORT shares among the sockets of one user; TIME_WAIT has forgotten whose it was. An owner without a number
// here may be anybody but those who have one.
static enum tri same_user(const struct claimant *b, const struct sock *a)
{
	if (sock_is_timewait(a))
		return YES;
	if (a->uid != b->uid)
		return NO;
	return a->uid_unmapped ? UNKNOWN : YES;
}

// A tunnel's socket is made by the kernel (udp_sock_create()), which sets neither option.
static bool is_tunnel(const struct host *h, const struct sock *a)
{
	const struct link *l = a->owner == OWNER_KERNEL && a->likely ? host_link(h, a->likely) : NULL;
	return l && l->tunnel_port == a->port;
}

// What the holder has set, as far as it is known or must be so.
static enum tri its_flag(const struct host *h, const struct sock *a, enum tri flag)
{
	return flag == UNKNOWN && is_tunnel(h, a) ? NO : flag;
}

static enum tri shared_by_options(const struct host *h, const struct claimant *b, const struct sock *a)
{
	bool stream = b->protocol == IPPROTO_TCP || b->protocol == IPPROTO_SCTP;
	bool counts = b->reuseaddr && !(stream && a->state == STATE_LISTEN);
	enum tri by_addr = counts ? its_flag(h, a, a->reuseaddr) : NO;
	enum tri by_port = b->reuseport ? tri_and(its_flag(h, a, a->reuseport), same_user(b, a)) : NO;
	return by_addr == YES || by_port == YES ? YES : by_addr == UNKNOWN ? UNKNOWN : by_port;
}

enum tri port_conflict(const struct host *h, const struct claimant *b, const struct sock *a, bool strict)
{
	bool tcp = b->protocol == IPPROTO_TCP, sctp = b->protocol == IPPROTO_SCTP;
	if (a->protocol != b->protocol || a->state == STATE_SYN_RECV || a->state == STATE_NEW_SYN_RECV)
		return NO;
	if (sctp && strict)
		return YES; // sctp_get_port_local() chooses no port that anybody has
	if (b->protocol == IPPROTO_ICMP)
		return b->reuseaddr ? tri_not(a->reuseaddr) : YES;
	bool blind = sctp && !kernel_has(&h->kernel, TRAIT_SCTP_VRF); // sctp_get_port_local() compares no devices
	if (a->device && b->device && a->device != b->device && !blind)
		return NO;
	if (tcp && (l3_domain(h, a->device) != l3_domain(h, b->device) || overlooked(h, b, a)))
		return NO;
	enum tri meets = sctp ? overlap_sctp(b, a) : overlap(h, b, a);
	if (meets == NO || strict)
		return meets;

	enum tri refused = tri_not(shared_by_options(h, b, a));
	return refused == YES ? meets : refused;
}

bool domain_may_be_old(const struct host *h, const struct sock *holder)
{
	if (holder->protocol != IPPROTO_TCP || !holder->device)
		return false;
	for (size_t i = 0; i < h->nlinks; i++)
		if (h->links[i].vrf_table)
			return true;
	return false;
}

// The same with one thing changed.
static bool parts(const struct host *h, const struct claimant *b, const struct sock *a)
{
	return port_conflict(h, b, a, false) == NO;
}

static bool listens(const struct sock *a)
{
	return (a->protocol == IPPROTO_TCP || a->protocol == IPPROTO_SCTP) && a->state == STATE_LISTEN;
}

// Would they share with the option on both? Then the side of *out is the one without it.
static bool option_parts(const struct host *h, const struct claimant *b, const struct sock *a, enum condition which,
			 struct sharing *out)
{
	struct claimant here = *b;
	struct sock there = *a;
	bool *mine = which == CONDITION_REUSEADDR ? &here.reuseaddr : &here.reuseport;
	enum tri *its = which == CONDITION_REUSEADDR ? &there.reuseaddr : &there.reuseport;
	enum tri had = its_flag(h, a, *its);
	enum side side = !*mine && had == NO ? SIDE_BOTH : !*mine ? SIDE_HERE : SIDE_THERE;
	*mine = true;
	*its = YES;
	if (!parts(h, &here, &there))
		return false;
	*out = (struct sharing){which, side, had == UNKNOWN};
	return true;
}

// What would part them with the address and the device of one side alone: IPV6_V6ONLY on a wildcard, another device.
static bool scope_parts(const struct host *h, const struct claimant *b, const struct sock *a, struct sharing *out)
{
	enum { ANOTHER = UINT32_MAX };
	struct claimant here = *b;
	struct sock there = *a;
	here.v6only = here.v6only || (b->addr.family == AF_INET6 && addr_is_any(&b->addr));
	if (parts(h, &here, a)) {
		*out = (struct sharing){CONDITION_V6ONLY, SIDE_HERE, false};
		return true;
	}
	here = *b;
	here.device = here.device || !a->device ? here.device : ANOTHER;
	if (parts(h, &here, a)) {
		*out = (struct sharing){CONDITION_DEVICE, SIDE_HERE, false};
		return true;
	}
	there.v6only = YES;
	if (parts(h, b, &there)) {
		*out = (struct sharing){CONDITION_V6ONLY, SIDE_THERE, a->v6only == UNKNOWN};
		return true;
	}
	there = *a;
	there.device = there.device || !b->device ? there.device : ANOTHER;
	if (parts(h, b, &there)) {
		*out = (struct sharing){CONDITION_DEVICE, SIDE_THERE, false};
		return true;
	}
	return false;
}

struct sharing port_sharing(const struct host *h, const struct claimant *b, const struct sock *a)
{
	struct sharing addr = {0}, port = {0}, scope = {0};
	if (parts(h, b, a))
		return (struct sharing){0};
	if (b->reuseport && a->reuseport != NO && same_user(b, a) != YES)
		return (struct sharing){CONDITION_UID, SIDE_BOTH, same_user(b, a) == UNKNOWN};
	if (b->reuseaddr && !b->reuseport && listens(a))
		return (struct sharing){CONDITION_LISTEN, SIDE_THERE, false};
	bool by_addr = option_parts(h, b, a, CONDITION_REUSEADDR, &addr);
	bool by_port = option_parts(h, b, a, CONDITION_REUSEPORT, &port);
	if (by_addr && b->reuseaddr)
		return addr;
	if (by_port && b->reuseport)
		return port;
	// Nothing to share by is set here: what this socket alone can change comes first.
	bool by_scope = scope_parts(h, b, a, &scope);
	if (by_addr && addr.side == SIDE_HERE)
		return addr;
	if (by_port && port.side == SIDE_HERE)
		return port;
	if (by_scope)
		return scope;
	if (by_addr)
		return addr;
	if (by_port)
		return port;
	return (struct sharing){listens(a) ? CONDITION_LISTEN : CONDITION_REUSEADDR, SIDE_THERE, false};
}

const char *condition_name(enum condition c)
{
	static const char *const names[CONDITION_COUNT] = {
		[CONDITION_REUSEADDR] = "reuseaddr", [CONDITION_REUSEPORT] = "reuseport", [CONDITION_UID] = "uid",
		[CONDITION_LISTEN] = "listen",       [CONDITION_V6ONLY] = "v6only",       [CONDITION_DEVICE] = "device",
	};
	return names[c];
}

const char *side_name(enum side s)
{
	static const char *const names[] = {NULL, "here", "there", "both"};
	return names[s];
}
