// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts, and the shell: the command language without a screen.
#ifndef BINDWALK_RUN_H
#define BINDWALK_RUN_H

#include <stdio.h>

#include "core/command/session.h"
#include "core/text/report.h"

// "bindwalk run ...": argv[0] is "run". Returns the exit status.
int run_main(int argc, char **argv);

// Carries out the lines of a file. `name` is how errors call it. The first line that does not end well stops it, and is told on
// `errors` with its place. Returns how it ended.
enum exit_status run_file(struct session *s, FILE *in, const char *name, const struct session_out *out, FILE *errors);

// "NAME:LINE:COLUMN: sentence", the line, and a caret under the place.
void run_complain(const char *name, unsigned line_number, const char *line, const struct session_error *error,
		  FILE *out);

#endif
