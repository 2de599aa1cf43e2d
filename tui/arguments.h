// SPDX-License-Identifier: GPL-3.0-or-later
// A command line being read.
#ifndef BINDWALK_ARGUMENTS_H
#define BINDWALK_ARGUMENTS_H

#include "core/command/cli.h"

// As cli_parse(), but what is wrong is complained about, and --help answered. -1 to go on, else the exit status.
int arguments_read(enum cli_command c, int argc, char **argv, cli_take *take, void *data, struct cli_line *out);

#endif
