// SPDX-License-Identifier: GPL-3.0-or-later
// Namespaces of its own for a piece of a test, and commands run there.
#ifndef BINDWALK_CASE_WORLD_H
#define BINDWALK_CASE_WORLD_H

#include <stdbool.h>

// Runs `run` in new network and mount namespaces, and with `apart` as the first process of a new PID namespace, with a
// /proc of its own: whatever it started ends with it then. Returns its result, or -1 when it ended otherwise or the
// namespaces are refused. It ends with the caller.
int world_run(int (*run)(void *), void *arg, bool apart);

// What sh makes of a command: its standard output, allocated, and its exit status (128 + N for signal N). With
// `columns`, both outputs are a terminal of that width. Standard error is the caller's otherwise.
char *shell_output(const char *command, int columns, int *status);

// A word quoted for sh, added to a text of `size` bytes.
void shell_quote(char *text, unsigned long size, const char *word);

#endif
