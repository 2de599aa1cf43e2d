// SPDX-License-Identifier: GPL-3.0-or-later
// The subcommand `replay`: shows a recording, and does nothing else with it.
#ifndef BINDWALK_REPLAY_H
#define BINDWALK_REPLAY_H

#include "core/text/row_print.h"
#include "tui/explorer.h"

// argv[0] is "replay". Returns the exit status.
int replay_main(int argc, char **argv);
// Where there is no lab for a lesson or a talk: what the kernel answered where it was recorded, in the explorer, which
// looks as *o says. False: it has no recording. *status gets the exit status.
bool replay_lesson(const char *what, const struct explorer_options *o, int *status);
// The same as text or JSON; `title` stands for one that the recording has none of.
bool replay_lesson_print(const char *what, const char *title, bool json, struct report_style style, int *status);

#endif
