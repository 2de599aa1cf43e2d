// SPDX-License-Identifier: GPL-3.0-or-later
// Command lines of the program.
#ifndef BINDWALK_ARGUMENTS_H
#define BINDWALK_ARGUMENTS_H

#include "core/command/cli.h"
#include "tui/explorer.h"

// cli_parse() that also prints errors and answers --help. -1 to go on, else the exit status.
int arguments_read(enum cli_command c, int argc, char **argv, cli_take *take, void *data, struct cli_line *out);
// The options that say how the explorer looks: --color, --ascii, --mouse.
void arguments_look(const struct cli_line *line, struct explorer_options *o);

#endif
