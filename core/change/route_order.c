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
	return fact->add && (fact->kind == EDIT_RULE ||
			     (fact->kind == EDIT_ROUTE && edit_family(fact) == AF_INET && !fact->route.replace));
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

static bool is_in(const struct edit *run, size_t n, const struct edit *e)
{
	for (size_t i = 0; i < n; i++)
		if (edit_same_object(&run[i], e))
			return true;
	return false;
}

// Are those that are there in order? Others between them are of no concern.
static bool in_order(const struct edit *run, size_t n, const struct inventory *now)
{
	size_t at = 0;
	for (size_t i = 0; i < now->n; i++) {
		if (!edit_same_key(&now->edits[i], run) || !is_in(run, n, &now->edits[i]))
			continue;
		while (at < n && !edit_same_object(&run[at], &now->edits[i]))
			at++;
		if (at++ == n)
			return false;
	}
	return true;
}

static int append(struct changer *c, const struct edit *e)
{
	struct edit add = *e;
	if (add.kind == EDIT_ROUTE)
		add.route.append = true;
	else
		add.rule.append = true;
	int rc = edit_apply_anew(c, &add);
	return rc == -EEXIST ? 0 : rc;
}

static int take_away(struct changer *c, const struct edit *e)
{
	struct edit del = edit_deletion(e);
	int rc = edit_apply(c, &del);
	return rc == -ESRCH || rc == -ENOENT ? 0 : rc;
}

// A rule can be there twice, so each is made at the end before the first one goes; of routes, one after the other is moved there.
// A deletion takes the first that fits: of rules, that one itself.
static int to_end(struct changer *c, const struct edit *e)
{
	int rc = e->kind == EDIT_ROUTE ? take_away(c, e) : 0;
	return rc ? rc : append(c, e);
}

// What somebody else has put there since comes behind, and stays as it is among itself.
static int sort(struct changer *c, const struct edit *run, size_t n, const struct inventory *now)
{
	int rc = 0;
	for (size_t i = 0; i < now->n; i++)
		if (edit_same_key(&now->edits[i], run) && now->edits[i].odd)
			return 0; // it could not be made anew
	for (size_t i = 0; i < n && rc == 0; i++)
		if (is_in(now->edits, now->n, &run[i]))
			rc = to_end(c, &run[i]);
	for (size_t i = 0; i < now->n && rc == 0; i++)
		if (edit_same_key(&now->edits[i], run) && !is_in(run, n, &now->edits[i]))
			rc = to_end(c, &now->edits[i]);
	for (size_t i = 0; i < now->n && rc == 0 && run->kind == EDIT_RULE; i++)
		if (edit_same_key(&now->edits[i], run))
			rc = take_away(c, &now->edits[i]);
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
