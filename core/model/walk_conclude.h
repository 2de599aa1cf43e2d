// SPDX-License-Identifier: GPL-3.0-or-later
// Whether all that was merged into a walk fits what the model says. Pure.
#ifndef BINDWALK_WALK_CONCLUDE_H
#define BINDWALK_WALK_CONCLUDE_H

#include "core/model/walk.h"

// Sets agreement and code, once everything is merged.
void walk_conclude(struct walk *w);
// Model and kernel disagree, or a hook seems to be there, but the host went on changing: then neither is wrong.
void walk_changed(struct walk *w);
// The same where the host was read only after the bind.
void walk_changed_since(struct walk *w);
// Model and kernel disagree, and the host can't be read again to see whether it has changed.
void walk_unchecked(struct walk *w);

#endif
