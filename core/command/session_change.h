// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of the namespace: making, undoing, keeping them.
#ifndef BINDWALK_SESSION_CHANGE_H
#define BINDWALK_SESSION_CHANGE_H

#include "core/command/job.h"

enum exit_status job_change(struct job *r);
enum exit_status job_undo(struct job *r);
enum exit_status job_reset(struct job *r);
enum exit_status job_keep(struct job *r);

#endif
