// SPDX-License-Identifier: GPL-3.0-or-later
// The lab as it was at first, whoever changed it since.
#include "core/change/editor_reset.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "core/change/editor_impl.h"
#include "core/change/inventory_read.h"
#include "core/change/route_order.h"
#include "core/model/fail.h"

// The kernel makes none in the table main for its own ::1, but for one that comes by hand.
static bool is_route_of_loopback(const struct edit *e)
{
	static const struct addr loopback = {AF_INET6, {[15] = 1}};
	return e->kind == EDIT_ROUTE && e->route.table == RT_TABLE_MAIN && addr_equal(&e->route.dst.addr, &loopback);
}

// Of what the kernel made since, only addresses are ours to take away: its routes go with them, and its rule for VRFs comes once.
static void leave_to_kernel(struct inventory *steps)
{
	size_t kept = 0;
	for (size_t i = 0; i < steps->n; i++)
		if (steps->edits[i].add || !steps->edits[i].by_kernel || steps->edits[i].kind == EDIT_ADDR ||
		    is_route_of_loopback(&steps->edits[i]))
			steps->edits[kept++] = steps->edits[i];
	steps->n = kept;
}

static bool only_by_kernel(const struct inventory *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (!steps->edits[i].by_kernel)
			return false;
	return true;
}

// Does making these have the kernel make routes?
static bool moves_kernel(const struct inventory *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->edits[i].kind != EDIT_ROUTE && steps->edits[i].kind != EDIT_RULE)
			return true;
	return false;
}

static const struct edit *address_of(const struct inventory *s, const struct edit *route)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->edits[i].kind == EDIT_ADDR && strcmp(s->edits[i].dev, route->dev) == 0 &&
		    addr_equal(&s->edits[i].addr.addr, &route->route.dst.addr))
			return &s->edits[i];
	return NULL;
}

// An address's own IPv6 route has metric 0, which nobody but the kernel can give it: the address comes anew.
static int make_as_kernel(struct inventory *steps, const struct inventory *first)
{
	int rc = 0;
	for (size_t i = 0, n = steps->n; i < n && rc == 0; i++) {
		struct edit *e = &steps->edits[i];
		if (e->kind != EDIT_ROUTE || !e->add)
			continue;
		bool own = edit_family(e) == AF_INET6 && e->by_kernel && e->route.type == RTN_LOCAL;
		const struct edit *address = own ? address_of(first, e) : NULL;
		if (address) {
			*e = *address;
			e->add = false;
			rc = inventory_add(steps, address);
		}
	}
	return rc;
}

int editor_reset(struct editor *e, char *err, size_t errlen)
{
	if (e->journal)
		return fail(-EPERM, err, errlen, "this is no lab: undo all takes back what was changed from here");
	int rc = 0, waits = 0, last = 0;
	char text[EDIT_TEXT] = "";
	bool kernel_follows = false;
	for (int round = 0; round <= ROUNDS; round++) {
		struct inventory now, steps = {0};
		rc = inventory_read(&now, INVENTORY_ALL, NULL, NULL);
		if (rc < 0)
			return fail(rc, err, errlen, "the lab can't be read: %s", strerror(-rc));
		// What the kernel makes by itself comes back by itself, most of it.
		rc = inventory_difference(&now, &e->first, round > 0 ? SCENE_LOST | SCENE_NEW : SCENE_OURS, &steps);
		leave_to_kernel(&steps);
		size_t left = steps.n;
		text[0] = '\0';
		if (left > 0 && !only_by_kernel(&steps))
			edit_shell(&steps.edits[0], text, sizeof text);
		if (rc == 0 && kernel_follows && left > 0 && only_by_kernel(&steps) && waits++ < WAITS) {
			nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
			round--;
		} else if (rc == 0 && round < ROUNDS) {
			waits = 0;
			kernel_follows = moves_kernel(&steps);
			rc = make_as_kernel(&steps, &e->first);
			last = rc = rc ? rc : editor_make_all(e, NULL, &steps, err, errlen);
		}
		inventory_free(&steps);
		inventory_free(&now);
		if (left == 0 && round > 0)
			break;
	}
	if (rc == 0 && text[0])
		rc = last < 0 ? last : fail(-EIO, err, errlen, "not as it was at first: %.200s", text);
	if (rc == 0 && (rc = route_order_restore(e->changer, &e->first)) < 0)
		fail(rc, err, errlen, "the order of routes or rules is not as before: %s", strerror(-rc));
	if (rc == 0)
		editor_forget(e);
	if (rc == 0 && errlen)
		err[0] = '\0'; // what failed at first came right later
	return rc;
}
