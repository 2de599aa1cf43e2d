// SPDX-License-Identifier: GPL-3.0-or-later
// One walk as text or JSON, without a screen.
#ifndef BINDWALK_EXPLAIN_H
#define BINDWALK_EXPLAIN_H

#include <stdio.h>

#include "core/evidence/evidence.h"
#include "core/evidence/witness.h"
#include "core/model/walk.h"
#include "core/text/report.h"

// Exit statuses of every one-shot run; the man page lists them.
enum exit_status {
	EXIT_BINDS = 0,    // the bind succeeds
	EXIT_REFUSED = 1,  // it is refused
	EXIT_WRONG = 2,    // the request is wrong
	EXIT_DISAGREE = 3, // model and kernel disagree
	EXIT_MISSING = 4   // something that was needed is missing
};

// The status that a walk ends with.
enum exit_status explain_status(const struct walk *w);

// Resolves the scope's name to an index. 0, or -EINVAL with a sentence that names what is accepted.
int explain_resolve(const struct host *h, struct attempt *a, char *err, size_t errlen);

// Standard output may colour: the wish (auto, always, never), NO_COLOR and the terminal decide.
struct report_style explain_style(const char *color, bool ascii, FILE *out);

// "bindwalk explain ...": argv[0] is "explain".
int explain_main(int argc, char **argv);

// Prints one line on standard error: "bindwalk: ...". Control characters of what was given show as '?'.
__attribute__((format(printf, 1, 2))) void complain(const char *fmt, ...);

// What getopt_long() refused with `key` ('?' or ':'), for a caller with `opterr` 0. The command is "" or " explain", ...
void complain_option(int key, const char *option, const char *command);

// Flushes standard output. 0, or EXIT_MISSING when something could not be written, complained about.
int finish_output(void);

#endif
