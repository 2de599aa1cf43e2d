// SPDX-License-Identifier: GPL-3.0-or-later
// Undo and reset: make the missing steps, look again, and stop when none is missing.
#include "core/change/editor_undo.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "core/change/edit_apply.h"
#include "core/change/editor_impl.h"
#include "core/change/inventory_read.h"
#include "core/change/route_order.h"
#include "core/model/fail.h"

enum {
	ROUNDS = 5, // a step may undo an earlier one, as a sysctl that spreads does: how often to look again
	WAITS = 10, // what the kernel makes along with an interface or address comes a moment later
	WAIT_NS = 5000000
};

// It is there, or gone, as wanted.
static bool is_there_already(int rc, const struct edit *edit)
{
	return edit->add ? rc == -EEXIST : rc == -ESRCH || rc == -EADDRNOTAVAIL || rc == -ENODEV || rc == -ENOENT;
}

static int make_step(struct editor *e, const struct edit *wanted)
{
	static const struct edit_route brought = {.dst = {{AF_INET6, {[15] = 1}}, 128},
						  .type = RTN_UNICAST,
						  .table = RT_TABLE_MAIN,
						  .metric = 256,
						  .protocol = RTPROT_KERNEL};
	struct edit step = *wanted;
	if (step.odd && step.add)
		return -EOPNOTSUPP; // it would come back without that property
	// A route never replaces one with its key.
	if (step.kind == EDIT_ROUTE)
		step.route.append = step.add && !step.route.replace;
	else if (step.kind == EDIT_RULE)
		step.rule.append = true;
	int rc = edit_apply(e->changer, &step);
	// The kernel's own ::1 lacks the route that comes with one of ours.
	if (rc == 0 && step.kind == EDIT_ADDR && step.add && addr_equal(&step.addr.addr, &brought.dst.addr))
		change_route(e->changer, false, step.dev, &brought);
	return rc;
}

// Makes them in order; a step that needs a later one gets another turn. 0, or -errno with a sentence in err.
static int make_all(struct editor *e, const struct inventory *steps, char *err, size_t errlen)
{
	bool *done = calloc(steps->n + 1, sizeof *done);
	int rc = done ? 0 : fail(-ENOMEM, err, errlen, "out of memory");
	for (bool again = done != NULL; again;) {
		again = false;
		rc = 0;
		for (size_t i = 0; i < steps->n; i++) {
			int one = done[i] ? 0 : make_step(e, &steps->edits[i]);
			if (one == 0 || is_there_already(one, &steps->edits[i])) {
				again |= !done[i];
				done[i] = true;
			} else if (rc == 0) {
				rc = editor_refused(e, one, &steps->edits[i], err, errlen);
			}
		}
		again = again && rc < 0;
	}
	free(done);
	return rc;
}

// The IPv6 route of an address has metric 0, which only the kernel can give it: add the address again.
static int make_as_kernel(struct inventory *steps, const struct inventory *now)
{
	int rc = 0;
	for (size_t i = 0, n = steps->n; i < n && rc == 0; i++) {
		struct edit *s = &steps->edits[i];
		bool own = s->kind == EDIT_ROUTE && s->add && edit_family(s) == AF_INET6 && s->by_kernel &&
			   s->route.type == RTN_LOCAL;
		for (size_t k = 0; k < now->n && own; k++) {
			const struct edit *a = &now->edits[k];
			if (a->kind != EDIT_ADDR || strcmp(a->dev, s->dev) != 0 ||
			    !addr_equal(&a->addr.addr, &s->route.dst.addr))
				continue;
			*s = edit_deletion(a);
			rc = inventory_add(steps, a);
			break;
		}
	}
	return rc;
}

// The steps to the state before m, or to the first one (NULL). On the first look the kernel's own are left out: most of
// them come back on their own.
static int read_steps(struct editor *e, const struct made *m, bool first, struct inventory *now,
		      struct inventory *steps)
{
	struct inventory all = {0};
	size_t hint = 0;
	int rc = m ? inventory_read_objects(now, &m->edit, &m->back) : inventory_read(now, INVENTORY_ALL, NULL, NULL);
	if (rc == 0 && !m)
		rc = inventory_difference(now, &e->first, INVENTORY_LOST | INVENTORY_NEW, &all);
	const struct inventory *from = m ? &m->back : &all;
	for (size_t i = 0; i < from->n && rc == 0; i++) {
		const struct edit *s = &from->edits[i];
		// Of what the kernel has made since, we remove only addresses: its routes go with them, and its rule
		// for VRFs comes only once.
		bool left = s->by_kernel && (first || (!s->add && s->kind != EDIT_ADDR));
		if (!left && !(m && inventory_is_back(now, s, &hint)))
			rc = inventory_add(steps, s);
	}
	inventory_free(&all);
	if (rc < 0)
		inventory_free(now);
	return rc;
}

static size_t count_ours(const struct inventory *steps)
{
	size_t n = 0;
	for (size_t i = 0; i < steps->n; i++)
		n += !steps->edits[i].by_kernel;
	return n;
}

// Will the kernel make routes of its own after these steps?
static bool moves_kernel(const struct inventory *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->edits[i].kind != EDIT_ROUTE && steps->edits[i].kind != EDIT_RULE)
			return true;
	return false;
}

