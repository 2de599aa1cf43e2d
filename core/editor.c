// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/editor.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "core/journal.h"
#include "core/order.h"

enum {
	ROUNDS = 5, // a change may bring others about: read again, at most so often
	WAITS = 10, // what the kernel makes along with an interface or address comes a moment later
	WAIT_NS = 5000000
};

struct made {
	struct edit edit;
	struct scene back;
	struct journal *journal; // NULL in a lab
	unsigned number;
	bool half;    // taking it back was begun before
	bool perhaps; // nobody knows if it was made
};

struct editor {
	struct changer *changer;
	struct journal *journal;  // NULL in a lab
	struct journal **adopted; // of processes that are gone
	size_t nadopted;
	struct scene first; // in a lab
	editor_confirm *confirm;
	void *confirm_data;
	struct made *made;
	size_t n, cap;
};

__attribute__((format(printf, 4, 5))) static int fail(int rc, char *err, size_t errlen, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(err, errlen, fmt, args);
	va_end(args);
	return rc;
}

static int refused(struct editor *e, int rc, const struct edit *edit, char *err, size_t errlen)
{
	char text[EDIT_TEXT];
	const char *why = edit->kind == EDIT_SYSCTL ? "" : change_why(e->changer);
	return fail(rc, err, errlen, "%.160s: %s%s%s", edit_shell(edit, text, sizeof text), strerror(-rc),
		    *why ? ": " : "", why);
}

int editor_open(struct editor **out, bool journal, char *err, size_t errlen)
{
	*out = NULL;
	struct editor *e = calloc(1, sizeof *e);
	if (!e)
		return fail(-ENOMEM, err, errlen, "out of memory");
	int rc = change_open(&e->changer);
	if (rc < 0)
		fail(rc, err, errlen, "no netlink socket: %s", strerror(-rc));
	if (rc == 0 && journal)
		rc = journal_open(&e->journal, err, errlen);
	else if (rc == 0 && (rc = scene_read(&e->first, SCENE_ALL, NULL, NULL)) < 0)
		fail(rc, err, errlen, "the namespace can't be read: %s", strerror(-rc));
	if (rc < 0) {
		editor_leave(e);
		return rc;
	}
	*out = e;
	return 0;
}

static void forget(struct editor *e)
{
	for (size_t i = 0; i < e->n; i++)
		scene_free(&e->made[i].back);
	e->n = 0;
}

void editor_leave(struct editor *e)
{
	if (!e)
		return;
	forget(e);
	free(e->made);
	scene_free(&e->first);
	for (size_t i = 0; i < e->nadopted; i++)
		journal_close(e->adopted[i]);
	free(e->adopted);
	journal_close(e->journal);
	change_close(e->changer);
	free(e);
}

int editor_close(struct editor *e, char *err, size_t errlen)
{
	int rc = e && e->journal && e->n > 0 ? editor_undo(e, true, err, errlen) : 0;
	editor_leave(e);
	return rc < 0 ? rc : 0;
}

void editor_ask(struct editor *e, editor_confirm *confirm, void *data)
{
	e->confirm = confirm;
	e->confirm_data = data;
}

// Room for one more at the end; NULL when out of memory.
static struct made *new_made(struct editor *e)
{
	if (e->n == e->cap) {
		size_t cap = e->cap ? e->cap * 2 : 16;
		struct made *more = realloc(e->made, cap * sizeof *more);
		if (!more)
			return NULL;
		e->made = more;
		e->cap = cap;
	}
	e->made[e->n] = (struct made){0};
	return &e->made[e->n];
}

static int adopt(struct editor *e, struct journal *j)
{
	struct journal **more = realloc(e->adopted, (e->nadopted + 1) * sizeof *more);
	if (!more) {
		journal_close(j);
		return -ENOMEM;
	}
	e->adopted = more;
	e->adopted[e->nadopted++] = j;
	for (size_t i = 0; i < journal_count(j); i++) {
		const struct journal_change *c = journal_at(j, i);
		struct made *m = new_made(e);
		int rc = m ? 0 : -ENOMEM;
		for (size_t k = 0; k < c->back.n && rc == 0; k++)
			rc = scene_add(&m->back, &c->back.edits[k]);
		if (rc < 0) {
			if (m)
				scene_free(&m->back);
			return rc;
		}
		m->edit = c->edit;
		m->journal = j;
		m->number = c->number;
		m->half = c->state == JOURNAL_UNDOING;
		m->perhaps = c->state == JOURNAL_READY;
		e->n++;
	}
	return 0;
}

