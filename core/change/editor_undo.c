// SPDX-License-Identifier: GPL-3.0-or-later
// Taking back what the editor made.
#include "core/change/editor_undo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/change/edit_apply.h"
#include "core/change/editor_impl.h"
#include "core/change/inventory_read.h"
#include "core/change/route_order.h"
#include "core/model/fail.h"

// Of no weight: what was to be made is there, or what was to be taken away is gone.
static bool is_there_already(int rc, const struct edit *edit)
{
	return edit->add ? rc == -EEXIST : rc == -ESRCH || rc == -EADDRNOTAVAIL || rc == -ENODEV || rc == -ENOENT;
}

int editor_make_all(struct editor *e, const struct inventory *now, const struct inventory *wanted, char *err,
		    size_t errlen)
{
	bool *done = calloc(wanted->n + 1, sizeof *done);
	int rc = done ? 0 : fail(-ENOMEM, err, errlen, "out of memory");
	for (size_t i = 0; i < wanted->n && done; i++)
		done[i] = now && inventory_is_back(now, &wanted->edits[i]);
	for (bool again = done != NULL; again;) {
		again = false;
		rc = 0;
		for (size_t i = 0; i < wanted->n; i++) {
			struct edit step = wanted->edits[i];
			if (step.kind == EDIT_ROUTE && step.add && !step.route.replace)
				step.route.append = true;
			else if (step.kind == EDIT_RULE)
				step.rule.append = true;
			int one = done[i] ? 0 : edit_apply(e->changer, &step);
			if (one == 0 || is_there_already(one, &step)) {
				again |= !done[i];
				done[i] = true;
			} else if (rc == 0) {
				rc = editor_refused(e, one, &wanted->edits[i], err, errlen);
			}
		}
		again = again && rc < 0;
	}
	free(done);
	return rc;
}

// How many parts of the state before are not there; *first is one of them.
static size_t count_lost(const struct inventory *now, const struct inventory *back, const struct edit **first)
{
	size_t n = 0;
	for (size_t i = 0; i < back->n; i++)
		if (!inventory_is_back(now, &back->edits[i]) && n++ == 0)
			*first = &back->edits[i];
	return n;
}

static int still_lost(int rc, size_t n, const struct edit *first, char *err, size_t errlen)
{
	char text[EDIT_TEXT], why[EDIT_ERROR];
	if (rc < 0)
		snprintf(why, sizeof why, "%.200s", err);
	else
		snprintf(why, sizeof why, "not as it was before: %.200s", edit_shell(first, text, sizeof text));
	if (n > 1)
		return fail(rc < 0 ? rc : -EIO, err, errlen, "%.200s (and %zu more)", why, n - 1);
	return fail(rc < 0 ? rc : -EIO, err, errlen, "%s", why);
}

// Makes the state before again, and looks if it is that: one step may spoil what was there before it, as a sysctl that spreads
// does, and what the kernel makes along comes a moment later.
static int restore(struct editor *e, const struct made *m, char *err, size_t errlen)
{
	int rc = 0;
	for (int round = 0, waits = 0;; round++) {
		struct inventory now;
		const struct edit *first = NULL;
		int read = inventory_read_around(&now, &m->edit, &m->back);
		if (read < 0)
			return fail(read, err, errlen, "the present state can't be read: %s", strerror(-read));
		size_t lost = count_lost(&now, &m->back, &first);
		if (lost > 0 && round < ROUNDS)
			rc = editor_make_all(e, &now, &m->back, err, errlen);
		else if (lost > 0 && rc == 0 && waits++ < WAITS)
			nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
		else if (lost > 0)
			rc = still_lost(rc, lost, first, err, errlen);
		inventory_free(&now);
		if (lost == 0)
			break;
		if (rc < 0 && (round >= ROUNDS))
			return rc;
	}
	rc = route_order_restore(e->changer, &m->back);
	return rc < 0 ? fail(rc, err, errlen, "the order of routes or rules is not as before: %s", strerror(-rc)) : 0;
}

// Is the state what the change made of it?
static bool is_ours(const struct made *m, const struct inventory *now, const struct edit *own)
{
	if (m->edit.add || edit_is_state(&m->edit))
		return inventory_holds(now, &m->edit);
	return own && !inventory_is_back(now, own); // what it took may not have been the only one that fits
}

// Takes number i back. 1, 0 when somebody else got there first (with a sentence), or -errno.
static int undo_at(struct editor *e, size_t i, char *err, size_t errlen)
{
	struct made *m = &e->made[i];
	struct inventory now;
	const struct edit *first;
	char text[EDIT_TEXT];
	int rc = inventory_read_around(&now, &m->edit, &m->back);
	if (rc < 0)
		return fail(rc, err, errlen, "the present state can't be read: %s", strerror(-rc));
	bool thing = !m->edit.add && !edit_is_state(&m->edit);
	const struct edit *own = thing ? inventory_find(&m->back, &m->edit) : m->back.edits;
	// Somebody may have taken back the change itself, and not what went along with it.
	bool ours = m->half || is_ours(m, &now, own) ||
		    (own && inventory_is_back(&now, own) && count_lost(&now, &m->back, &first) > 0);
	inventory_free(&now);
	if (ours) {
		if (m->journal)
			journal_mark(m->journal, m->number, "undoing");
		m->half = true;
		rc = restore(e, m, err, errlen);
	} else if (!m->perhaps) {
		fail(0, err, errlen, "left alone, since it is no longer as it was made: %.160s",
		     edit_shell(&m->edit, text, sizeof text));
	}
	if (rc < 0)
		return rc;
	if (m->journal)
		journal_mark(m->journal, m->number, "undone");
	inventory_free(&m->back);
	memmove(m, m + 1, (e->n - i - 1) * sizeof *m);
	e->n--;
	return ours;
}

int editor_undo(struct editor *e, bool all, char *err, size_t errlen)
{
	char why[EDIT_ERROR] = "";
	int count = 0, failed = 0;
	size_t at = e->n;
	if (errlen)
		err[0] = '\0';
	if (e->n == 0)
		return fail(-ENODATA, err, errlen, "nothing was changed that could be taken back");
	do { // one that fails, as on an interface that is gone, does not keep those before it
		int rc = undo_at(e, --at, why, sizeof why);
		if (why[0] && (rc < 0 ? !failed : !err[0]))
			snprintf(err, errlen, "%s", why);
		if (rc < 0 && !failed)
			failed = rc;
		count += rc > 0;
		why[0] = '\0';
	} while (all && at > 0);
	return failed ? failed : count;
}
