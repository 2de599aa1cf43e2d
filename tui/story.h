// SPDX-License-Identifier: GPL-3.0-or-later
// The story of non-local binds as text, told by live binds in the lab that this process is in.
#ifndef BINDWALK_STORY_H
#define BINDWALK_STORY_H

#include "tui/explain.h"

// Makes the changes that it tells of, in the lab only. EXIT_BINDS when every walk agreed with the kernel.
enum exit_status story_tell(struct report_style style, FILE *out);

#endif
