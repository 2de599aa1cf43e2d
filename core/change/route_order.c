// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/route_order.h"

#include <errno.h>
#include <sys/socket.h>

#include "core/change/edit_apply.h"
#include "core/change/inventory_read.h"

enum { ROUNDS = 3 }; // a deletion takes the first one that fits, which may be another

static bool is_ordered(const struct edit *fact, void *data)
{
	(void)data;
	return fact->add && (fact->kind == EDIT_RULE || (fact->kind == EDIT_ROUTE && edit_family(fact) == AF_INET));
}

// How many from number i on have its key; 0 when it is in the middle of them.
static size_t run_at(const struct inventory *s, size_t i)
{
	size_t n = 1;
	if (!is_ordered(&s->edits[i], NULL) || (i > 0 && edit_same_key(&s->edits[i - 1], &s->edits[i])))
		return 0;
	while (i + n < s->n && edit_same_key(&s->edits[i + n], &s->edits[i]))
		n++;
	return n;
}

// Are the existing ones of the run in its order? Others may stand between them.
static bool in_order(const struct edit *run, size_t n, const struct inventory *now)
{
	size_t last = 0;
	for (size_t i = 0; i < now->n; i++)
		for (size_t k = 0; k < n && edit_same_key(&now->edits[i], run); k++)
			if (edit_same_object(&run[k], &now->edits[i])) {
				if (k < last)
					return false;
				last = k;
			}
	return true;
}

// Moves one, if it exists, behind all others with its key. A route can't exist twice, so it is gone for a moment; a
// rule can.
static int to_end(struct changer *c, const struct edit *e, const struct inventory *now)
{
	struct edit add = *e, del = edit_deletion(e);
	if (!inventory_find(now, e))
		return 0;
	*(e->kind == EDIT_ROUTE ? &add.route.append : &add.rule.append) = true;
	int rc = e->kind == EDIT_ROUTE ? edit_apply(c, &del) : 0;
	return rc ? rc : edit_apply_anew(c, &add);
}

// What somebody else has added since comes last.
static int sort(struct changer *c, const struct edit *run, size_t n, const struct inventory *now)
{
	struct inventory wanted = {(struct edit *)(uintptr_t)run, n, n}; // only read
	int rc = 0;
	for (size_t i = 0; i < now->n; i++)
		if (edit_same_key(&now->edits[i], run) && now->edits[i].odd)
			return 0; // it could not be made anew
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = to_end(c, &run[i], now);
	for (size_t i = 0; i < now->n && rc == 0; i++)
		if (edit_same_key(&now->edits[i], run) && !inventory_find(&wanted, &now->edits[i]))
			rc = to_end(c, &now->edits[i], now);
	// A deletion removes the first rule that fits: in this order, the rule itself.
	for (size_t i = 0; i < now->n && rc == 0 && run->kind == EDIT_RULE; i++) {
		struct edit del = edit_deletion(&now->edits[i]);
		if (edit_same_key(&now->edits[i], run))
			rc = edit_apply(c, &del);
	}
	return rc;
}

int route_order_restore(struct changer *c, const struct inventory *wanted)
{
	bool again = false;
	int rc = 0;
	for (size_t i = 0; i < wanted->n && !again; i++)
		again = run_at(wanted, i) > 1;
	for (int round = 0; round < ROUNDS && again && rc == 0; round++) {
		struct inventory now;
		again = false;
		rc = inventory_read(&now, 1 << EDIT_ROUTE | 1 << EDIT_RULE, is_ordered, NULL);
		for (size_t i = 0; i < wanted->n && rc == 0; i++) {
			size_t n = run_at(wanted, i);
			if (n < 2 || in_order(&wanted->edits[i], n, &now))
				continue;
			again = true;
			rc = sort(c, &wanted->edits[i], n, &now);
		}
		inventory_free(&now);
	}
	return rc;
}
