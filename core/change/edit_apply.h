// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a change.
#ifndef BINDWALK_EDIT_APPLY_H
#define BINDWALK_EDIT_APPLY_H

#include "core/change/change.h"
#include "core/change/edit.h"

// Makes it. 0 or -errno as the kernel gave it; change_why() has its words.
int edit_apply(struct changer *c, const struct edit *e);
// The same for what was there before: a route whose preferred source is not local any more is made without it.
int edit_apply_anew(struct changer *c, const struct edit *e);

#endif
