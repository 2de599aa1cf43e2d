// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody is asked about before a host is changed, and what the answer may be. Pure.
#ifndef BINDWALK_CONSENT_H
#define BINDWALK_CONSENT_H

#include "core/change/edit.h"

enum editor_act {
	EDITOR_MAKE, // the change, as edit_shell() prints it
	EDITOR_KEEP, // all changes so far stay
	EDITOR_UNDO  // the last change, or all
};

enum editor_consent {
	EDITOR_NO,
	EDITOR_YES,    // was agreed to before
	EDITOR_YES_NOW // was asked at this moment, which took a while
};

// The edit is NULL but for EDITOR_MAKE.
typedef enum editor_consent editor_confirm(enum editor_act act, const struct edit *edit, void *data);

#endif
