// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk watch`: every bind on this host as it happens, or those of a file.
#ifndef BINDWALK_TUI_WATCH_H
#define BINDWALK_TUI_WATCH_H

// argv[0] is the subcommand. Returns the exit status.
int watch_main(int argc, char **argv);

#endif