int editor_recover(struct editor *e, char *err, size_t errlen)
{
	size_t before = e->n;
	struct journal *j;
	int rc;
	while ((rc = journal_adopt(&j, err, errlen)) == 0)
		if ((rc = adopt(e, j)) < 0)
			return fail(rc, err, errlen, "out of memory");
	return rc == -ENOENT ? (int)(e->n - before) : rc;
}

int editor_make(struct editor *e, const struct edit *given, char *err, size_t errlen)
{
	struct edit exact = *given;
	const struct edit *edit = &exact;
	struct scene now;
	if (e->journal && edit->kind == EDIT_LINK && !edit->add)
		return fail(-EOPNOTSUPP, err, errlen,
			    "%s can't be deleted here: it could not be brought back with all that it has", edit->dev);
	int rc = scene_read_around(&now, given, NULL);
	if (rc < 0)
		return fail(rc, err, errlen, "the present state can't be read: %s", strerror(-rc));
	scene_resolve(&now, &exact);
	struct made *m = new_made(e);
	rc = m ? scene_inverse(&now, edit, &m->back, err, errlen) : fail(-ENOMEM, err, errlen, "out of memory");
	scene_free(&now);
	if (rc == -EALREADY || rc == -EOPNOTSUPP)
		goto drop;
	// In a lab the kernel may refuse in its own words what can't be: nothing is lost by asking it.
	if (rc == -EEXIST || rc == -ENOENT)
		rc = e->journal ? rc : 0;
	if (rc < 0)
		goto drop;
	m->edit = *edit;
	if (e->journal && !(e->confirm && e->confirm(edit, e->confirm_data))) {
		rc = fail(-ECANCELED, err, errlen, "not confirmed, so nothing is changed");
		goto drop;
	}
	if (e->journal) {
		m->journal = e->journal;
		rc = journal_begin(e->journal, edit, &m->back);
		if (rc < 0) {
			fail(rc, err, errlen, "%s can't be written, so nothing is changed: %s",
			     journal_path(e->journal), strerror(-rc));
			goto drop;
		}
		m->number = (unsigned)rc;
	}
	rc = edit_apply(e->changer, edit);
	if (rc < 0)
		refused(e, rc, edit, err, errlen);
	if (e->journal)
		journal_mark(e->journal, m->number, rc < 0 ? "failed" : "done");
	if (rc < 0)
		goto drop;
	e->n++;
	return 0;
drop:
	if (m)
		scene_free(&m->back);
	return rc == -EALREADY ? 0 : rc;
}

// Of no weight: what was to be made is there, or what was to be taken away is gone.
static bool is_there_already(int rc, const struct edit *edit)
{
	return edit->add ? rc == -EEXIST : rc == -ESRCH || rc == -EADDRNOTAVAIL || rc == -ENODEV || rc == -ENOENT;
}

// Makes what does not hold yet, in order; what needs something that comes later gets another turn. A route never takes the place
// of one with its key.
static int make_all(struct editor *e, const struct scene *now, const struct scene *wanted, char *err, size_t errlen)
{
	bool *done = calloc(wanted->n + 1, sizeof *done);
	int rc = done ? 0 : fail(-ENOMEM, err, errlen, "out of memory");
	for (size_t i = 0; i < wanted->n && done; i++)
		done[i] = now && scene_is_back(now, &wanted->edits[i]);
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
				rc = refused(e, one, &wanted->edits[i], err, errlen);
			}
		}
		again = again && rc < 0;
	}
	free(done);
	return rc;
}

// How many parts of the state before are not there; *first is one of them.
static size_t count_lost(const struct scene *now, const struct scene *back, const struct edit **first)
{
	size_t n = 0;
	for (size_t i = 0; i < back->n; i++)
		if (!scene_is_back(now, &back->edits[i]) && n++ == 0)
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
		struct scene now;
		const struct edit *first = NULL;
		int read = scene_read_around(&now, &m->edit, &m->back);
		if (read < 0)
			return fail(read, err, errlen, "the present state can't be read: %s", strerror(-read));
		size_t lost = count_lost(&now, &m->back, &first);
		if (lost > 0 && round < ROUNDS)
			rc = make_all(e, &now, &m->back, err, errlen);
		else if (lost > 0 && rc == 0 && waits++ < WAITS)
			nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
		else if (lost > 0)
			rc = still_lost(rc, lost, first, err, errlen);
		scene_free(&now);
		if (lost == 0)
			break;
		if (rc < 0 && (round >= ROUNDS))
			return rc;
	}
	rc = order_restore(e->changer, &m->back);
	return rc < 0 ? fail(rc, err, errlen, "the order of routes or rules is not as before: %s", strerror(-rc)) : 0;
}

