// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk compare`: a bind beside its counterpart or another one, and the matrix, printed once.
#ifndef BINDWALK_COMPARE_ONCE_H
#define BINDWALK_COMPARE_ONCE_H

// argv[0] is "compare". Returns the exit status: 1 if both binds end differently.
int compare_main(int argc, char **argv);

#endif
