// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/edit_inverse.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/fail.h"

// The device it depends on: lo for IPv6 routes that refuse and next hops that drop; that of its next hop object for a
// route.
static const char *device_of(const struct inventory *now, const struct edit *fact)
{
	struct edit hop = {.kind = EDIT_NEXTHOP, .nexthop = {.id = fact->kind == EDIT_ROUTE ? fact->route.nhid : 0}};
	const struct edit *found = hop.nexthop.id ? inventory_find(now, &hop) : NULL;
	fact = found ? found : fact;
	bool drops = fact->kind == EDIT_NEXTHOP ? fact->nexthop.blackhole : edit_family(fact) == AF_INET6;
	return fact->dev[0] || !drops ? fact->dev : "lo";
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

// The kernel hands the value on to each interface.
static bool spreads(const char *sysctl)
{
	return strcmp(sysctl, "net.ipv4.ip_forward") == 0 || strstr(sysctl, ".conf.all.");
}

// Without IPv6, the interface loses its IPv6 addresses and routes.
static bool takes_ipv6(const struct edit_sysctl *s)
{
	return ends_with(s->name, ".disable_ipv6") && strcmp(s->value, "0") != 0;
}

// Does writing one also write the other?
static bool is_handed_on(const char *sysctl, const char *fact)
{
	const char *last = strstr(sysctl, ".conf.all.") ? strrchr(sysctl, '.') : ".forwarding";
	return spreads(sysctl) && strncmp(fact, sysctl, strlen("net.ipv4.")) == 0 && strstr(fact, ".conf.") &&
	       (ends_with(fact, last) || (strcmp(last, ".forwarding") == 0 && ends_with(fact, ".accept_redirects")));
}

// A change, and the state before it.
struct effect {
	const struct inventory *now;
	const struct edit *e, *own; // own: what it removes or changes, NULL for none
	bool last_address;          // own is the only IPv4 address of its device
};

static bool is_on(const struct effect *f, const struct edit *fact, const char *dev)
{
	return strcmp(device_of(f->now, fact), dev) == 0;
}

static struct effect effect_of(const struct inventory *now, const struct edit *e)
{
	struct effect f = {.now = now, .e = e};
	if (!e->add || edit_is_state(e))
		f.own = inventory_find(now, e);
	f.last_address = f.own && edit_family(f.own) == AF_INET;
	for (size_t i = 0; i < now->n && f.last_address; i++)
		f.last_address = now->edits[i].kind != EDIT_ADDR || edit_family(&now->edits[i]) != AF_INET ||
				 &now->edits[i] == f.own || strcmp(now->edits[i].dev, e->dev) != 0;
	return f;
}

// Routes go with the source that they prefer, and IPv4's with the last address of their device (fib_del_ifaddr() and
// fib_inetaddr_event(), net/ipv4/fib_frontend.c). An address that comes again is the last of IPv4's
// (__inet_insert_ifa()), whose secondary ones went with it, and the first of IPv6's with its scope
// (ipv6_link_dev_addr()).
static bool goes_with_address(const struct effect *f, const struct edit *fact)
{
	const struct addr *a = &f->own->addr.addr;
	if (fact->kind == EDIT_ROUTE)
		return addr_equal(&fact->route.src, a) ||
		       (f->last_address && edit_family(fact) == AF_INET && is_on(f, fact, f->own->dev));
	if (fact->kind != EDIT_ADDR || edit_family(fact) != a->family || strcmp(fact->dev, f->own->dev) != 0)
		return false;
	return a->family == AF_INET ? fact > f->own
				    : fact < f->own && addr6_needs_scope(&fact->addr.addr) == addr6_needs_scope(a);
}

// Does the change remove the fact, or move it, besides what the change is about?
static bool goes_along(const struct effect *f, const struct edit *fact)
{
	const struct edit *e = f->e, *own = f->own;
	bool thing = fact->kind == EDIT_ADDR || fact->kind == EDIT_ROUTE || fact->kind == EDIT_NEXTHOP;
	bool six = edit_family(fact) == AF_INET6, stays = fact->kind == EDIT_ADDR && !six;
	if (fact == own)
		return false;
	switch (e->kind) {
	case EDIT_LINK:
		return own && thing &&
		       (is_on(f, fact, e->dev) || (!own->link.neighbour && is_on(f, fact, own->link.peer)));
	case EDIT_UP:
		if (!e->add && fact->kind == EDIT_LINK) // one on top of it, such as a VLAN
			return strcmp(fact->link.type, "veth") != 0 && strcmp(fact->link.peer, e->dev) == 0;
		return !e->add && thing && !stays && is_on(f, fact, e->dev);
	case EDIT_MASTER: // it goes down and comes up again
		return thing && !stays && is_on(f, fact, e->dev);
	case EDIT_ADDR:
		return own && goes_with_address(f, fact);
	case EDIT_NEXTHOP:
		return own && fact->kind == EDIT_ROUTE && fact->route.nhid == own->nexthop.id;
	case EDIT_ROUTE:
		return edit_replaces(e, fact);
	default:
		return false;
	}
}

// Does one with its key, beside it in the dump, get lost? Then its place among them changes, which counts for IPv4 and
// rules.
static bool changes_place(const struct effect *f, size_t i)
{
	const struct edit *all = f->now->edits, *fact = &all[i];
	if (edit_family(fact) == AF_INET6 && fact->by_kernel)
		return false;
	while (i > 0 && edit_same_key(&all[i - 1], fact))
		i--;
	for (; i < f->now->n && edit_same_key(&all[i], fact); i++)
		if (&all[i] != fact && (&all[i] == f->own || goes_along(f, &all[i])))
			return true;
	return false;
}

// Does a group lose one of its next hops?
static bool would_shrink(const struct effect *f, const struct edit *group)
{
	for (size_t k = 0; group->kind == EDIT_NEXTHOP && k < group->nexthop.nmembers; k++) {
		struct edit id = {.kind = EDIT_NEXTHOP, .nexthop = {.id = group->nexthop.members[k]}};
		const struct edit *hop = inventory_find(f->now, &id);
		if (hop && (hop == f->own || goes_along(f, hop)))
			return true;
	}
	return false;
}

static int check(const struct inventory *now, const struct edit *e, bool host, char *err, size_t errlen)
{
	const struct effect f = effect_of(now, e);
	char text[EDIT_TEXT], what[EDIT_TEXT];
	for (size_t i = 0; i < now->n; i++) {
		const struct edit *fact = &now->edits[i];
		if (would_shrink(&f, fact))
			return fail(-EOPNOTSUPP, err, errlen,
				    "this would remove a next hop from group %u, which undo cannot restore exactly",
				    fact->nexthop.id);
		bool along = goes_along(&f, fact);
		if (fact != f.own && !along && !changes_place(&f, i))
			continue;
		// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): an element of an array
		if (fact->odd && (fact == f.own || !fact->by_kernel))
			return fail(
				-EOPNOTSUPP, err, errlen,
				"this would also remove something that undo cannot restore exactly, because it has %s: %.120s",
				fact->odd, edit_shell(fact, what, sizeof what));
		bool comes_back = along && fact->by_kernel && fact->kind != e->kind;
		if (host && fact != f.own && !comes_back)
			return fail(-EOPNOTSUPP, err, errlen,
				    "%.100s: only in a lab, because undo cannot restore exactly: %.100s",
				    edit_shell(e, text, sizeof text), edit_shell(fact, what, sizeof what));
	}
	return 0;
}

int edit_check(const struct inventory *now, const struct edit *e, char *err, size_t errlen)
{
	return check(now, e, false, err, errlen);
}

// Does the opposite undo it, if it removes nothing else?
static bool has_opposite(const struct edit *e)
{
	return e->kind == EDIT_ADDR || e->kind == EDIT_UP || e->kind == EDIT_RULE ||
	       (e->kind == EDIT_ROUTE && !e->route.append && !e->route.replace) ||
	       (e->kind == EDIT_SYSCTL && !spreads(e->sysctl.name) && !takes_ipv6(&e->sysctl));
}

static bool has_key(const struct inventory *s, const struct edit *route)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->edits[i].kind == EDIT_ROUTE && edit_same_key(&s->edits[i], route))
			return true;
	return false;
}

