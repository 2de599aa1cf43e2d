// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts, and the shell: the command language without a screen.
#ifndef BINDWALK_RUN_H
#define BINDWALK_RUN_H

// "bindwalk run ...": argv[0] is "run". Returns the exit status.
int run_main(int argc, char **argv);

#endif
