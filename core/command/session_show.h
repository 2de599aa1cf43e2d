// SPDX-License-Identifier: GPL-3.0-or-later
// Lists and help.
#ifndef BINDWALK_SESSION_SHOW_H
#define BINDWALK_SESSION_SHOW_H

#include "core/command/job.h"

enum exit_status job_show(struct job *r);
enum exit_status job_help(struct job *r);

#endif
