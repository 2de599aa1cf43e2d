// SPDX-License-Identifier: GPL-3.0-or-later
// The subcommand `replay`: shows a recording, and does nothing else with it.
#ifndef BINDWALK_REPLAY_H
#define BINDWALK_REPLAY_H

#include "core/command/exit_status.h"
#include "core/record/recording.h"
#include "core/text/row_print.h"
#include "tui/explorer.h"

// argv[0] is "replay". Returns the exit status.
int replay_main(int argc, char **argv);
// As text, or as JSON: an object for each frame. `name` stands for a title that there is none of.
enum exit_status replay_print(const struct recording *r, const char *name, bool json, struct report_style style);
// In the explorer. Returns the exit status.
int replay_explore(const struct explorer_options *o);

#endif
