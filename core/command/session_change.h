// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of the namespace: making, undoing, keeping them.
#ifndef BINDWALK_SESSION_CHANGE_H
#define BINDWALK_SESSION_CHANGE_H

#include "core/command/job.h"

enum session_result job_change(struct job *r);
enum session_result job_undo(struct job *r);
enum session_result job_reset(struct job *r);
enum session_result job_keep(struct job *r);

#endif
