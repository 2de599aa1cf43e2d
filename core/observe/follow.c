// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/follow.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/host_left.h"
#include "core/observe/clock.h"
#include "core/observe/exchange.h"
#include "core/observe/host_adopt.h"
#include "core/observe/host_apply.h"
#include "core/observe/host_apply_route.h"
#include "core/observe/listener.h"
#include "core/observe/proc.h"

static const char reading[] = "reading"; // the status until all was read once

// Applying an event moves half of the list in memory. Moving more routes than this would block the screen for too long;
// then the listener reads them again instead.
enum { MOVES = 1 << 28 };

enum { LOOK_EVERY = 1000 }; // milliseconds

struct follow {
	struct exchange x;
	struct listener *listener;
	struct host *host;
	struct host_apply apply;
	struct host_changes changes;
	struct observe_counts counts;
	char status[EXCHANGE_STATUS];
	bool status_unseen; // it changed during follow_again()
	int64_t looked_at;
};

int follow_start(struct follow **out)
{
	*out = NULL;
	struct follow *f = calloc(1, sizeof *f);
	if (!f)
		return -ENOMEM;
	// From the first moment: without it, the empty host would look like a complete one until the listener runs.
	memcpy(f->status, reading, sizeof reading);
	f->host = host_new();
	int err = exchange_open(&f->x, reading);
	if (!err)
		err = f->host ? listener_start(&f->listener, &f->x) : -ENOMEM;
	if (err) {
		follow_stop(f);
		return err;
	}
	f->host->routes4_read = false;
	memset(f->host->sysctl_hidden, true, sizeof f->host->sysctl_hidden);
	f->host->reserved_hidden = true;
	f->apply.changes = &f->changes;
	*out = f;
	return 0;
}

void follow_stop(struct follow *f)
{
	if (!f)
		return;
	listener_stop(f->listener);
	exchange_close(&f->x);
	host_free(f->host);
	free(f);
}

int follow_fd(const struct follow *f)
{
	return f->x.ready;
}

const struct host *follow_host(const struct follow *f)
{
	return f->host;
}

void follow_forget_left(struct follow *f, unsigned count)
{
	host_forget_left(f->host, count);
}

const struct host_changes *follow_changes(const struct follow *f)
{
	return &f->changes;
}

const char *follow_status(const struct follow *f)
{
	return f->status;
}

struct observe_counts follow_counts(const struct follow *f)
{
	return f->counts;
}

// Does a VRF's table count in one of them only?
static bool vrfs_differ(const struct host *a, const struct host *b)
{
	for (size_t i = 0; i < a->nlinks; i++)
		if (a->links[i].vrf_table && !host_has_vrf_table(b, a->links[i].vrf_table))
			return true;
	for (size_t i = 0; i < b->nlinks; i++)
		if (b->links[i].vrf_table && !host_has_vrf_table(a, b->links[i].vrf_table))
			return true;
	return false;
}

static void count_reading(struct follow *f, unsigned kinds)
{
	f->counts.links += (kinds & DUMP_LINKS) != 0;
	f->counts.addrs += (kinds & DUMP_ADDRS) != 0;
	f->counts.rules += (kinds & DUMP_RULES) != 0;
	f->counts.routes4 += (kinds & DUMP_ROUTES4) != 0;
	f->counts.routes6 += (kinds & DUMP_ROUTES6) != 0;
}

// Returns what the reading leaves open (enum dump_kind).
static unsigned take_reading(struct follow *f, struct news *n)
{
	const struct nlmsghdr *m;
	unsigned stale = 0;
	for (size_t at = 0; (m = batch_next(&n->events, &at));)
		stale |= host_foresee(f->host, m) & n->kinds;
	if (n->kinds & DUMP_LINKS && vrfs_differ(f->host, n->fresh))
		stale |= (DUMP_ROUTES4 | DUMP_ROUTES6) & ~n->kinds;
	host_adopt(f->host, n->fresh, n->kinds, &f->changes);
	count_reading(f, n->kinds);
	return stale;
}

// Which routes are cheaper to read again than to follow.
static unsigned too_many(const struct host *h, const struct batch *b)
{
	bool four = b->left_out4 || b->routes4 * (h->nroutes4 + 1) > MOVES;
	bool six = b->left_out6 || b->routes6 * (h->nroutes6 + 1) > MOVES;
	return (four ? DUMP_ROUTES4 : 0) | (six ? DUMP_ROUTES6 : 0);
}

static unsigned kind_of_route(const struct nlmsghdr *m)
{
	if (m->nlmsg_type != RTM_NEWROUTE && m->nlmsg_type != RTM_DELROUTE)
		return 0;
	return *(const uint8_t *)(m + 1) == AF_INET ? DUMP_ROUTES4 : DUMP_ROUTES6;
}

