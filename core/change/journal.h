// SPDX-License-Identifier: GPL-3.0-or-later
// The undo journal of changes to a namespace that is not ours: a text file under $XDG_STATE_HOME/bindwalk, mode 0600,
// one for each process and namespace. Every record is on the disk before the change is made, in the words of the
// command language:
//
//   change 1 route add local 10.0.0.0/8 dev lo
//   back 1 route del local 10.0.0.0/8 dev lo
//   ready 1
//
// then "undone 1", or "failed 1" if the kernel refused, and "kept" for all before it. Whether a change that is ready
// was made shows in the namespace. The process holds a lock on its file; a file without one was left by a process that
// is gone.
#ifndef BINDWALK_JOURNAL_H
#define BINDWALK_JOURNAL_H

#include "core/change/inventory.h"

struct journal;

// One change that is still to be undone, and its way back, in order.
struct journal_change {
	unsigned number;
	struct edit edit;
	struct inventory back; // an adopter may move it out
};

// A new journal for the namespace of the calling thread. 0, or -errno with a sentence in err that names the path.
int journal_open(struct journal **out, char *err, size_t errlen);
// Takes over the next journal of this namespace that a process left behind, with what is still to be undone. 0; -ENOENT
// when there is none (left); -errno with a sentence in err. Journals of namespaces that are gone, and those without
// anything to undo, are removed on the way.
int journal_adopt(struct journal **out, edit_reader *read, char *err, size_t errlen);
// How many changes of this namespace are still to be undone, in journals that a process left behind. They stay as they
// are.
unsigned journal_left(edit_reader *read);
// Removes the file when nothing in it is left to undo. NULL is fine.
void journal_close(struct journal *j);

// The changes that are still to be undone, oldest first; only in an adopted journal do they have an edit and a way
// back. NULL at the end; valid until the next call with this journal.
struct journal_change *journal_at(struct journal *j, size_t n);
const char *journal_path(const struct journal *j);

// Writes a change down, on the disk when it returns. Its number, or -errno.
int journal_begin(struct journal *j, const struct edit *e, const struct inventory *back);
// what: "failed" or "undone". If the record can't be written, nothing is lost: the next start finds nothing to undo.
void journal_end(struct journal *j, unsigned number, const char *what);
// All so far stays as it is.
int journal_keep(struct journal *j);

#endif
