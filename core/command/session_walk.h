// SPDX-License-Identifier: GPL-3.0-or-later
// Binding, and looking at the walk: bind, step, detail, expect.
#ifndef BINDWALK_SESSION_WALK_H
#define BINDWALK_SESSION_WALK_H

#include "core/command/job.h"

// What all say that need an address.
extern const char job_no_address[];

// The walk of the present attempt: predicted, when nothing was bound since it changed.
enum exit_status job_walk(struct job *r);
// The walk, printed and as JSON.
void job_add_walk(struct job *r);

enum exit_status job_bind(struct job *r);
// The bind and what comes after it: listen, connect.
enum exit_status job_next(struct job *r);
enum exit_status job_step(struct job *r);
enum exit_status job_detail(struct job *r);
enum exit_status job_expect(struct job *r);

#endif
