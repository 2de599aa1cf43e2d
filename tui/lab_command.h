// SPDX-License-Identifier: GPL-3.0-or-later
// A command in the lab that this process is in.
#ifndef BINDWALK_LAB_COMMAND_H
#define BINDWALK_LAB_COMMAND_H

// Runs it closed off from everything outside, and ends with its status as a shell has it: 128 and the number of a
// signal, 126 for what can't be executed, 127 for what was not found; EXIT_MISSING, with a line on standard error,
// where it can't be closed off. The command gets the signals that come here, and stops as a job of the shell together
// with this process; whatever runs in the lab ends with this process, however that ends.
_Noreturn void lab_command(char **argv);

#endif