// What removes the address that the kernel gives lo.
static struct edit loopback_deletion(void)
{
	struct edit own = {.kind = EDIT_ADDR, .dev = "lo", .addr = {.addr = addr_from_v4(INADDR_LOOPBACK), .len = 8}};
	own.addr.valid = own.addr.preferred = UINT32_MAX;
	return own;
}

// If lo had no address, the kernel gives it one when it comes up, and leaves it there.
static int add_loopback(const struct inventory *now, const struct edit *e, struct inventory *back)
{
	const struct edit own = loopback_deletion();
	bool comes = e->kind == EDIT_UP && e->add && strcmp(e->dev, "lo") == 0 && inventory_holds(now, &own);
	return comes ? inventory_add(back, &own) : 0;
}

int edit_inverse(const struct inventory *now, struct edit *e, struct inventory *back, char *err, size_t errlen)
{
	const struct edit *fact = inventory_find(now, e);
	char text[EDIT_TEXT];
	edit_shell(e, text, sizeof text);
	if (!has_opposite(e))
		return fail(-EOPNOTSUPP, err, errlen, "%.160s: only in a lab, because undo cannot restore everything",
			    text);
	if (!fact && edit_is_state(e))
		return e->kind == EDIT_SYSCTL ? fail(-ENOENT, err, errlen,
						     "there is no sysctl %s here, or it cannot be read", e->sysctl.name)
					      : fail(-ENOENT, err, errlen, "there is no interface %s here", e->dev);
	if (edit_is_state(e) && inventory_holds(now, e))
		return fail(-EALREADY, err, errlen, "nothing to change: that is the current state");
	if (!edit_is_state(e) && e->add) {
		if (fact || has_key(now, e))
			return fail(-EEXIST, err, errlen, "this already exists: %.200s", text);
		struct edit del = edit_deletion(e);
		return inventory_add(back, &del);
	}
	if (!fact)
		return fail(-ENOENT, err, errlen, "this does not exist: %.200s", text);
	// Nobody but the kernel can make its own address or IPv6 route again.
	if (fact->by_kernel && (fact->kind == EDIT_ADDR || edit_family(fact) == AF_INET6))
		return fail(-EOPNOTSUPP, err, errlen, "%.160s: only in a lab, because the kernel made it", text);
	if (e->kind == EDIT_ROUTE || e->kind == EDIT_RULE)
		*e = edit_deletion(fact);
	int rc = check(now, e, true, err, errlen);
	rc = rc ? rc : inventory_add(back, fact);
	return rc ? rc : add_loopback(now, e, back);
}

