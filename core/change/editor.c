// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/editor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/change/edit_apply.h"
#include "core/change/edit_inverse.h"
#include "core/change/editor_impl.h"
#include "core/change/editor_undo.h"
#include "core/change/inventory_read.h"
#include "core/change/journal_left.h"
#include "core/model/fail.h"
#include "core/text/visible.h"

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
	else if (rc == 0 && (rc = inventory_read(&e->first, INVENTORY_ALL, NULL, NULL)) < 0)
		fail(rc, err, errlen, "cannot read the namespace: %s", strerror(-rc));
	if (rc < 0) {
		editor_leave(e);
		return rc;
	}
	*out = e;
	return 0;
}

void editor_leave(struct editor *e)
{
	if (!e)
		return;
	editor_forget(e);
	free(e->made);
	inventory_free(&e->first);
	for (size_t i = 0; i < e->nadopted; i++)
		journal_close(e->adopted[i]);
	free(e->adopted);
	journal_close(e->journal);
	change_close(e->changer);
	free(e);
}

int editor_move(struct editor *e, char *err, size_t errlen)
{
	struct editor *fresh;
	int rc = editor_open(&fresh, false, err, errlen);
	if (rc < 0)
		return rc;
	struct editor old = *e;
	*e = *fresh;
	e->confirm = old.confirm;
	e->confirm_data = old.confirm_data;
	*fresh = old;
	editor_leave(fresh);
	return 0;
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

static enum editor_consent consent(struct editor *e, enum editor_act act, const struct edit *edit)
{
	return e->confirm ? e->confirm(act, edit, e->confirm_data) : EDITOR_NO;
}

bool editor_agreed(struct editor *e, enum editor_act act)
{
	return !e->journal || consent(e, act, NULL) != EDITOR_NO;
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

// A journal_taker.
static int adopt(void *data, struct journal *j)
{
	struct editor *e = data;
	struct journal **more = realloc(e->adopted, (e->nadopted + 1) * sizeof *more);
	if (!more) {
		journal_close(j);
		return -ENOMEM;
	}
	e->adopted = more;
	e->adopted[e->nadopted++] = j;
	for (size_t i = 0; journal_at(j, i); i++) {
		struct journal_change *c = journal_at(j, i);
		struct made *m = new_made(e);
		if (!m)
			return -ENOMEM;
		*m = (struct made){.edit = c->edit, .back = c->back, .journal = j, .number = c->number};
		c->back = (struct inventory){0};
		e->n++;
	}
	return 0;
}

int editor_recover(struct editor *e, edit_reader *read, char *err, size_t errlen)
{
	size_t before = e->n;
	int rc = journal_adopt(adopt, e, read, err, errlen);
	return rc < 0 ? rc : (int)(e->n - before);
}

// Where the kernel's answer to a change got lost, the namespace itself says whether it was made. True when it may be.
static bool may_be_made(const struct editor *e, const struct edit *edit)
{
	struct inventory after;
	if (edit->kind == EDIT_SYSCTL || change_answered(e->changer))
		return false;
	if (inventory_read_around(&after, edit) < 0)
		return true;
	bool made = inventory_holds(&after, edit);
	inventory_free(&after);
	return made;
}

static int read_around(struct inventory *now, const struct edit *edit, char *err, size_t errlen)
{
	int rc = inventory_read_around(now, edit);
	return rc < 0 ? fail(rc, err, errlen, "cannot read the current state: %s", strerror(-rc)) : 0;
}

// No line of a journal, as no command, may have what can't be seen, which a name can have.
static bool can_be_written(const struct edit *e)
{
	char text[EDIT_TEXT];
	size_t len = strlen(edit_print(e, text, sizeof text));
	return visible_span(text, len) == len;
}

// What the next start would not believe in a journal is not made.
static int find_way_back(const struct inventory *now, struct made *m, char *err, size_t errlen)
{
	char text[EDIT_TEXT];
	int rc = edit_inverse(now, &m->edit, &m->back, err, errlen);
	bool written = rc == 0 && can_be_written(&m->edit) && edit_is_undone_by(&m->edit, &m->back);
	for (size_t i = 0; i < m->back.n; i++)
		written &= can_be_written(&m->back.edits[i]);
	if (rc == 0 && !written)
		rc = fail(-EOPNOTSUPP, err, errlen,
			  "%.160s: only in a lab, because its undo cannot be written to the journal",
			  edit_shell(&m->edit, text, sizeof text));
	return rc;
}

// The very change that is made here and now, its way back, and consent to it. While a question was open the host may
// have become another: what is made is what was asked about, and leads back to what was there last.
static int agree_on(struct editor *e, const struct edit *given, struct made *m, char *err, size_t errlen)
{
	char text[EDIT_TEXT], agreed[EDIT_TEXT] = "";
	for (;;) {
		struct inventory now;
		int rc = read_around(&now, given, err, errlen);
		if (rc < 0)
			return rc;
		inventory_free(&m->back);
		m->edit = *given;
		rc = find_way_back(&now, m, err, errlen);
		inventory_free(&now);
		if (rc < 0 || strcmp(edit_shell(&m->edit, text, sizeof text), agreed) == 0)
			return rc;
		enum editor_consent said = consent(e, EDITOR_MAKE, &m->edit);
		if (said == EDITOR_NO)
			return fail(-ECANCELED, err, errlen, "not confirmed; nothing was changed");
		if (said == EDITOR_YES)
			return 0;
		memcpy(agreed, text, sizeof agreed);
	}
}

static int make_on_host(struct editor *e, const struct edit *given, struct made *m, char *err, size_t errlen)
{
	int rc = agree_on(e, given, m, err, errlen);
	if (rc < 0)
		return rc;
	m->journal = e->journal;
	rc = journal_begin(e->journal, &m->edit, &m->back);
	if (rc < 0)
		return fail(rc, err, errlen, "cannot write %s, so nothing was changed: %s", journal_path(e->journal),
			    strerror(-rc));
	m->number = (unsigned)rc;
	rc = edit_apply(e->changer, &m->edit);
	if (rc < 0 && may_be_made(e, &m->edit)) {
		rc = 0; // to be undone in any case
	} else if (rc < 0) {
		editor_refused(e, rc, &m->edit, err, errlen);
		journal_end(e->journal, m->number, "failed");
	}
	return rc;
}

// The kernel itself refuses what can't be done, in its own words.
static int apply_in_lab(struct editor *e, const struct inventory *before, struct made *m, char *err, size_t errlen)
{
	const struct edit given = m->edit;
	struct inventory after;
	int rc = edit_check(before, &given, err, errlen);
	if (rc < 0)
		return rc;
	rc = edit_apply(e->changer, &given);
	if (rc < 0 && !may_be_made(e, &given))
		return editor_refused(e, rc, &given, err, errlen);
	rc = inventory_read_around(&after, &given);
	if (rc == 0)
		rc = edit_way_back(before, &after, &m->edit, &m->back);
	inventory_free(&after);
	return rc < 0 ? fail(rc, err, errlen, "the change was made, but cannot be undone: %s", strerror(-rc)) : 0;
}

static int make_in_lab(struct editor *e, const struct edit *given, struct made *m, char *err, size_t errlen)
{
	struct inventory before;
	int rc = read_around(&before, given, err, errlen);
	if (rc < 0)
		return rc;
	m->edit = *given;
	rc = apply_in_lab(e, &before, m, err, errlen);
	inventory_free(&before);
	return rc;
}

int editor_make(struct editor *e, const struct edit *edit, char *err, size_t errlen)
{
	struct made *m = new_made(e);
	if (!m)
		return fail(-ENOMEM, err, errlen, "out of memory");
	int rc = e->journal ? make_on_host(e, edit, m, err, errlen) : make_in_lab(e, edit, m, err, errlen);
	if (rc == 0 && m->back.n > 0)
		e->n++;
	else
		inventory_free(&m->back);
	return rc == -EALREADY ? 0 : rc;
}

void editor_join(struct editor *e)
{
	if (e->n > 1)
		e->made[e->n - 1].joined = true;
}

// What reset leads back to is the present state from now on.
static int keep_in_lab(struct editor *e, char *err, size_t errlen)
{
	struct inventory now;
	int rc = inventory_read(&now, INVENTORY_ALL, NULL, NULL);
	if (rc < 0)
		return fail(rc, err, errlen, "cannot read the namespace: %s", strerror(-rc));
	inventory_free(&e->first);
	e->first = now;
	editor_forget(e);
	return 0;
}

int editor_keep(struct editor *e, char *err, size_t errlen)
{
	if (!e->journal && !e->nadopted)
		return keep_in_lab(e, err, errlen);
	int rc = e->journal ? journal_keep(e->journal) : 0;
	for (size_t i = 0; i < e->nadopted && rc == 0; i++)
		rc = journal_keep(e->adopted[i]);
	if (rc < 0)
		return fail(rc, err, errlen, "cannot write the undo journal: %s", strerror(-rc));
	editor_forget(e);
	return 0;
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

const struct inventory *editor_back(const struct editor *e, size_t n)
{
	return n < e->n ? &e->made[n].back : NULL;
}
