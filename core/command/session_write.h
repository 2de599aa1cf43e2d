// SPDX-License-Identifier: GPL-3.0-or-later
// Saving what was seen: write.
#ifndef BINDWALK_SESSION_WRITE_H
#define BINDWALK_SESSION_WRITE_H

#include "core/command/job.h"

// Writes a walk, a comparison or a matrix; the file's name chooses text, Markdown or JSON.
enum exit_status job_write(struct job *r);

#endif
