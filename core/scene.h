// SPDX-License-Identifier: GPL-3.0-or-later
// What exists in a network namespace, as the edits that would make it: links, addresses, routes of all tables, rules, sysctls.
#ifndef BINDWALK_SCENE_H
#define BINDWALK_SCENE_H

#include "core/edit.h"

struct scene {
	struct edit *edits; // in an order in which they can be made
	size_t n, cap;
};

// Reads what there is in the namespace of the calling thread. 0 or -errno; then *out is empty.
int scene_read(struct scene *out);
void scene_free(struct scene *s);
int scene_add(struct scene *s, const struct edit *e); // 0 or -ENOMEM

// The one that speaks of the same object, or NULL.
const struct edit *scene_find(const struct scene *s, const struct edit *e);
// Is the state what it is after e? A `del` holds where there is no such object.
bool scene_holds(const struct scene *s, const struct edit *e);

// Appends to `out`, in order, what takes e back if it is made in `now`: its opposite, then whatever the kernel may take away
// along with it. Each counts only where it does not hold by then. 0; -EOPNOTSUPP with a sentence in err when there is no way
// back; -errno.
int scene_inverse(const struct scene *now, const struct edit *e, struct scene *out, char *err, size_t errlen);

// Appends to `out`, in order, what leads from `now` to `then`. 0 or -ENOMEM.
int scene_difference(const struct scene *now, const struct scene *then, struct scene *out);

#endif
