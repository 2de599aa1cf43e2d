// SPDX-License-Identifier: GPL-3.0-or-later
// Is what came out of a run with a fault as good as that without, or honestly less?
#ifndef BINDWALK_JUDGE_H
#define BINDWALK_JUDGE_H

#include <stdbool.h>

#include "tests/faults/supervise.h"

enum { TEXT = 1 << 16, WHY = 4096 };

struct outcome {
	char out[TEXT], err[TEXT];
	int status; // as waitpid() gives it
	bool hangs;
	bool left; // a terminal that was not restored
	bool said; // the explorer said that it is out of memory
};

enum judgement { ANSWER, JSON, LINES, JSON_LINES, EDIT, SCREEN };

int code_of(const struct outcome *o); // the exit status, -1 for none
// `in_library`: readline or curses made the call. `why` has room for WHY bytes and says what is wrong.
bool judge(enum judgement kind, const struct site *at, bool in_library, const struct outcome *good,
	   const struct outcome *got, char *why);
// The namespace as text, in TEXT bytes.
char *print_namespace(char *out);
// A change neither undone nor kept is in a journal, and can be undone: `before` and `good` are as print_namespace()
// gives them, before the run and after the one without a fault.
bool judge_namespace(const char *before, const char *good, char *why);

#endif