static bool same_words(const struct edit *a, const struct edit *b)
{
	char one[EDIT_TEXT], other[EDIT_TEXT];
	return strcmp(edit_print(a, one, sizeof one), edit_print(b, other, sizeof other)) == 0;
}

bool edit_is_undone_by(const struct edit *e, const struct inventory *back)
{
	const struct edit *b = back->edits;
	if (!has_opposite(e) || back->n == 0 || b->kind != e->kind)
		return false;
	if (e->kind == EDIT_UP && e->add && strcmp(e->dev, "lo") == 0 && back->n == 2) {
		const struct edit own = loopback_deletion();
		return same_words(&b[1], &own) && strcmp(b->dev, "lo") == 0 && !b->add;
	}
	if (back->n != 1)
		return false;
	if (e->kind == EDIT_SYSCTL)
		return edit_same_object(e, b);
	if (e->kind == EDIT_UP)
		return edit_same_object(e, b) && b->add != e->add;
	// Names the very object to remove; an address needs no further properties for that.
	const struct edit opposite = edit_deletion(e->add ? e : b);
	return b->add != e->add &&
	       (e->kind == EDIT_ADDR && !e->add ? edit_same_object(e, b) : same_words(&opposite, e->add ? b : e));
}

static bool is_ordered(const struct edit *e)
{
	return e->kind == EDIT_RULE || (e->kind == EDIT_ROUTE && edit_family(e) == AF_INET);
}

int edit_way_back(const struct inventory *before, const struct inventory *after, struct edit *e, struct inventory *back)
{
	struct inventory steps = {0};
	size_t hint = 0;
	int rc = inventory_difference(after, before, INVENTORY_LOST | INVENTORY_NEW | INVENTORY_OBJECTS, &steps);
	if (!e->add && steps.n == 1 && (e->kind == EDIT_ROUTE || e->kind == EDIT_RULE))
		*e = edit_deletion(&steps.edits[0]);
	for (size_t i = 0; i < steps.n && rc == 0; i++) {
		const struct edit *s = &steps.edits[i];
		bool ordered = s->add && is_ordered(s);
		// New addresses stay, and the kernel does not bring back what it was asked to remove.
		if (s->by_kernel && !ordered && s->kind != (s->add ? e->kind : EDIT_ADDR))
			continue;
		if (!ordered) {
			rc = inventory_add(back, s);
			continue;
		}
		// All that have its key, in their order.
		if (i > 0 && s[-1].add && edit_same_key(&s[-1], s))
			continue;
		inventory_find_from(before, s, &hint);
		size_t k = hint - 1;
		while (k > 0 && edit_same_key(&before->edits[k - 1], s))
			k--;
		for (; k < before->n && edit_same_key(&before->edits[k], s) && rc == 0; k++)
			rc = inventory_add(back, &before->edits[k]);
	}
	// Writing the old value back changes those that still have theirs.
	for (size_t i = 0; i < before->n && rc == 0 && e->kind == EDIT_SYSCTL && back->n > 0; i++) {
		const struct edit *fact = &before->edits[i];
		if (fact->kind == EDIT_SYSCTL && is_handed_on(e->sysctl.name, fact->sysctl.name))
			rc = inventory_add(back, fact);
	}
	inventory_free(&steps);
	return rc;
}
