// SPDX-License-Identifier: GPL-3.0-or-later
// Taking changes back.
#ifndef BINDWALK_EDITOR_UNDO_H
#define BINDWALK_EDITOR_UNDO_H

#include "core/change/editor.h"

// Takes back the last change, or all: the number of changes taken back; -ENODATA when there is none; -errno with a sentence in
// err on the first that can't be, and stays in the list. What somebody else has changed since is left alone, and `err` says so
// even where the result is no error ("" else).
int editor_undo(struct editor *e, bool all, char *err, size_t errlen);

#endif
