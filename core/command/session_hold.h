// SPDX-License-Identifier: GPL-3.0-or-later
// hold and release, and what undo, reset and keep do with what is held.
#ifndef BINDWALK_SESSION_HOLD_H
#define BINDWALK_SESSION_HOLD_H

#include "core/command/job.h"

enum exit_status job_hold(struct job *r);
enum exit_status job_release(struct job *r);

// How many changes of the session can be undone, holds among them.
size_t session_changes(const struct session *s);
// Releases the last hold if nothing was changed after it, or with `all` all that can be undone. How many.
int session_undo_holds(struct job *r, bool all);
// Releases all of them, or all that were not kept, and says what stays.
void session_release_all(struct job *r, bool kept);

#endif
