// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/port_conflict.h"

#include <sys/socket.h>

enum { STATE_LISTEN = 10, STATE_SYN_RECV = 3, STATE_NEW_SYN_RECV = 12, STATE_TIME_WAIT = 6 };

static bool is_v4(const struct addr *a)
{
	return a->family == AF_INET || addr_is_mapped(a);
}

static enum tri tri_not(enum tri a)
{
	return a == YES ? NO : a == NO ? YES : UNKNOWN;
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

	enum tri shared = NO;
	if (b->reuseaddr && !((tcp || sctp) && a->state == STATE_LISTEN))
		shared = a->reuseaddr;
	if (shared != YES && b->reuseport && (a->uid == b->uid || a->state == STATE_TIME_WAIT)) {
		if (a->reuseport == YES || (a->reuseport == UNKNOWN && shared == NO))
			shared = a->reuseport;
	}
	enum tri refused = tri_not(shared);
	return refused == YES ? meets : refused;
}
