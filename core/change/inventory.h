// SPDX-License-Identifier: GPL-3.0-or-later
// What exists in a network namespace, as the edits that would make it: links, addresses, routes of all tables, rules,
// sysctls. Pure.
#ifndef BINDWALK_INVENTORY_H
#define BINDWALK_INVENTORY_H

#include "core/change/edit.h"

// Each link has one EDIT_LINK, one EDIT_UP, one EDIT_MASTER and one EDIT_MTU in it.
struct inventory {
	struct edit *edits;
	size_t n, cap;
};

enum { INVENTORY_ALL = (1 << EDIT_KINDS) - 1 };

void inventory_free(struct inventory *s);
int inventory_add(struct inventory *s, const struct edit *e); // 0 or -ENOMEM

// The one that speaks of the same object, or NULL.
const struct edit *inventory_find(const struct inventory *s, const struct edit *e);
// The same, quickly where one asks for many in the order of the inventory; *hint begins as 0.
const struct edit *inventory_find_from(const struct inventory *s, const struct edit *e, size_t *hint);
// Is the state as after e? True for a `del` if the object does not exist.
bool inventory_holds(const struct inventory *s, const struct edit *e);
// Is the state what it was before, of which b is a part? Unlike `route del PREFIX` from a user, a deletion is of that
// thing alone.
bool inventory_is_back(const struct inventory *s, const struct edit *b, size_t *hint);

enum inventory_compare {
	INVENTORY_OURS = 0,
	// Count what the kernel makes on its own, and may still be making:
	INVENTORY_LOST = 1,
	INVENTORY_NEW = 2,
	INVENTORY_OBJECTS = 4 // ignore properties, such as flags that the kernel changes
};

// Appends to `out`, in order, what leads from `now` to `then`; `how` is a set of enum inventory_compare. 0 or -ENOMEM.
int inventory_difference(const struct inventory *now, const struct inventory *then, unsigned how,
			 struct inventory *out);

#endif
