// SPDX-License-Identifier: GPL-3.0-or-later
// Inside the editor: core/change/editor*.c.
#ifndef BINDWALK_EDITOR_IMPL_H
#define BINDWALK_EDITOR_IMPL_H

#include "core/change/change.h"
#include "core/change/editor.h"
#include "core/change/journal.h"

enum {
	ROUNDS = 5, // a change may bring others about: read again, at most so often
	WAITS = 10, // what the kernel makes along with an interface or address comes a moment later
	WAIT_NS = 5000000
};

struct made {
	struct edit edit;
	struct inventory back;
	struct journal *journal; // NULL in a lab
	unsigned number;
	bool half;    // taking it back was begun before
	bool perhaps; // nobody knows if it was made
};

struct editor {
	struct changer *changer;
	struct journal *journal;  // NULL in a lab
	struct journal **adopted; // of processes that are gone
	size_t nadopted;
	struct inventory first; // in a lab
	editor_confirm *confirm;
	void *confirm_data;
	struct made *made;
	size_t n, cap;
};

// rc, and a sentence on the change that was refused with it, with the kernel's own words.
int editor_refused(struct editor *e, int rc, const struct edit *edit, char *err, size_t errlen);
// Empties the list of what can be undone.
void editor_forget(struct editor *e);
// Makes what does not hold in `now` yet (NULL: all), in order; what needs something that comes later gets another turn. A route
// never takes the place of one with its key. 0, or -errno with a sentence in err.
int editor_make_all(struct editor *e, const struct inventory *now, const struct inventory *wanted, char *err,
		    size_t errlen);

#endif
