// SPDX-License-Identifier: GPL-3.0-or-later
// Undo and reset.
#ifndef BINDWALK_EDITOR_UNDO_H
#define BINDWALK_EDITOR_UNDO_H

#include <stdbool.h>
#include <stddef.h>

struct editor;

// Undoes the last change, with those that it is joined to, or all. How many were undone; -ENODATA when there is none;
// -errno with a sentence in err about the first that can't be undone, which stays in the list. What somebody else has
// changed since is left alone, and `err` says so even if the result is not an error (otherwise it is "").
int editor_undo(struct editor *e, bool all, char *err, size_t errlen);

// In a lab: back to the state at editor_open(), whoever changed it since. 0; -EPERM with a journal; -errno with a
// sentence in err.
int editor_reset(struct editor *e, char *err, size_t errlen);

#endif
