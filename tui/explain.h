// SPDX-License-Identifier: GPL-3.0-or-later
// One walk as text or JSON, without a screen.
#ifndef BINDWALK_EXPLAIN_H
#define BINDWALK_EXPLAIN_H

#include <stdio.h>

#include "core/command/exit_status.h"
#include "core/model/walk.h"
#include "core/text/report.h"

// The status that a walk ends with.
enum exit_status explain_status(const struct walk *w);

// Standard output may colour: the wish (auto, always, never), NO_COLOR and the terminal decide.
struct report_style explain_style(const char *color, bool ascii, FILE *out);

// "bindwalk explain ...": argv[0] is "explain".
int explain_main(int argc, char **argv);

#endif
