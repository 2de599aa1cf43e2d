// SPDX-License-Identifier: GPL-3.0-or-later
// The IPv6 address list: is the address configured, and where.
#include "core/model/decide_list.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "core/model/decide_absent.h"
#include "core/model/fib.h"
#include "core/model/host_left.h"

// Why an entry with the right address does not count; LIST_MATCH when it does (__ipv6_chk_addr_and_flags(),
// net/ipv6/addrconf.c).
static enum finding_id judge_entry(const struct context *c, const struct host_addr *entry, uint32_t device)
{
	const struct link *vrf = host_vrf_of(c->host, entry->index), *wanted = host_vrf_of(c->host, device);
	if (vrf != wanted)
		return LIST_OTHER_VRF;
	bool here =
		!device || entry->index == device || (entry->scope != RT_SCOPE_LINK && entry->scope != RT_SCOPE_HOST);
	if (!here)
		return LIST_OTHER_DEVICE;
	if (entry->flags & IFA_F_TENTATIVE && !(entry->flags & IFA_F_OPTIMISTIC))
		return entry->flags & IFA_F_DADFAILED ? LIST_DADFAILED : LIST_TENTATIVE;
	return LIST_MATCH;
}

// ipv6_chk_addr(): LIST_MATCH, why the first entry with that address does not count, or FINDING_COUNT when there is
// none.
static enum finding_id search(const struct context *c, uint32_t device, size_t *entry)
{
	const struct host *h = c->host;
	const struct addr *a = &c->attempt->addr;
	enum finding_id found = FINDING_COUNT;
	for (size_t i = host_find_addr(h, a); i < h->naddrs && addr_equal(&h->addrs[i].addr, a); i++) {
		enum finding_id judged = judge_entry(c, &h->addrs[i], device);
		if (judged == LIST_MATCH || found == FINDING_COUNT) {
			found = judged;
			*entry = i;
		}
		if (judged == LIST_MATCH)
			break;
	}
	return found;
}

// The device passed to ipv6_chk_addr(): the bound one; for a ping socket its scope first.
static uint32_t list_device(const struct context *c)
{
	const struct attempt *a = c->attempt;
	if (a->kind == KIND_SCTP)
		return kernel_has(&c->host->kernel, TRAIT_SCTP_VRF) ? c->device : 0;
	if (a->kind != KIND_PING)
		return c->device;
	return a->scope ? a->scope : kernel_has(&c->host->kernel, TRAIT_PING_VRF) ? c->device : 0;
}

// Duplicate detection waits for the link (addrconf_dad_begin(), net/ipv6/addrconf.c).
static enum finding_id refuse_tentative(const struct context *c, struct walk_step *s, const struct host_addr *entry)
{
	const struct link *l = host_link(c->host, entry->index);
	if (!l || link_works(l))
		return LIST_TENTATIVE;
	put_link_state(s, c->host, l);
	put_text(s, IN_HINT, "Duplicate address detection cannot run there, so waiting does not help.");
	return LIST_STUCK;
}

static enum finding_id refuse_unlisted(const struct context *c, struct walk_step *s, uint32_t device)
{
	const struct addr *a = &c->attempt->addr;
	size_t route;
	if (fib_lookup6(c->host, a, &route)) {
		put_ref(s, IN_ROUTE, V_ROUTE6, REF_ROUTE6, route);
		if (host_info6(c->host, route)->type == RTN_ANYCAST)
			return LIST_ANYCAST;
		if (host_info6(c->host, route)->type == RTN_LOCAL)
			return LIST_ROUTED;
		s->ninputs--;
	}
	enum finding_id absent = decide_absent6(c, s, device);
	if (absent != FINDING_COUNT)
		return absent;
	const struct left_addr *left = host_find_left(c->host, a);
	const struct link *l = left ? host_link(c->host, left->entry.index) : NULL;
	if (l && !(l->flags & IFF_UP)) { // addrconf_ifdown(), net/ipv6/addrconf.c
		put_link_state(s, c->host, l);
		put_text(s, IN_HINT, "It had the address, and an interface that goes down loses its IPv6 addresses.");
		return LIST_LINK_DOWN;
	}
	if (put_left(s, c->host, a))
		return LIST_REMOVED;
	put_nearest(s, c->host, a);
	return LIST_NONE;
}

enum finding_id decide_address_list(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	const struct host *h = c->host;
	bool ping = a->kind == KIND_PING;
	put_addr(s, &a->addr);
	if (addr_is_any(&a->addr))
		return LIST_ANY;
	if (addr_is_multicast(&a->addr))
		return LIST_MULTICAST;
	if (c->nonlocal && !ping)
		return LIST_NOT_ASKED;

	uint32_t device = list_device(c);
	size_t entry = 0;
	enum finding_id found = FINDING_COUNT;
	// SCTP asks twice: on the scope's device (sctp_inet6_bind_verify()), then on the bound one
	// (sctp_v6_available()).
	bool twice = a->kind == KIND_SCTP && addr6_needs_scope(&a->addr);
	if (twice && (found = search(c, a->scope, &entry)) != LIST_MATCH)
		device = a->scope;
	else
		found = search(c, device, &entry);
	if (ping && found != LIST_MATCH && c->nonlocal)
		return LIST_NOT_NEEDED;
	if (device)
		put_device(s, h, device);
	if (found == FINDING_COUNT)
		return refuse_unlisted(c, s, device);
	put_ref(s, IN_ENTRY, V_ENTRY, REF_ADDR, entry);
	put_number(s, IN_FLAGS, V_IFA_FLAGS, h->addrs[entry].flags);
	return found == LIST_TENTATIVE ? refuse_tentative(c, s, &h->addrs[entry]) : found;
}
