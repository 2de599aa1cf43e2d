// SPDX-License-Identifier: GPL-3.0-or-later
// explain --wait: the walk as soon as the bind succeeds, and what happened until then.
#ifndef BINDWALK_EXPLAIN_WAIT_H
#define BINDWALK_EXPLAIN_WAIT_H

#include "core/command/exit_status.h"
#include "core/evidence/await.h"
#include "core/text/report.h"

// Waits `limit` milliseconds (-1: for as long as it takes) and prints, as text line by line. The observer must not
// follow yet; `in` is freed.
enum exit_status explain_wait(struct observer *o, struct inquiry *in, const struct attempt *a,
			      const struct evidence_how *how, int64_t limit, bool json, struct report_style style);

#endif
