// SPDX-License-Identifier: GPL-3.0-or-later
// What exists in a network namespace, as the edits that would make it: links, addresses, routes of all tables, rules, sysctls.
// Pure.
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
// Is the state what it is after e? A `del` holds where there is no such object.
bool inventory_holds(const struct inventory *s, const struct edit *e);
// Is the state what it was before, of which b is a part? Unlike `route del PREFIX` from a user, a deletion is of that thing alone.
bool inventory_is_back(const struct inventory *s, const struct edit *b);
// Does making e take the fact away, or change it, along with what it is about?
bool inventory_endangers(const struct edit *e, const struct edit *fact);

// Does the kernel hand this sysctl's value on to others, or does it take addresses away? Then more than itself is around it.
bool inventory_sysctl_spreads(const char *name);

// What of that which the kernel makes by itself counts: a difference may be on its way still.
enum inventory_by_kernel { SCENE_OURS, SCENE_LOST = 1, SCENE_NEW = 2 };

// Appends to `out`, in order, what leads from `now` to `then`; a set of enum inventory_by_kernel. 0 or -ENOMEM.
int inventory_difference(const struct inventory *now, const struct inventory *then, unsigned by_kernel,
			 struct inventory *out);

#endif
