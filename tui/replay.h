// SPDX-License-Identifier: GPL-3.0-or-later
// The subcommand `replay`: shows a recording, and does nothing else with it.
#ifndef BINDWALK_REPLAY_H
#define BINDWALK_REPLAY_H

// argv[0] is "replay". Returns the exit status.
int replay_main(int argc, char **argv);

#endif
