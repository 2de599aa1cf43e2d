// SPDX-License-Identifier: GPL-3.0-or-later
// Makes changes in the namespace of the calling thread and undoes them: the list for undo, the first state for
// reset, and on a host the journal. Whoever calls has asked the user before.
#ifndef BINDWALK_EDITOR_H
#define BINDWALK_EDITOR_H

#include "core/change/consent.h"

struct editor;

// With a journal (core/change/journal.h), editor_close() undoes what was not kept; after a crash the next start does.
// Without, the present state is what editor_reset() leads back to. 0, or -errno with a sentence in err: an unwritable
// journal means that nothing may be changed.
int editor_open(struct editor **out, bool journal, char *err, size_t errlen);
// With a journal, undoes first what was not kept: 0, or -errno with a sentence in err on what stayed. NULL is fine.
int editor_close(struct editor *e, char *err, size_t errlen);

// Of a lab: goes to the namespace of the calling thread. Its state is what a reset leads back to, and there is nothing
// to undo. 0, or -errno with a sentence in err, and it stays where it is.
int editor_move(struct editor *e, char *err, size_t errlen);

// Closes without undoing anything: what is not kept is offered again by the next start.
void editor_leave(struct editor *e);

// Takes over what processes that are gone left changed in this namespace: it is at the front of the list for undo. How
// many changes, with a sentence in err on a journal that can't be used ("" for none); or -errno with a sentence.
int editor_recover(struct editor *e, edit_reader *read, char *err, size_t errlen);

// Without a journal nobody is asked. With one, no change is made that this function has not agreed to; none is made
// before it is set.
void editor_ask(struct editor *e, editor_confirm *confirm, void *data);
// May it be kept or undone? For who is about to call editor_keep() or editor_undo() because somebody said so.
bool editor_agreed(struct editor *e, enum editor_act act);

// Makes one change; of a deletion of a route or rule, that of the very one which the kernel takes for it. -ECANCELED
// when it was not confirmed. 0, or -errno with a sentence in err (with the kernel's own words), and nothing has
// changed. A state that is so already counts as no change and no error.
int editor_make(struct editor *e, const struct edit *edit, char *err, size_t errlen);
// The last change belongs to the one before it: one undo reverts both.
void editor_join(struct editor *e);
// What was changed cannot be undone from now on; without a journal, reset leads back to here as well. Changes made
// before an error stay. 0, or -errno with a sentence in err.
int editor_keep(struct editor *e, char *err, size_t errlen);

// Is this a host's namespace, where each change has to be confirmed?
bool editor_has_journal(const struct editor *e);
// How many changes can be undone.
size_t editor_count(const struct editor *e);
// Change n, from 0 the oldest.
const struct edit *editor_at(const struct editor *e, size_t n);
// What undoing it will run, in order, as far as it is still needed.
const struct inventory *editor_back(const struct editor *e, size_t n);

#endif
