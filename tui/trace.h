// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk trace`: every bind of a program that it starts, or of one that runs.
#ifndef BINDWALK_TUI_TRACE_H
#define BINDWALK_TUI_TRACE_H

// argv[0] is the subcommand. Returns the exit status.
int trace_main(int argc, char **argv);

#endif