// Is the state what the change made of it?
static bool is_ours(const struct made *m, const struct scene *now, const struct edit *own)
{
	if (m->edit.add || edit_is_state(&m->edit))
		return scene_holds(now, &m->edit);
	return own && !scene_is_back(now, own); // what it took may not have been the only one that fits
}

// Takes number i back. 1, 0 when somebody else got there first (with a sentence), or -errno.
static int undo_at(struct editor *e, size_t i, char *err, size_t errlen)
{
	struct made *m = &e->made[i];
	struct scene now;
	const struct edit *first;
	char text[EDIT_TEXT];
	int rc = scene_read_around(&now, &m->edit, &m->back);
	if (rc < 0)
		return fail(rc, err, errlen, "the present state can't be read: %s", strerror(-rc));
	bool thing = !m->edit.add && !edit_is_state(&m->edit);
	const struct edit *own = thing ? scene_find(&m->back, &m->edit) : m->back.edits;
	// Somebody may have taken back the change itself, and not what went along with it.
	bool ours = m->half || is_ours(m, &now, own) ||
		    (own && scene_is_back(&now, own) && count_lost(&now, &m->back, &first) > 0);
	scene_free(&now);
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
	scene_free(&m->back);
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

int editor_keep(struct editor *e, char *err, size_t errlen)
{
	int rc = e->journal ? journal_keep(e->journal) : 0;
	for (size_t i = 0; i < e->nadopted && rc == 0; i++)
		rc = journal_keep(e->adopted[i]);
	if (rc < 0)
		return fail(rc, err, errlen, "the undo journal can't be written: %s", strerror(-rc));
	forget(e);
	return 0;
}

// The kernel makes none in the table main for its own ::1, but for one that comes by hand.
static bool is_route_of_loopback(const struct edit *e)
{
	static const struct addr loopback = {AF_INET6, {[15] = 1}};
	return e->kind == EDIT_ROUTE && e->route.table == RT_TABLE_MAIN && addr_equal(&e->route.dst.addr, &loopback);
}

// Of what the kernel made since, only addresses are ours to take away: its routes go with them, and its rule for VRFs comes once.
static void leave_to_kernel(struct scene *steps)
{
	size_t kept = 0;
	for (size_t i = 0; i < steps->n; i++)
		if (steps->edits[i].add || !steps->edits[i].by_kernel || steps->edits[i].kind == EDIT_ADDR ||
		    is_route_of_loopback(&steps->edits[i]))
			steps->edits[kept++] = steps->edits[i];
	steps->n = kept;
}

static bool only_by_kernel(const struct scene *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (!steps->edits[i].by_kernel)
			return false;
	return true;
}

// Does making these have the kernel make routes?
static bool moves_kernel(const struct scene *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->edits[i].kind != EDIT_ROUTE && steps->edits[i].kind != EDIT_RULE)
			return true;
	return false;
}

static const struct edit *address_of(const struct scene *s, const struct edit *route)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->edits[i].kind == EDIT_ADDR && strcmp(s->edits[i].dev, route->dev) == 0 &&
		    addr_equal(&s->edits[i].addr.addr, &route->route.dst.addr))
			return &s->edits[i];
	return NULL;
}

// An address's own IPv6 route has metric 0, which nobody but the kernel can give it: the address comes anew.
static int make_as_kernel(struct scene *steps, const struct scene *first)
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
			rc = scene_add(steps, address);
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
		struct scene now, steps = {0};
		rc = scene_read(&now, SCENE_ALL, NULL, NULL);
		if (rc < 0)
			return fail(rc, err, errlen, "the lab can't be read: %s", strerror(-rc));
		// What the kernel makes by itself comes back by itself, most of it.
		rc = scene_difference(&now, &e->first, round > 0 ? SCENE_LOST | SCENE_NEW : SCENE_OURS, &steps);
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
			last = rc = rc ? rc : make_all(e, NULL, &steps, err, errlen);
		}
		scene_free(&steps);
		scene_free(&now);
		if (left == 0 && round > 0)
			break;
	}
	if (rc == 0 && text[0])
		rc = last < 0 ? last : fail(-EIO, err, errlen, "not as it was at first: %.200s", text);
	if (rc == 0 && (rc = order_restore(e->changer, &e->first)) < 0)
		fail(rc, err, errlen, "the order of routes or rules is not as before: %s", strerror(-rc));
	if (rc == 0)
		forget(e);
	if (rc == 0 && errlen)
		err[0] = '\0'; // what failed at first came right later
	return rc;
}

bool editor_has_journal(const struct editor *e)
{
	return e->journal != NULL;
}

size_t editor_count(const struct editor *e)
{
	return e->n;
}

const struct edit *editor_at(const struct editor *e, size_t n)
{
	return n < e->n ? &e->made[n].edit : NULL;
}
