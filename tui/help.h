// SPDX-License-Identifier: GPL-3.0-or-later
// Topics, and what the tables know of a name, as text.
#ifndef BINDWALK_HELP_H
#define BINDWALK_HELP_H

// "bindwalk help ...": argv[0] is "help". Returns the exit status.
int help_main(int argc, char **argv);

#endif
