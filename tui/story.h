// SPDX-License-Identifier: GPL-3.0-or-later
// The story of nonlocal binds as text on standard output, shown by live binds.
#ifndef BINDWALK_STORY_H
#define BINDWALK_STORY_H

#include <stdbool.h>

#include "core/command/exit_status.h"
#include "core/text/report.h"

// Makes the changes that it tells of, in the lab only; without one, it leaves out what needs them. EXIT_OK when every
// walk agreed with the kernel.
enum exit_status story_tell(struct report_style style, bool lab);

#endif