static int still_lost(int rc, const struct made *m, const struct inventory *steps, char *err, size_t errlen)
{
	char text[EDIT_TEXT], why[EDIT_ERROR], more[40] = "";
	size_t i = 0;
	while (i + 1 < steps->n && steps->edits[i].by_kernel)
		i++;
	edit_shell(&steps->edits[i], text, sizeof text);
	if (steps->n > 1)
		snprintf(more, sizeof more, " (and %zu more)", steps->n - 1);
	snprintf(why, sizeof why, "%s", err);
	if (rc < 0)
		return fail(rc, err, errlen, "%.200s%s", why, more);
	return fail(-EIO, err, errlen, "could not restore the %s state: %.180s%s", m ? "earlier" : "initial", text,
		    more);
}

// To the state before m, or to the first one (NULL).
static int go_back(struct editor *e, const struct made *m, char *err, size_t errlen)
{
	int rc = 0, last = 0, waits = 0;
	bool kernel_follows = false;
	for (int round = 0;;) {
		struct inventory now, steps = {0};
		rc = read_steps(e, m, round == 0, &now, &steps);
		if (rc < 0) {
			inventory_free(&steps);
			return fail(rc, err, errlen, "cannot read the current state: %s", strerror(-rc));
		}
		size_t ours = count_ours(&steps), left = steps.n;
		bool done = left == 0 && round > 0;
		bool wait = (kernel_follows && ours == 0) || (round == ROUNDS && last == 0);
		if (!done && wait && waits < WAITS) {
			waits++;
			nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
		} else if (!done && round < ROUNDS) {
			round++;
			waits = 0;
			last = make_as_kernel(&steps, &now);
			kernel_follows = moves_kernel(&steps);
			last = last ? last : make_all(e, &steps, err, errlen);
		} else {
			done = true;
			if (ours > 0 || (m && left > 0))
				rc = still_lost(last, m, &steps, err, errlen);
		}
		inventory_free(&steps);
		inventory_free(&now);
		if (done)
			break;
	}
	if (rc == 0 && (rc = route_order_restore(e->changer, m ? &m->back : &e->first)) < 0)
		fail(rc, err, errlen, "could not restore the order of routes or rules: %s", strerror(-rc));
	if (rc == 0 && errlen)
		err[0] = '\0'; // a step that failed at first succeeded later
	return rc;
}

// Is there something to undo, and is it ours? A state that is neither what we made nor what it was is somebody else's.
static int is_ours(const struct made *m, bool *theirs)
{
	struct inventory now;
	int rc = inventory_read_objects(&now, &m->edit, &m->back);
	if (rc < 0)
		return rc;
	const struct edit *own = inventory_find(&m->back, &m->edit);
	size_t hint = 0, lost = 0;
	for (size_t i = 0; i < m->back.n; i++)
		lost += !inventory_is_back(&now, &m->back.edits[i], &hint);
	*theirs = edit_is_state(&m->edit) && !inventory_holds(&now, &m->edit) && !(own && inventory_holds(&now, own));
	inventory_free(&now);
	return lost > 0 && !*theirs;
}

// Undoes number i. 1; 0 when nothing is left to undo or somebody else has changed it since (with a sentence); -errno.
static int undo_at(struct editor *e, size_t i, char *err, size_t errlen)
{
	struct made *m = &e->made[i];
	char text[EDIT_TEXT];
	bool theirs = false;
	int rc = 0, ours = is_ours(m, &theirs);
	if (ours < 0)
		return fail(ours, err, errlen, "cannot read the current state: %s", strerror(-ours));
	if (ours)
		rc = go_back(e, m, err, errlen);
	else if (theirs)
		fail(0, err, errlen, "not reverted: it has been changed since: %.160s",
		     edit_shell(&m->edit, text, sizeof text));
	if (rc < 0)
		return rc;
	if (m->journal)
		journal_end(m->journal, m->number, "undone");
	inventory_free(&m->back);
	memmove(m, m + 1, (e->n - i - 1) * sizeof *m);
	e->n--;
	return ours;
}

int editor_undo(struct editor *e, bool all, char *err, size_t errlen)
{
	char why[EDIT_ERROR] = "";
	int count = 0, failed = 0;
	bool joined;
	size_t at = e->n;
	if (errlen)
		err[0] = '\0';
	if (e->n == 0)
		return fail(-ENODATA, err, errlen, "there is nothing to undo");
	do { // one that fails, as on an interface that is gone, does not keep those before it
		joined = e->made[--at].joined;
		int rc = undo_at(e, at, why, sizeof why);
		if (why[0] && (rc < 0 ? !failed : !err[0]))
			snprintf(err, errlen, "%s", why);
		if (rc < 0)
			e->made[at].joined = false; // what it was joined to is undone
		if (rc < 0 && !failed)
			failed = rc;
		count += rc > 0;
		why[0] = '\0';
	} while ((all || joined) && at > 0);
	return failed ? failed : count;
}

int editor_reset(struct editor *e, char *err, size_t errlen)
{
	if (e->journal)
		return fail(-EPERM, err, errlen, "this is not a lab; undo all reverts the changes made from here");
	int rc = go_back(e, NULL, err, errlen);
	if (rc == 0)
		editor_forget(e);
	return rc;
}
