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
//
// What a journal says is used only if nobody else can have written it (core/change/own_file.h), it is of bounded size,
// each of its lines is understood, and each way back is the opposite of its change. A journal that fails this is left
// as it is, and nothing in it is undone. Its name has the boot in it: those of another boot, which may be another
// host's that shares this home, are neither read nor removed.
#ifndef BINDWALK_JOURNAL_H
#define BINDWALK_JOURNAL_H

#include "core/change/journal_file.h"

enum { JOURNAL_ERROR = 512 }; // room for a sentence with a path in it

// A new journal for the namespace of the calling thread. 0, or -errno with a sentence in err that names the path.
int journal_open(struct journal **out, char *err, size_t errlen);
// Removes the file when nothing in it is left to undo and it is still ours. NULL is fine.
void journal_close(struct journal *j);

// The changes that are still to be undone, oldest first, in an adopted journal of which none is over yet. NULL at the
// end; valid until the next call with this journal.
struct journal_change *journal_at(struct journal *j, size_t n);
const char *journal_path(const struct journal *j);

// Writes a change down, on the disk when it returns. Its number; -EFBIG when the journal is full; -ENOENT when somebody
// removed the file; another -errno. After an error the file is as before.
int journal_begin(struct journal *j, const struct edit *e, const struct inventory *back);
// what: "failed" or "undone". If the record can't be written, nothing is lost: the next start finds nothing to undo.
void journal_end(struct journal *j, unsigned number, const char *what);
// All so far stays as it is.
int journal_keep(struct journal *j);

#endif
