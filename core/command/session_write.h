// SPDX-License-Identifier: GPL-3.0-or-later
// Saving what was seen: write.
#ifndef BINDWALK_SESSION_WRITE_H
#define BINDWALK_SESSION_WRITE_H

#include "core/command/job.h"

// A walk, a comparison or a matrix, as text, Markdown or JSON, by the name of the file.
enum exit_status job_write(struct job *r);

#endif