static void take_news(struct follow *f, struct news *n)
{
	const struct nlmsghdr *m;
	unsigned stale = n->fresh ? take_reading(f, n) : 0;
	unsigned many = too_many(f->host, &n->events);
	f->apply.unsure = n->fresh ? n->kinds : 0;
	f->apply.edges = n->edges;
	f->apply.nedges = n->nedges;
	for (size_t at = 0; (m = batch_next(&n->events, &at)); f->counts.events++)
		if (!(kind_of_route(m) & many))
			stale |= host_apply(f->host, m, &f->apply);
	if (n->settled)
		stale |= host_settle(f->host, &f->apply.doubts);
	exchange_want(&f->x, stale | many, n->number);
}

// Takes all news, and adds to the record of changes. Returns bits of enum observe_change.
static int take_all(struct follow *f)
{
	bool status_fresh;
	uint64_t before = f->host->generation;
	struct news *n = exchange_take(&f->x, f->status, &status_fresh);
	while (n) {
		struct news *next = n->next;
		take_news(f, n);
		news_free(n);
		n = next;
	}
	f->status_unseen |= status_fresh;
	return f->host->generation != before ? OBSERVE_HOST : 0;
}

int follow_take(struct follow *f)
{
	host_changes_clear(&f->changes);
	int bits = take_all(f) | (f->status_unseen ? OBSERVE_STATUS : 0);
	f->status_unseen = false;
	return bits;
}

bool follow_busy(struct follow *f)
{
	return exchange_busy(&f->x) || f->apply.doubts.n || f->apply.doubts.many;
}

int follow_again(struct follow *f)
{
	enum { PATIENCE = 1000 }; // for what the answer leaves open: changes may never end
	struct pollfd fd = {.fd = f->x.ready, .events = POLLIN};
	uint64_t before = f->host->generation;
	unsigned ticket = exchange_ask(&f->x);
	int64_t end = 0;
	int answer;
	host_changes_clear(&f->changes);
	for (;;) {
		bool answered = exchange_answered(&f->x, ticket, &answer);
		take_all(f);
		if (answered && !end)
			end = now_ms() + PATIENCE;
		if (answered && (answer < 0 || now_ms() > end || !follow_busy(f)))
			break;
		poll(&fd, 1, answered ? 10 : 1000);
	}
	if (f->status_unseen)
		exchange_ring(&f->x);
	return answer < 0 ? answer : f->host->generation != before;
}

// The kernel does not announce another name for a link that is down (rtnl_linkprop(), net/core/rtnetlink.c), new flags
// of a tentative address, promote_secondaries and disable_ipv6 of an interface, or a table made for
// a route that it then refused.
static unsigned unannounced(const struct host *h)
{
	unsigned kinds = h->has_local4 == NO || h->has_main4 == NO ? DUMP_RULES : 0;
	for (size_t i = 0; i < h->nlinks; i++)
		if (!(h->links[i].flags & IFF_UP) || h->links[i].disables_ipv6)
			kinds |= DUMP_LINKS;
	for (size_t i = 0; i < h->naddrs; i++)
		if (h->addrs[i].flags & IFA_F_TENTATIVE && h->addrs[i].addr.family == AF_INET6)
			kinds |= DUMP_ADDRS;
	for (size_t i = 0; i < h->naddrs; i++)
		if (h->addrs[i].flags & IFA_F_SECONDARY && h->addrs[i].addr.family == AF_INET)
			kinds |= DUMP_LINKS;
	return kinds;
}

// What a reading of the sysctls made of the host.
static void note_sysctls(const struct host *h, const struct host_sysctl was[static SYSCTL_COUNT], bool ports,
			 struct host_changes *c)
{
	const union host_value reserved = {.sysctl = {.id = SYSCTL_COUNT}};
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const union host_value before = {.sysctl = was[i]};
		const union host_value after = {.sysctl = {(enum sysctl_id)i, h->sysctl[i], h->sysctl_known[i]}};
		if (was[i].value != after.sysctl.value || was[i].known != after.sysctl.known)
			host_changes_note(c, HOST_SYSCTLS, CHANGE_ALTERED, (size_t)i, &before, &after);
	}
	if (ports)
		host_changes_note(c, HOST_SYSCTLS, CHANGE_ALTERED, SYSCTL_COUNT, &reserved, &reserved);
}

static bool refresh_sysctls(struct follow *f)
{
	struct host *h = f->host;
	struct host_sysctl was[SYSCTL_COUNT];
	uint8_t reserved[sizeof h->reserved_ports];
	for (int i = 0; i < SYSCTL_COUNT; i++)
		was[i] = (struct host_sysctl){(enum sysctl_id)i, h->sysctl[i], h->sysctl_known[i]};
	memcpy(reserved, h->reserved_ports, sizeof reserved);
	host_changes_clear(&f->changes);
	if (!proc_sysctls("", h))
		return false;
	note_sysctls(h, was, memcmp(reserved, h->reserved_ports, sizeof reserved) != 0, &f->changes);
	return true;
}

bool follow_refresh(struct follow *f)
{
	bool changed = refresh_sysctls(f);
	f->host->generation += changed;
	unsigned kinds = now_ms() - f->looked_at >= LOOK_EVERY ? unannounced(f->host) : 0;
	if (kinds) {
		f->looked_at = now_ms();
		exchange_look(&f->x, kinds);
	}
	return changed;
}
