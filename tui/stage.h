// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk stage`: a talk for a room.
#ifndef BINDWALK_STAGE_H
#define BINDWALK_STAGE_H

#include "tui/explorer.h"

// argv[0] is "stage". The talk is handed to explore(), with `o` for its lab, that was entered. The exit status.
int stage_main(int argc, char **argv, struct explorer_options *o, int (*explore)(struct explorer_options *o));

#endif
