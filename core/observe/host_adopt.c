// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/host_adopt.h"

#include <stdlib.h>
#include <string.h>

#include "core/model/host_equal.h"
#include "core/model/host_left.h"
#include "core/model/host_order.h"

#define SWAP(a, b)                                                                                                     \
	do {                                                                                                           \
		__typeof__(a) swapped = (a);                                                                           \
		(a) = (b);                                                                                             \
		(b) = swapped;                                                                                         \
	} while (0)

#define SWAP_LIST(a, b, list)                                                                                          \
	do {                                                                                                           \
		SWAP((a)->list, (b)->list);                                                                            \
		SWAP((a)->n##list, (b)->n##list);                                                                      \
		SWAP((a)->list##_cap, (b)->list##_cap);                                                                \
	} while (0)

// One list of two readings.
struct pair {
	const struct host *old, *fresh;
	enum host_list list;
	const uint32_t *old_slot; // by slot of the fresh infos: the old slot of an equal one, or UINT32_MAX
};

// How two objects of the readings stand to each other.
enum match { MATCH_BEFORE, MATCH_AFTER, MATCH_EQUAL, MATCH_ALTERED, MATCH_OTHER };

static enum match by_order(int c)
{
	return c < 0 ? MATCH_BEFORE : MATCH_AFTER;
}

static enum match match_routes(const struct route_info *a, const struct route_info *b)
{
	int c = route_info_compare(a, b);
	if (c)
		return by_order(c);
	if (route_info_equal(a, b))
		return MATCH_EQUAL;
	return route_info_same(a, b) ? MATCH_ALTERED : MATCH_OTHER;
}

static enum match match4(const struct pair *p, size_t i, size_t j)
{
	const struct route4 *a = &p->old->routes4[i], *b = &p->fresh->routes4[j];
	int c = route4_compare(a, b);
	if (c)
		return by_order(c);
	if (p->old_slot && p->old_slot[b->info] == a->info)
		return MATCH_EQUAL;
	return match_routes(host_info4(p->old, i), host_info4(p->fresh, j));
}

static enum match match6(const struct pair *p, size_t i, size_t j)
{
	int c = route6_compare(&p->old->routes6[i], &p->fresh->routes6[j]);
	return c ? by_order(c) : match_routes(host_info6(p->old, i), host_info6(p->fresh, j));
}

static bool same_altnames(const struct pair *p, uint32_t index)
{
	const struct host *a = p->old, *b = p->fresh;
	size_t i = 0, j = 0;
	for (;; i++, j++) {
		while (i < a->naltnames && a->altnames[i].index != index)
			i++;
		while (j < b->naltnames && b->altnames[j].index != index)
			j++;
		if (i == a->naltnames || j == b->naltnames)
			return i == a->naltnames && j == b->naltnames;
		if (strcmp(a->altnames[i].name, b->altnames[j].name) != 0)
			return false;
	}
}

static enum match match_links(const struct pair *p, size_t i, size_t j)
{
	const struct link *a = &p->old->links[i], *b = &p->fresh->links[j];
	if (a->index != b->index)
		return by_order(link_compare(a, b));
	return link_equal(a, b) && same_altnames(p, a->index) ? MATCH_EQUAL : MATCH_ALTERED;
}

static enum match match_addrs(const struct pair *p, size_t i, size_t j)
{
	const struct host_addr *a = &p->old->addrs[i], *b = &p->fresh->addrs[j];
	int c = host_addr_compare(a, b);
	return c ? by_order(c) : host_addr_equal(a, b) ? MATCH_EQUAL : MATCH_ALTERED;
}

static enum match match_rules(const struct pair *p, size_t i, size_t j)
{
	const struct rule *a = &p->old->rules[i], *b = &p->fresh->rules[j];
	int c = rule_compare(a, b);
	return c ? by_order(c) : rule_equal(a, b) ? MATCH_EQUAL : MATCH_OTHER;
}

static void note(const struct pair *p, enum match m, size_t i, size_t j, struct host_changes *c)
{
	union host_value before, after;
	enum change_how how = m == MATCH_ALTERED ? CHANGE_ALTERED : m == MATCH_AFTER ? CHANGE_ADDED : CHANGE_REMOVED;
	if (!c)
		return;
	if (c->n == HOST_CHANGES) { // a million may follow
		const struct host *h = how == CHANGE_REMOVED ? p->old : p->fresh;
		struct prefix dst = {0};
		bool route = host_list_is_routes(p->list);
		if (route)
			dst = (p->list == HOST_ROUTES4 ? host_prefix4 : host_prefix6)(h, how == CHANGE_REMOVED ? i : j);
		host_changes_count(c, p->list, how, route ? &dst : NULL);
		return;
	}
	if (how != CHANGE_ADDED)
		before = host_value(p->old, p->list, i);
	if (how != CHANGE_REMOVED)
		after = host_value(p->fresh, p->list, j);
	host_changes_note(c, p->list, how, j, how != CHANGE_ADDED ? &before : NULL,
			  how != CHANGE_REMOVED ? &after : NULL);
}

// Notes what makes the fresh list of the old one, in an order in which each place is right. True when there is
// anything.
static bool compare(const struct pair *p, struct host_changes *c)
{
	static enum match (*const matches[])(const struct pair *, size_t, size_t) = {
		[HOST_LINKS] = match_links, [HOST_ADDRS] = match_addrs, [HOST_RULES] = match_rules,
		[HOST_ROUTES4] = match4,    [HOST_ROUTES6] = match6,
	};
	size_t i = 0, j = 0, nold = host_count(p->old, p->list), nfresh = host_count(p->fresh, p->list);
	bool any = false;
	while (i < nold || j < nfresh) {
		enum match m = i == nold ? MATCH_AFTER : j == nfresh ? MATCH_BEFORE : matches[p->list](p, i, j);
		if (m != MATCH_EQUAL) {
			any = true;
			note(p, m, i, j, c);
		}
		i += m != MATCH_AFTER;
		j += m == MATCH_AFTER || m == MATCH_EQUAL || m == MATCH_ALTERED;
	}
	return any;
}

// A million routes share few infos: those are compared once. Without memory it takes longer.
static uint32_t *match_slots(const struct route_infos *old, const struct route_infos *fresh)
{
	uint32_t *slot = malloc((fresh->n + 1) * sizeof *slot);
	for (size_t i = 0; slot && i < fresh->n; i++)
		slot[i] = (uint32_t)route_infos_find(old, &fresh->at[i].info);
	return slot;
}

static bool adopt_links(struct host *h, struct host *fresh, struct host_changes *c)
{
	if (!compare(&(struct pair){.old = h, .fresh = fresh, .list = HOST_LINKS}, c))
		return false;
	SWAP_LIST(h, fresh, links);
	SWAP_LIST(h, fresh, altnames);
	return true;
}

// What is gone in the fresh reading, which may be ahead of the message that announces it.
static void note_left(struct host *h, const struct host *fresh)
{
	for (size_t i = 0, j = 0; i < h->naddrs;) {
		int c = j == fresh->naddrs ? -1 : host_addr_compare(&h->addrs[i], &fresh->addrs[j]);
		if (c < 0)
			host_note_left(h, &h->addrs[i], (struct left_by){0});
		i += c <= 0;
		j += c >= 0;
	}
}

static bool adopt_addrs(struct host *h, struct host *fresh, struct host_changes *c)
{
	bool changed = compare(&(struct pair){.old = h, .fresh = fresh, .list = HOST_ADDRS}, c);
	SWAP_LIST(h, fresh, addrs); // in any case: lifetimes
	return changed;
}

static bool adopt_rules(struct host *h, struct host *fresh, struct host_changes *c)
{
	bool changed = h->has_local4 != fresh->has_local4 || h->has_main4 != fresh->has_main4 ||
		       h->trie != fresh->trie || h->lacks_rules4 != fresh->lacks_rules4;
	h->has_local4 = fresh->has_local4;
	h->has_main4 = fresh->has_main4;
	h->trie = fresh->trie;
	h->lacks_rules4 = fresh->lacks_rules4;
	if (!compare(&(struct pair){.old = h, .fresh = fresh, .list = HOST_RULES}, c))
		return changed;
	SWAP_LIST(h, fresh, rules);
	return true;
}

static bool adopt_routes4(struct host *h, struct host *fresh, struct host_changes *c)
{
	uint32_t *slot = match_slots(&h->infos4, &fresh->infos4);
	bool read = h->routes4_read != fresh->routes4_read;
	bool changed =
		compare(&(struct pair){.old = h, .fresh = fresh, .list = HOST_ROUTES4, .old_slot = slot}, c) || read;
	free(slot);
	h->routes4_read = fresh->routes4_read;
	if (!changed)
		return false;
	SWAP_LIST(h, fresh, routes4);
	SWAP(h->infos4, fresh->infos4);
	memcpy(h->count4, fresh->count4, sizeof h->count4);
	h->lengths4 = fresh->lengths4;
	return true;
}

static bool adopt_routes6(struct host *h, struct host *fresh, struct host_changes *c)
{
	if (!compare(&(struct pair){.old = h, .fresh = fresh, .list = HOST_ROUTES6}, c))
		return false;
	SWAP_LIST(h, fresh, routes6);
	SWAP(h->infos6, fresh->infos6);
	return true;
}

static void note_sysctl(struct host *h, const struct host *fresh, enum sysctl_id id, struct host_changes *c)
{
	union host_value before = {.sysctl = {id, h->sysctl[id], h->sysctl_known[id]}};
	union host_value after = {.sysctl = {id, fresh->sysctl[id], fresh->sysctl_known[id]}};
	host_changes_note(c, HOST_SYSCTLS, CHANGE_ALTERED, (size_t)id, &before, &after);
	h->sysctl[id] = fresh->sysctl[id];
	h->sysctl_known[id] = fresh->sysctl_known[id];
	h->sysctl_hidden[id] = fresh->sysctl_hidden[id];
}

static bool adopt_proc(struct host *h, const struct host *fresh, struct host_changes *c)
{
	bool changed = memcmp(h->has_kind, fresh->has_kind, sizeof h->has_kind) != 0 ||
		       h->has_inet6 != fresh->has_inet6 || strcmp(h->name, fresh->name) != 0 ||
		       strcmp(h->kernel.release, fresh->kernel.release) != 0;
	memcpy(h->has_kind, fresh->has_kind, sizeof h->has_kind);
	h->has_inet6 = fresh->has_inet6;
	memcpy(h->name, fresh->name, sizeof h->name);
	h->kernel = fresh->kernel;
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		if (h->sysctl[i] == fresh->sysctl[i] && h->sysctl_known[i] == fresh->sysctl_known[i] &&
		    h->sysctl_hidden[i] == fresh->sysctl_hidden[i])
			continue;
		note_sysctl(h, fresh, (enum sysctl_id)i, c);
		changed = true;
	}
	if (h->reserved_hidden == fresh->reserved_hidden &&
	    memcmp(h->reserved_ports, fresh->reserved_ports, sizeof h->reserved_ports) == 0)
		return changed;
	const union host_value ports = {.sysctl = {.id = SYSCTL_COUNT}};
	host_changes_note(c, HOST_SYSCTLS, CHANGE_ALTERED, SYSCTL_COUNT, &ports, &ports);
	h->reserved_hidden = fresh->reserved_hidden;
	memcpy(h->reserved_ports, fresh->reserved_ports, sizeof h->reserved_ports);
	return true;
}

bool host_adopt(struct host *h, struct host *fresh, unsigned kinds, struct host_changes *changes)
{
	bool changed = false;
	if (kinds & DUMP_ADDRS)
		note_left(h, fresh); // while the links have their names
	if (kinds & DUMP_PROC)
		changed |= adopt_proc(h, fresh, changes);
	if (kinds & DUMP_LINKS)
		changed |= adopt_links(h, fresh, changes);
	if (kinds & DUMP_ADDRS)
		changed |= adopt_addrs(h, fresh, changes);
	if (kinds & DUMP_RULES)
		changed |= adopt_rules(h, fresh, changes);
	if (kinds & DUMP_ROUTES4)
		changed |= adopt_routes4(h, fresh, changes);
	if (kinds & DUMP_ROUTES6)
		changed |= adopt_routes6(h, fresh, changes);
	h->generation += changed;
	return changed;
}
