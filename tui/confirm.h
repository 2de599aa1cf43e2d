// SPDX-License-Identifier: GPL-3.0-or-later
// Asking, line by line on a terminal, before a host is changed.
#ifndef BINDWALK_CONFIRM_H
#define BINDWALK_CONFIRM_H

#include "core/change/editor.h"
#include "core/command/script.h"

// What a line of a script was shown to do.
struct confirmed {
	unsigned line;
	enum editor_act act;
	char *text;       // of a change, as edit_shell() prints it, unless only its moment tells
	const char *more; // said behind it, "" for nothing
	bool spent;       // consent is for once
};

struct confirm {
	bool yes;      // everything is confirmed already
	bool by_hand;  // each line was typed by who is asked: an undo needs no question
	unsigned line; // of the script, that is carried out now
	struct confirmed *shown;
	size_t n;
};

// Shows every line of a script, read whole, that changes the host or decides what becomes of its changes, and asks
// for consent to them, by screenfuls. The script then stands at its beginning. -1 to go
// on, else the exit status with a line on standard error: nothing is carried out of a script with a line that is none.
int confirm_script(struct confirm *c, struct script *script);
void confirm_free(struct confirm *c);
// An editor_confirm; data is a struct confirm. It asks about each change that the line itself did not show.
enum editor_consent confirm_act(enum editor_act act, const struct edit *e, void *data);

#endif
