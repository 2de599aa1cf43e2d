// SPDX-License-Identifier: GPL-3.0-or-later
// As whom a traced command runs: `bindwalk trace --user NAME`.
#ifndef BINDWALK_TRACE_USER_H
#define BINDWALK_TRACE_USER_H

#include "core/trace/launch.h"
#include "tui/output.h"

// Looks the name up, with all groups. EXIT_OK, or a line on standard error. The caller calls trace_user_free().
enum exit_status trace_user_find(const char *name, struct launch_user *out);
void trace_user_free(struct launch_user *u);

// The name of the real user, to be freed; a number where there is none. NULL when memory ran out.
char *trace_user_own(void);

#endif
