// SPDX-License-Identifier: GPL-3.0-or-later
// What exists in a network namespace, as the edits that would make it: links, addresses, routes of all tables, rules, sysctls.
#ifndef BINDWALK_SCENE_H
#define BINDWALK_SCENE_H

#include "core/edit.h"

// Each link has one EDIT_LINK, one EDIT_UP, one EDIT_MASTER and one EDIT_MTU in it.
struct scene {
	struct edit *edits;
	size_t n, cap;
};

enum { SCENE_ALL = (1 << EDIT_KINDS) - 1 };

typedef bool scene_wants(const struct edit *fact, void *data);

// Reads what there is in the namespace of the calling thread: of the kinds in a set of 1 << edit_kind, what `wants` (NULL: all)
// takes. 0 or -errno; then *out is empty.
int scene_read(struct scene *out, unsigned kinds, scene_wants *wants, void *data);
// What of the namespace it takes to tell how to take e back; or, with `back`, whether that is done.
int scene_read_around(struct scene *out, const struct edit *e, const struct scene *back);

// The rest is pure.
void scene_free(struct scene *s);
int scene_add(struct scene *s, const struct edit *e); // 0 or -ENOMEM

// The one that speaks of the same object, or NULL.
const struct edit *scene_find(const struct scene *s, const struct edit *e);
// The same, quickly where one asks for many in the order of the scene; *hint begins as 0.
const struct edit *scene_find_from(const struct scene *s, const struct edit *e, size_t *hint);
// Is the state what it is after e? A `del` holds where there is no such object.
bool scene_holds(const struct scene *s, const struct edit *e);
// Is the state what it was before, of which b is a part? Unlike `route del PREFIX` from a user, a deletion is of that thing alone.
bool scene_is_back(const struct scene *s, const struct edit *b);
// Makes the deletion of a route or rule one of the very thing that the kernel takes for it: the first that fits.
void scene_resolve(const struct scene *now, struct edit *e);
// Does making e take the fact away, or change it, along with what it is about?
bool scene_endangers(const struct edit *e, const struct edit *fact);

// Does the kernel hand this sysctl's value on to others, or does it take addresses away? Then more than itself is around it.
bool scene_sysctl_spreads(const char *name);

// Appends to `out`, in order, what takes e back if it is made in `now`: its opposite, then whatever the kernel may take away
// along with it, and in either case what has the same key as a route or rule, in their order. Each is to be made only where it
// does not hold by then. 0; -EEXIST or -ENOENT when there is nothing to make or to take away; -EALREADY when e holds already
// and makes no difference; -EOPNOTSUPP when there is no way back; with a sentence in err. -ENOMEM.
int scene_inverse(const struct scene *now, const struct edit *e, struct scene *out, char *err, size_t errlen);

// What of that which the kernel makes by itself counts: a difference may be on its way still.
enum scene_by_kernel { SCENE_OURS, SCENE_LOST = 1, SCENE_NEW = 2 };

// Appends to `out`, in order, what leads from `now` to `then`; a set of enum scene_by_kernel. 0 or -ENOMEM.
int scene_difference(const struct scene *now, const struct scene *then, unsigned by_kernel, struct scene *out);

#endif
