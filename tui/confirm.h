// SPDX-License-Identifier: GPL-3.0-or-later
// Asking, line by line on a terminal, before a host is changed.
#ifndef BINDWALK_CONFIRM_H
#define BINDWALK_CONFIRM_H

#include "core/change/editor.h"
#include "core/command/script.h"

enum { CONFIRM_TOO_SOON_MS = 100 }; // nobody reads a question in less: it would be the rest of a paste

struct confirm {
	bool yes;      // everything is confirmed already
	bool terminal; // somebody can be asked
	char **lines;  // what was confirmed together, as edit_shell() prints it
	size_t nlines;
};

// Shows all changes of a script, and asks once. The script then stands at its beginning. False when they were not
// confirmed, with a line on standard error.
bool confirm_script(struct confirm *c, struct script *script);
void confirm_free(struct confirm *c);
// An editor_confirm; data is a struct confirm. What is not confirmed yet is asked about.
bool confirm_edit(const struct edit *e, void *data);

#endif
