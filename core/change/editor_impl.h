// SPDX-License-Identifier: GPL-3.0-or-later
// Inside the editor: what core/change/editor*.c share.
#ifndef BINDWALK_EDITOR_IMPL_H
#define BINDWALK_EDITOR_IMPL_H

#include "core/change/change.h"
#include "core/change/consent.h"
#include "core/change/journal.h"

struct made {
	struct edit edit;
	struct inventory back;
	struct journal *journal; // NULL in a lab
	unsigned number;
	bool joined; // belongs to the one before it
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
// Empties the list of changes to undo.
void editor_forget(struct editor *e);

#endif
