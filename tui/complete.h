// SPDX-License-Identifier: GPL-3.0-or-later
// Completions of a typed line. Pure.
#ifndef BINDWALK_COMPLETE_H
#define BINDWALK_COMPLETE_H

#include "tui/app.h"

enum { COMPLETE_TEXT = 128, COMPLETE_MOST = 200 };

struct candidates {
	size_t count, cap;
	char (*text)[COMPLETE_TEXT]; // each is the whole word
	bool more;                   // there were more than COMPLETE_MOST
	bool file;                   // the name of a file may stand there
};

// The words that fit at line[start] and complete line[start..end).
void complete_line(const struct app *app, enum prompt_kind kind, const char *line, size_t start, size_t end,
		   struct candidates *out);
void candidates_free(struct candidates *c);

#endif
